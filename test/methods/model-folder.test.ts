import { strict as assert } from "node:assert";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { PanelSplit } from "labor-llm/dist/careers/split";
import { DamagedFile, UserError } from "labor-llm/dist/errors";
import { readSafetensors } from "labor-llm/dist/files/safetensors/safetensors-reader";
import {
  fitToFolder,
  type Method,
  methodNamed,
  methods,
  openModelFolder,
  settingsOf,
} from "labor-llm/dist/methods";
import { Random } from "labor-llm/dist/random";
import { literalWording } from "labor-llm/dist/text";
import { flipBit } from "../support/flip-bit";
import { fewYoungMen, fitSmall, smallSettings, writeTinyBase } from "./small-fits";

const CARD = "labor-llm.json";
/** Where it is missing, `transformers` too takes what tokenizer.json says. */
const optional = ["tokenizer_config.json"];

let split: PanelSplit;
let scratch: string;
let base: string;

before(() => {
  split = fewYoungMen();
  scratch = mkdtempSync(join(tmpdir(), "labor-llm-saving-"));
  base = writeTinyBase(join(scratch, "base"), split);
});
after(() => rmSync(scratch, { recursive: true, force: true }));

/** A card's contents without the digest of them. */
const unsealed = (card: string | Buffer) => {
  const { sha256, ...rest } = JSON.parse(card.toString());
  assert.match(sha256, /^[0-9a-f]{64}$/);
  return rest;
};

/** Opening a folder fails with one line that names the file. */
async function refuses(folder: string, file: string): Promise<void> {
  await assert.rejects(openModelFolder(folder), (error: Error) => {
    assert.ok(error instanceof UserError, `${file}: ${error.stack}`);
    assert.ok(error.message.includes(folder) && error.message.includes(file), error.message);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
}

for (const { id } of methods) {
  describe(`A saved model: ${id}`, () => {
    let folder: string;
    const bytes = (file: string) => readFileSync(join(folder, file));
    const files = () => readdirSync(folder).filter((file) => statSync(join(folder, file)).isFile());

    it("predicts to the bit what it predicted before, and as well as its card says", async () => {
      folder = join(scratch, id);
      const {
        model,
        save: _,
        seconds: __,
        ...report
      } = await fitSmall(id, smallSettings(id, base), split, folder);
      const opened = await openModelFolder(folder);
      const { careers } = split.test;
      const [expected, found] = [await model.predict(careers), await opened.model.predict(careers)];
      assert.equal(opened.model.name, model.name);
      assert.deepEqual(found, expected);
      assert.deepEqual(opened.card.report, JSON.parse(JSON.stringify(report)));
      assert.deepEqual(readdirSync(folder).sort(), files().sort(), "checkpoints are left");
      const { validationLoss } = opened.card.report;
      const chooses = !["empirical", "off-the-shelf", "in-context"].includes(id);
      assert.equal(validationLoss !== undefined, chooses);
      if (!chooses || id === "fine-tuned") return; // that one counts by token
      const held = await opened.model.predict(split.validation.careers);
      const J = held.titles.size;
      const losses = Array.from(held.observed, (title, n) => -held.logProbability[n * J + title]);
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      assert.ok(Math.abs(mean - validationLoss!) < 1e-5, `${mean}, and ${validationLoss} on the card`);
    });

    it("is refused in one line where a file is missing, cut or changed, and is a model again with the file", async () => {
      for (const file of files()) {
        const whole = bytes(file);
        writeFileSync(join(folder, file), whole.subarray(0, Math.floor(whole.length / 2)));
        await refuses(folder, file);
        rmSync(join(folder, file));
        await refuses(folder, file);
        if (file !== CARD) {
          const changed = Buffer.from(whole);
          changed[changed.length - 2] ^= 1;
          writeFileSync(join(folder, file), changed);
          await refuses(folder, file);
        }
        writeFileSync(join(folder, file), whole);
      }
      await openModelFolder(folder);
    });

    it("is refused where a file is missing or cut, though its card has no digests", async () => {
      const card = bytes(CARD);
      const { files: names, ...rest } = unsealed(card);
      assert.deepEqual([...Object.keys(names), CARD].sort(), files().sort());
      writeFileSync(join(folder, CARD), JSON.stringify(rest));
      for (const file of Object.keys(names)) {
        const whole = bytes(file);
        writeFileSync(join(folder, file), whole.subarray(0, Math.floor(whole.length / 2)));
        await refuses(folder, file);
        rmSync(join(folder, file));
        if (!optional.includes(file)) await refuses(folder, file);
        writeFileSync(join(folder, file), whole);
      }
      writeFileSync(join(folder, CARD), card);
      await openModelFolder(folder);
    });

    it("is refused in one line under a card of another version, method, settings or titles", async () => {
      const whole = bytes(CARD);
      const card = unsealed(whole);
      const { titles } = card;
      for (const change of [
        { format: 2 },
        { format: "1" },
        { method: "oracle" },
        { settings: { smoothness: 1 } },
        { titles: [...titles, titles[0]] },
      ]) {
        writeFileSync(join(folder, CARD), JSON.stringify({ ...card, ...change }));
        await refuses(folder, CARD);
      }
      writeFileSync(join(folder, CARD), whole);
    });

    it("is refused, or what it was, after any bit of it is turned over", async () => {
      const random = new Random(id);
      const { careers } = split.test;
      const { model, card } = await openModelFolder(folder);
      const expected = await model.predict(careers);
      for (let i = 0; i < 40; i++) {
        const file = files()[i % files().length];
        const restore = flipBit(join(folder, file), random);
        try {
          const opened = await openModelFolder(folder);
          assert.deepEqual(opened.card, card, file);
          assert.deepEqual(await opened.model.predict(careers), expected, file);
        } catch (error) {
          if (!(error instanceof DamagedFile)) throw error;
        }
        restore();
      }
    });
  });
}

describe("A saved model", () => {
  it("is refused with the numbers of another fit", async () => {
    const folder = join(scratch, "markov");
    const other = join(scratch, "other-markov");
    await fitSmall("markov", { order: 1 }, split, other);
    cpSync(join(other, "fitted.safetensors"), join(folder, "fitted.safetensors"));
    await refuses(folder, "fitted.safetensors");
  });

  it("is refused under a card of other titles than its numbers", async () => {
    for (const id of ["empirical", "multinomial-logit", "regression", "embedding-logit"]) {
      const folder = join(scratch, id);
      const path = join(folder, CARD);
      const whole = readFileSync(path);
      const card = unsealed(whole);
      writeFileSync(path, JSON.stringify({ ...card, titles: card.titles.slice(1) }));
      await refuses(folder, "fitted.safetensors");
      writeFileSync(path, whole);
    }
  });

  it("finds its base model from any folder, and refuses another in its place", async () => {
    const home = process.cwd();
    const borrowed = writeTinyBase(join(scratch, "borrowed"), split);
    const folder = join(scratch, "by-relative-path");
    const settings = { base: relative(home, borrowed), k: 1 };
    const { model } = await fitSmall("in-context", settings, split, folder);
    const expected = await model.predict(split.test.careers);
    process.chdir(scratch);
    try {
      const opened = await openModelFolder(folder);
      assert.deepEqual(await opened.model.predict(split.test.careers), expected);
    } finally {
      process.chdir(home);
    }
    writeTinyBase(borrowed, split, 2);
    await refuses(folder, "base.json");
    rmSync(borrowed, { recursive: true });
    await refuses(folder, "base.json");
  });

  it("gives way to a new one only once that is written whole, and leaves nothing behind", async () => {
    const folder = join(scratch, "place");
    await fitSmall("markov", {}, split, folder);
    writeFileSync(join(folder, "notes.txt"), "mine");
    const contents = () =>
      readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]);
    const old = contents();
    const task = { ...split, settings: {}, wording: literalWording, seed: 1 };
    const broken: Method<object> = {
      ...methodNamed("empirical"),
      fit: async () => ({
        ...(await methodNamed("empirical").fit(task)),
        save: (into) => {
          writeFileSync(join(into, "fitted.json"), "{}");
          throw new UserError("the disk is full");
        },
      }),
    };
    await assert.rejects(fitToFolder(broken, task, folder), /the disk is full/);
    assert.deepEqual(contents(), old);
    await fitSmall("off-the-shelf", { base }, split, folder);
    assert.deepEqual(readdirSync(folder).sort(), ["base.json", CARD, "notes.txt"]);
  });

  it("is fitted by one process at a time: another is told who is at it, since when", async () => {
    const folder = join(scratch, "two");
    const lstm = methodNamed("lstm");
    const settings = settingsOf(lstm, smallSettings("lstm", base));
    const fitWith = (seed: number, overwrite?: boolean) =>
      fitToFolder(lstm, { ...split, settings, wording: literalWording, seed }, folder, { overwrite });
    const fits = [1, 2].map((seed) => fitWith(seed));
    const [first, second] = await Promise.allSettled(fits);
    assert.equal(first.status, "fulfilled");
    assert.ok(second.status === "rejected" && second.reason instanceof UserError);
    assert.match(
      second.reason.message,
      /two is in use by process \d+ on .*, since 20\d\d-\S+Z \(.*\.lock\)\. Wait/,
    );
    const { card } = await openModelFolder(folder);
    assert.equal(card.seed, 1);
    assert.ok(!readdirSync(folder).some((name) => name.startsWith(".")));
    await assert.rejects(fitWith(3, false), /a fitted model is there already/);
  });

  it("of in-context learning keeps only the careers that it may show", async () => {
    for (const [settings, kept] of [
      [{ k: 0 }, 0],
      [{ k: 2, choose: "random" }, 3],
      [{ k: 2, choose: "similar" }, 24],
    ] as const) {
      const folder = join(scratch, `in-context-${kept}`);
      const { model } = await fitSmall("in-context", { base, ...settings }, split, folder);
      const { careers } = JSON.parse(readFileSync(join(folder, "examples.json"), "utf8"));
      assert.equal(careers.length, kept);
      const opened = await openModelFolder(folder);
      const some = split.test.careers.slice(0, 2);
      assert.deepEqual(await opened.model.predict(some), await model.predict(some));
    }
  });

  it("of a network holds as many numbers as its card says", () => {
    for (const id of ["bag-of-jobs", "lstm", "career", "fine-tuned"]) {
      const folder = join(scratch, id);
      const { report } = JSON.parse(readFileSync(join(folder, CARD), "utf8"));
      const { tensors } = readSafetensors(join(folder, "model.safetensors"));
      const numbers = [...tensors.values()].reduce((sum, { values }) => sum + values.length, 0);
      assert.equal(report.parameters, numbers, id);
    }
  });
});
