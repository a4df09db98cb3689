import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { splitByPerson } from "labor-llm/dist/careers/split";
import { scoreCareers } from "labor-llm/dist/experiments/score-careers";
import { fitToFolder, methodNamed, openModelFolder, settingsOf } from "labor-llm/dist/methods";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { readLongFormat } from "labor-llm/dist/surveys/long-format";
import { literalWording } from "labor-llm/dist/text";

const waiter = "Maître d'hôtel";

describe("a model of titles with accents", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-unicode-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** The same 30 careers of two years, in one of Unicode's forms. */
  const careersIn = (form: "NFC" | "NFD") => {
    const path = join(folder, `${form}.csv`);
    const rows = Array.from({ length: 30 }, (_, i) => [
      `${i},2000,${waiter}`,
      `${i},2001,${i % 3 === 0 ? "Clerk" : waiter}`,
    ]);
    writeFileSync(path, ["person,year,title", ...rows.flat(), ""].join("\n").normalize(form));
    return readLongFormat(path);
  };

  it("scores a file in another of Unicode's forms as the file it was fitted on, whatever form its card has", async () => {
    const { train, validation } = splitByPerson(careersIn("NFC"), { seed: 1 });
    const method = methodNamed("markov");
    const out = join(folder, "model");
    const settings = settingsOf(method, {}) as object;
    await fitToFolder(method, { train, validation, settings, wording: literalWording, seed: 1 }, out);
    const scored = async (form: "NFC" | "NFD") => {
      const { model, card } = await openModelFolder(out);
      const path = join(folder, `${form}-scores.csv`);
      await scoreCareers(model, new TitleSet(card.titles), careersIn(form).careers, path, {});
      return readFileSync(path, "utf8");
    };
    const expected = await scored("NFC");
    assert.ok(expected.includes(waiter.normalize("NFC")));
    assert.equal(await scored("NFD"), expected);
    const card = join(out, "labor-llm.json");
    // As an earlier version wrote it, without a digest of its own.
    const { sha256: _, ...rest } = JSON.parse(readFileSync(card, "utf8"));
    writeFileSync(card, JSON.stringify(rest).normalize("NFD"));
    assert.equal(await scored("NFD"), expected);
  });
});
