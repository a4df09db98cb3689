import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { commandLine } from "labor-llm/dist/cli";
import { UserError } from "labor-llm/dist/errors";
import { knownBases, resolveBase } from "labor-llm/dist/methods/language/base-models";
import type { KnownBase, PackagedModel } from "labor-llm/dist/methods/language/base-models/known-bases";
import {
  downloadModel,
  downloadUnlessSound,
  isDownloaded,
  packagedFile,
} from "labor-llm/dist/methods/language/base-models/packaged-model";
import { agreeToTerms } from "labor-llm/dist/methods/language/base-models/terms";
import { readLanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { fixture } from "../../../support/paths";

const gemma = knownBases.find(({ name }) => name === "gemma-3-270m")!;

/** A model in two packages, and one with its terms; the order of the packages is not that of the parts. */
const parts = [Buffer.alloc(70_000, "first"), Buffer.from("second")];
const whole = Buffer.concat(parts);
const packaged: PackagedModel = {
  file: "made.gguf",
  bytes: whole.length,
  sha256: createHash("sha256").update(whole).digest("hex"),
  wheels: ["made", "made-part1", "made-part2"].map((name) => ({
    name,
    version: "1.0.0",
    sha256: "0".repeat(64),
  })),
  isPart: /\/made\.gguf\.part\d\d$/,
  isNotice: /\/data\/TERMS\.html$/,
  megabytes: 1,
};
const made: KnownBase = { name: "made", description: "", parameters: 0, license: "", download: packaged };

describe("a base model", () => {
  let folder: string;
  const { PATH, LABOR_LLM_CACHE, LABOR_LLM_ACCEPT_TERMS } = process.env;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-base-"));
    mkdirSync(join(folder, "bin"));
    mkdirSync(join(folder, "wheels"));
    process.env.LABOR_LLM_CACHE = join(folder, "cache");
    delete process.env.LABOR_LLM_ACCEPT_TERMS;
  });
  afterEach(() => {
    for (const [name, value] of Object.entries({ PATH, LABOR_LLM_CACHE, LABOR_LLM_ACCEPT_TERMS })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true });
  });

  /** A python3, the only one on the PATH, whose pip does what the script says where it downloads. */
  function python(download: string): void {
    const script = `#!/bin/sh\ncase "$*" in\n*download*) ${download};;\n*) exit 0;;\nesac\n`;
    writeFileSync(join(folder, "bin", "python3"), script);
    chmodSync(join(folder, "bin", "python3"), 0o755);
    process.env.PATH = `${join(folder, "bin")}:/usr/bin:/bin`;
  }

  /** A pip that delivers the packages, and notes in `calls` that it was asked. */
  function deliver(): void {
    const wheel = (name: string, files: Record<string, Uint8Array>) =>
      writeFileSync(join(folder, "wheels", `${name}-1.0.0-py3-none-any.whl`), zipSync(files));
    wheel("made", {
      "made/__init__.py": Buffer.from("import os"),
      "made/data/TERMS.html": Buffer.from("terms"),
    });
    wheel("made_part1", { "made_part1/data/made.gguf.part01": parts[1] });
    wheel("made_part2", { "made_part2/data/made.gguf.part00": parts[0] });
    const to = 'while [ "$1" != --dest ]; do shift; done';
    python(`echo called >> ${folder}/calls; ${to}; cp ${folder}/wheels/* "$2"`);
  }

  /** What lies in the cache, with staging folders and temporary files. */
  const cached = () =>
    existsSync(join(folder, "cache"))
      ? readdirSync(join(folder, "cache"), { recursive: true, encoding: "utf8" })
          .filter((name) => !/^\w[\w-]*$/.test(name))
          .sort()
      : [];

  const rejected = (promise: Promise<unknown>, message: RegExp) =>
    assert.rejects(promise, (error: Error) => {
      assert.ok(error instanceof UserError, error.stack);
      assert.match(error.message, message);
      return !error.message.includes("\n");
    });

  it("is a name, a Hugging Face folder or a GGUF file; anything else is refused with the names", async () => {
    const tiny = await resolveBase("tiny");
    const { decoder, tokenizer } = tiny.read();
    assert.equal(tokenizer.vocabularySize, decoder.config.vocabularySize);
    assert.match(tiny.license!, /MIT/);
    const byFolder = await resolveBase(tiny.path);
    assert.deepEqual([byFolder.name, byFolder.path], ["base-model", tiny.path]);
    const byFile = await resolveBase(fixture("gguf", "llama-3.gguf"));
    assert.equal(byFile.name, "llama-3");
    const direct = byFile.read();
    byFile.writeFolder(join(folder, "written"));
    tiny.writeFolder(join(folder, "copied"), "F16");
    for (const [name, original] of [
      ["written", direct],
      ["copied", { decoder, tokenizer }],
    ] as const) {
      const copy = readLanguageModel(join(folder, name));
      assert.deepEqual(copy.decoder.config, original.decoder.config);
      for (const [key, variable] of original.decoder.parameters) {
        assert.deepEqual(copy.decoder.parameters.get(key)!.dataSync(), variable.dataSync(), key);
      }
      assert.deepEqual(copy.tokenizer.encode("1979: Cooks\n"), original.tokenizer.encode("1979: Cooks\n"));
      copy.decoder.dispose();
      original.decoder.dispose();
    }
    await rejected(
      resolveBase("gemma-9000"),
      /no base model "gemma-9000"\. Name tiny, gemma-3-270m, a Hugging Face/,
    );
  });

  it("with terms is not had, nor anything downloaded, before they were shown and agreed to", async () => {
    python(`echo called >> ${folder}/calls; exit 1`);
    const lines: string[] = [];
    const say = (line: string) => void lines.push(line);
    const refusal = /only after agreeing to the Gemma Terms of Use \(https:.*LABOR_LLM_ACCEPT_TERMS=gemma/;
    await rejected(resolveBase("gemma-3-270m", { say, ask: async () => "no" }), refusal);
    await rejected(resolveBase("google/gemma-3-270m", { say, ask: async () => "" }), refusal);
    assert.match(
      lines.join("\n"),
      /Gemma Terms of Use, https:\/\/ai\.google\.dev\/gemma\/terms\nUsing the model means agreement/,
    );
    process.env.LABOR_LLM_ACCEPT_TERMS = "other";
    await rejected(agreeToTerms(gemma, { say, ask: async () => "n" }), refusal);
    assert.deepEqual(cached(), []);
    assert.ok(!existsSync(join(folder, "calls")));
  });

  it("remembers an agreement, however it was given, and does not ask again", async () => {
    const ways: [Parameters<typeof agreeToTerms>[1], string, string][] = [
      [{ acceptTerms: true }, "", "--accept-terms"],
      [{ ask: async () => "Yes\n" }, "", "answer"],
      [{}, "other, gemma", "LABOR_LLM_ACCEPT_TERMS"],
    ];
    for (const [options, environment, how] of ways) {
      rmSync(join(folder, "cache"), { recursive: true, force: true });
      process.env.LABOR_LLM_ACCEPT_TERMS = environment;
      let shown = 0;
      const say = () => void shown++;
      await agreeToTerms(gemma, { ...options, say });
      assert.equal(shown, 2);
      process.env.LABOR_LLM_ACCEPT_TERMS = "";
      await agreeToTerms(gemma, { say, ask: () => assert.fail("asked again") });
      assert.equal(shown, 2);
      const record = JSON.parse(readFileSync(join(folder, "cache", "terms", "gemma.json"), "utf8"));
      assert.deepEqual([record.url, record.how], [gemma.terms!.url, how]);
    }
  });

  it("has its terms agreed to by every command that may read a base model, by name, and its kernels know", async () => {
    const commands = [
      ["fine-tune", "--survey", "s", "--out", "m"],
      ["evaluate", "--survey", "s", "--model", "m"],
      ["score", "--model", "m", "--careers", "c", "--out", "o"],
      ["reproduce"],
    ];
    for (const command of commands) {
      delete process.env.LABOR_LLM_ACCEPT_TERMS;
      const program = commandLine();
      for (const child of program.commands) child.action(() => {});
      program.parse([...command, "--accept-terms", "gemma"], { from: "user" });
      assert.equal(process.env.LABOR_LLM_ACCEPT_TERMS, "gemma", command[0]);
    }
    await agreeToTerms(gemma, { say: () => {}, ask: () => assert.fail("asked") });
    const record = JSON.parse(readFileSync(join(folder, "cache", "terms", "gemma.json"), "utf8"));
    assert.deepEqual([record.terms, record.how], ["Gemma Terms of Use", "--accept-terms"]);
    const quiet = commandLine();
    for (const child of quiet.commands) child.configureOutput({ writeErr: () => {} });
    assert.throws(
      () => quiet.parse(["reproduce", "--accept-terms", "lama"], { from: "user" }),
      /"lama" is none of gemma/,
    );
  });

  it("is joined from its packages in the parts' order, with its notices, and nothing else stays", async () => {
    deliver();
    assert.ok(!isDownloaded(made, packaged));
    const path = await downloadModel(made, packaged, () => {});
    assert.equal(path, packagedFile(made, packaged));
    assert.deepEqual(readFileSync(path), whole);
    assert.ok(isDownloaded(made, packaged));
    assert.deepEqual(cached(), [
      "base-models/made",
      "base-models/made/TERMS.html",
      "base-models/made/made.gguf",
    ]);
  });

  it("that is cut short in the cache is downloaded again; several downloads at once make one", async () => {
    deliver();
    mkdirSync(join(folder, "cache", "base-models", "made"), { recursive: true });
    writeFileSync(packagedFile(made, packaged), whole.subarray(1));
    assert.ok(!isDownloaded(made, packaged));
    await Promise.all([1, 2, 3].map(() => downloadModel(made, packaged, () => {})));
    assert.deepEqual(readFileSync(packagedFile(made, packaged)), whole);
    assert.deepEqual(cached(), [
      "base-models/made",
      "base-models/made/TERMS.html",
      "base-models/made/made.gguf",
    ]);
  });

  it("that was damaged in the cache is downloaded again, with a word; a sound one is not", async () => {
    deliver();
    const lines: string[] = [];
    const get = () => downloadUnlessSound(made, packaged, (line) => void lines.push(line));
    const path = packagedFile(made, packaged);
    mkdirSync(join(path, ".."), { recursive: true });
    const damaged = Buffer.from(whole);
    damaged[3] ^= 4;
    writeFileSync(path, damaged);
    await get();
    assert.deepEqual(readFileSync(path), whole);
    assert.match(lines[0], /made\.gguf: damaged \(its SHA-256 is not .*\); it is downloaded again$/);
    assert.equal(lines.length, 2);
    await get();
    assert.equal(lines.length, 2);
    assert.equal(readFileSync(join(folder, "calls"), "utf8"), "called\n");
  });

  it("whose download fails is refused in one line, and leaves nothing behind", async () => {
    const get = (model = packaged) => downloadModel(made, model, () => {});
    const fails: [string, RegExp][] = [
      [
        "echo 'ERROR: Could not find a version: Connection refused' >&2; exit 1",
        /the network does not reach PyPI \(.*pip config list/,
      ],
      [
        "echo 'ERROR: No matching distribution found' >&2; exit 1",
        /pip could not download made \(No matching/,
      ],
      ["echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES' >&2; exit 1", /not the wheel that we pinned/],
      ["echo 'OSError: No space left on device' >&2; exit 1", /the disk is full/],
    ];
    for (const [script, message] of fails) {
      python(script);
      await rejected(get(), message);
      assert.deepEqual(cached(), []);
    }
    deliver();
    await rejected(get({ ...packaged, sha256: "0".repeat(64) }), /do not make the file that we pinned/);
    assert.deepEqual(cached(), []);
    await rejected(get({ ...packaged, bytes: 1e18 }), /GB free/);
    process.env.PATH = join(folder, "wheels");
    await rejected(get(), /Python 3.* is missing/);
  });
});
