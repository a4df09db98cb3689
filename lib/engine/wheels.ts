import { tensorflowVersion, type Variant } from "./cache";

/** A package of PyPI, pinned. */
export interface Wheel {
  name: string;
  version: string;
  sha256: string;
}

/** What pip must download for a platform. */
export interface WheelSet {
  variant: Variant;
  /** Tags of the platform, as in the wheels' names; pip needs each of them said. */
  tags: string[];
  wheels: Wheel[];
  /** Of the download, 10^6 bytes, where it is known. */
  megabytes?: number;
}

const tensorflow = (name: string, sha256: string): Wheel => ({ name, version: tensorflowVersion, sha256 });

const cpu: Record<string, WheelSet> = {
  "linux-x64": {
    variant: "cpu",
    tags: ["manylinux_2_27_x86_64"],
    wheels: [
      tensorflow("tensorflow-cpu", "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb"),
    ],
    megabytes: 274,
  },
  "linux-arm64": {
    variant: "cpu",
    tags: ["manylinux_2_27_aarch64"],
    wheels: [tensorflow("tensorflow", "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552")],
    megabytes: 282,
  },
  "darwin-arm64": {
    variant: "cpu",
    tags: ["macosx_12_0_arm64"],
    wheels: [tensorflow("tensorflow", "56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712")],
    megabytes: 223,
  },
};

/** What the extra `and-cuda` of TensorFlow's wheel asks for, at the versions that pip chose when we pinned them. */
const nvidia: Wheel[] = [
  {
    name: "nvidia-cublas-cu12",
    version: "12.9.3.13",
    sha256: "d7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72",
  },
  {
    name: "nvidia-cuda-cupti-cu12",
    version: "12.8.90",
    sha256: "ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182",
  },
  {
    name: "nvidia-cuda-nvcc-cu12",
    version: "12.9.86",
    sha256: "5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0",
  },
  {
    name: "nvidia-cuda-nvrtc-cu12",
    version: "12.9.86",
    sha256: "210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4",
  },
  {
    name: "nvidia-cuda-runtime-cu12",
    version: "12.9.79",
    sha256: "25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3",
  },
  {
    name: "nvidia-cudnn-cu12",
    version: "9.28.0.42",
    sha256: "9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375",
  },
  {
    name: "nvidia-cufft-cu12",
    version: "11.4.1.4",
    sha256: "c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28",
  },
  {
    name: "nvidia-curand-cu12",
    version: "10.3.10.19",
    sha256: "49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e",
  },
  {
    name: "nvidia-cusolver-cu12",
    version: "11.7.5.82",
    sha256: "15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88",
  },
  {
    name: "nvidia-cusparse-cu12",
    version: "12.5.10.65",
    sha256: "73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78",
  },
  {
    name: "nvidia-nccl-cu12",
    version: "2.32.3",
    sha256: "bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c",
  },
  {
    name: "nvidia-nvjitlink-cu12",
    version: "12.9.86",
    sha256: "e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9",
  },
];

const cuda: Record<string, WheelSet> = {
  "linux-x64": {
    variant: "cuda",
    tags: ["manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"],
    wheels: [
      tensorflow("tensorflow", "b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0"),
      ...nvidia,
    ],
  },
};

/**
 * The sets of wheels that fit a machine, the best first: with CUDA only where an NVIDIA driver is.
 * @param platform Node's names, as in "linux-x64"
 * @returns none where TensorFlow has no wheel that we pinned
 */
export function wheelSets(platform: string, nvidiaDriver: boolean): WheelSet[] {
  const sets = nvidiaDriver ? [cuda[platform], cpu[platform]] : [cpu[platform]];
  return sets.filter((set) => set !== undefined);
}

/** The requirements file that makes pip check each wheel's hash. */
export function requirements(wheels: readonly Wheel[]): string {
  return wheels.map(({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}\n`).join("");
}

/** Tags of the wheels' Python; which Python runs pip does not matter, none of its code is used. */
export const pythonTags = ["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"];

/** Of a wheel's files, those that the engine keeps: TensorFlow's two libraries, NVIDIA's, and what those load. */
export function isEngineFile(path: string): boolean {
  return (
    /^tensorflow\/libtensorflow_(cc|framework)\.(so\.2|2\.dylib)$/.test(path) ||
    (/^nvidia\/[^/]+\/(lib|bin|nvvm)\//.test(path) && !/\.(a|h|py)$/.test(path))
  );
}

/** Those that the compiler needs: the C interface and the layout of strings. */
export function isHeader(path: string): boolean {
  return /^tensorflow\/include\/(tensorflow\/c|(tensorflow\/core|tsl)\/platform|xla\/tsl\/c)\/.*\.h$/.test(
    path,
  );
}
