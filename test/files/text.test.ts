import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { contentChunks } from "labor-llm/dist/files/chunks";
import { readCsv } from "labor-llm/dist/files/csv";
import { parseJson } from "labor-llm/dist/files/json";
import { readJsonObject } from "labor-llm/dist/files/read";
import { decodeText, readText } from "labor-llm/dist/files/text";
import { readNotebook } from "labor-llm/dist/notebook/document";
import { Tokenizer } from "labor-llm/dist/text/tokenizer";
import { withScratchFolder } from "../support/scratch";

describe("a text file", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-text-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("reads the same with any line ends, a byte-order mark, in UTF-8 or Latin-1", () => {
    const expected = "Année\nMañana\nend";
    const variants = [
      Buffer.from("Année\r\nMañana\rend"),
      Buffer.from("\uFEFFAnnée\nMañana\r\nend"),
      Buffer.from("Année\nMañana\nend", "latin1"),
    ];
    for (const bytes of variants) assert.equal(decodeText(bytes), expected);
  });

  it("is unpacked from gzip, and a cut or damaged archive is named", () => {
    const whole = gzipSync("person,year\n".repeat(1000));
    const path = join(folder, "careers.csv.gz");
    writeFileSync(path, whole);
    assert.equal(readText(path).length, 12_000);
    writeFileSync(path, whole.subarray(0, whole.length - 20));
    assert.throws(() => readText(path), { name: "UserError", message: /careers\.csv\.gz: .*cut short/ });
    writeFileSync(path, "person,year\n");
    assert.throws(() => readText(path), { name: "UserError", message: /no intact gzip/ });
  });

  it("in several gzip members is one, and trailing bytes are refused", () => {
    const path = join(folder, "members.csv.gz");
    const parts = ["person,year\n", "", "1,1980\n".repeat(50_000)].map((part) => gzipSync(part));
    writeFileSync(path, Buffer.concat(parts));
    assert.equal(readText(path).length, 12 + 350_000);
    writeFileSync(path, Buffer.concat([...parts, Buffer.from("and more")]));
    assert.throws(() => readText(path), { name: "UserError", message: /no intact gzip/ });
    writeFileSync(path, "");
    assert.throws(() => readText(path), { name: "UserError", message: /cut short/ });
  });

  it("that packs zeros a thousand times is refused before it fills the memory", () => {
    const path = join(folder, "bomb.csv.gz");
    const zeros = Buffer.alloc(1 << 24);
    const member = gzipSync(zeros);
    writeFileSync(path, Buffer.concat(Array.from({ length: 40 }, () => member))); // 640 MiB
    const before = process.memoryUsage.rss();
    assert.throws(() => readCsv(path), {
      name: "UserError",
      message: /bomb\.csv\.gz:1: a cell of more than 16 MiB/,
    });
    assert.ok(process.memoryUsage.rss() - before < 300e6);
    let made = 0;
    const read = () => {
      for (const chunk of contentChunks(path)) made += chunk.length;
    };
    assert.throws(read, { name: "UserError", message: /unpacks to more than 250 times its size/ });
    assert.ok(made <= 256e6, `${made} bytes came out`);
  });
});

describe("JSON", () => {
  const nested = (levels: number) => `{"a": ${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

  it("nested too deep to walk through is refused in one line by every reader", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "a.json");
      for (const levels of [300, 5000, 100_000]) {
        writeFileSync(path, nested(levels));
        const refused = { name: "UserError", message: /a\.json: .*nested more than 256 levels deep/ };
        assert.throws(() => readJsonObject(path), refused);
        assert.throws(() => readNotebook(path), refused);
      }
      writeFileSync(path, nested(256));
      assert.ok(Array.isArray(readJsonObject(path).a));
    });
  });

  it("counts levels outside of texts alone", () => {
    const text = JSON.stringify({ a: `\\"${"[".repeat(1000)}\\`, b: Array(1000).fill([]), c: "{" });
    assert.deepEqual(parseJson(text), JSON.parse(text));
    for (const wrong of ['{"a', '"\\', "]]]", "", '{"a": 1}}'])
      assert.throws(() => parseJson(wrong), SyntaxError);
  });

  it("larger than 256 MiB is refused unread", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "tokenizer.json");
      writeFileSync(path, "{}");
      truncateSync(path, 3 * 2 ** 30);
      const refused = { name: "UserError", message: /tokenizer\.json: the file is larger than 256 MiB/ };
      for (const read of [readJsonObject, readNotebook, () => Tokenizer.fromFolder(folder)])
        assert.throws(() => read(path), refused);
    });
  });
});
