import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { decodeText, readText } from "labor-llm/dist/files/text";

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
});
