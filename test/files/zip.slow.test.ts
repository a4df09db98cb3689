import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { type ZipEntry, zipEntries } from "labor-llm/dist/files/zip";
import { withScratchFolder } from "../support/scratch";
import { type MadeEntry, zipBytes } from "../support/zip-writer";

const text = (entry: ZipEntry) => Buffer.concat([...entry.chunks()]).toString("utf8");

/** Names and texts of a zip file's entries. */
function contentsOf(bytes: Uint8Array): Record<string, string> {
  return withScratchFolder((folder) => {
    const path = join(folder, "made.zip");
    writeFileSync(path, bytes);
    return Object.fromEntries(zipEntries(path).map((entry) => [entry.name, text(entry)]));
  });
}

function refused(bytes: Uint8Array, message: RegExp): void {
  assert.throws(() => contentsOf(bytes), { name: "UserError", message });
}

const one: MadeEntry[] = [{ name: "a.csv", contents: "x,y\n1,2\n" }];

describe("a zip file", () => {
  it("is read however its writer wrote it", () => {
    const plain = { "a.csv": "x,y\n1,2\n" };
    const large = "12,-4,-5\n".repeat(200_000);
    const cases: [what: string, bytes: Buffer, contents: Record<string, string>][] = [
      ["stored", zipBytes([{ ...one[0], method: 0 }]), plain],
      ["deflated", zipBytes(one), plain],
      [
        "zip64 in every field, sizes behind the data",
        zipBytes(one, { zip64: true, descriptor: true }),
        plain,
      ],
      ["behind a program", zipBytes(one, { prefix: "MZ a program that unpacks itself" }), plain],
      ["zip64 behind a program", zipBytes(one, { prefix: "MZ", zip64: true }), plain],
      ["with a comment", zipBytes(one, { comment: "made by hand" }), plain],
      [
        "in folders",
        zipBytes([
          { name: "a/", contents: "" },
          { name: "a/b/c.csv", contents: "z" },
        ]),
        { "a/b/c.csv": "z" },
      ],
      ["with what macOS adds", zipBytes([...one, { name: "__MACOSX/._a.csv", contents: "" }]), plain],
      ["in many steps", zipBytes([{ name: "big.csv", contents: large }]), { "big.csv": large }],
      ["empty", zipBytes([]), {}],
    ];
    for (const [what, bytes, contents] of cases) assert.deepEqual(contentsOf(bytes), contents, what);
  });

  it("names its files in UTF-8, marked or not, else in the code page of MS-DOS", () => {
    const named = (name: Buffer, utf8: boolean) =>
      Object.keys(contentsOf(zipBytes([{ name, contents: "", utf8 }])))[0];
    assert.equal(named(Buffer.from("Jahr für Jahr.csv"), true), "Jahr für Jahr.csv");
    assert.equal(named(Buffer.from("Jahr für Jahr.csv"), false), "Jahr für Jahr.csv");
    assert.equal(named(Buffer.from("a\xa4o\x81.csv", "latin1"), false), "añoü.csv");
  });

  it("that is cut short, damaged, split, or no zip file is refused with the reason", () => {
    const whole = zipBytes(one);
    for (const length of [whole.length - 1, whole.length - 30, 40])
      refused(whole.subarray(0, length), /cut short/);
    refused(whole.subarray(10), /cut short/);
    const wide = zipBytes(one, { zip64: true });
    refused(wide.subarray(10), /cut short|damaged/);
    refused(Buffer.alloc(0), /made\.zip: the file is empty/);
    refused(Buffer.from("no zip file, though it is called one"), /this is no zip file/);
    refused(zipBytes(one, { disk: 3 }), /the last part of a zip file that was split/);
    const wrong = Buffer.from(whole);
    wrong[40] ^= 1; // among the deflated bytes
    refused(wrong, /made\.zip:a\.csv: the zip file is damaged/);
    refused(zipBytes([{ ...one[0], crc: 7 }]), /the zip file is damaged/);
    refused(zipBytes([...one, ...one]), /two files in it are called "a\.csv"/);
  });

  it("that is encrypted or packed in another way is refused with the way's name", () => {
    refused(zipBytes([{ ...one[0], encrypted: true }]), /made\.zip:a\.csv is encrypted\. .*password/);
    refused(zipBytes([{ ...one[0], method: 99, encrypted: true }]), /is encrypted/);
    const methods = { 9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz", 77: "method 77" };
    for (const [method, name] of Object.entries(methods)) {
      refused(
        zipBytes([{ ...one[0], method: Number(method) }]),
        new RegExp(`is packed by ${name}, which is not read`),
      );
    }
  });

  it("never gives more than its directory says, nor more than 250 times what it packs", () => {
    const zeros = Buffer.alloc(1 << 20);
    const contents = Buffer.concat(Array.from({ length: 300 }, () => zeros));
    const packed = deflateRawSync(contents);
    const bomb: MadeEntry = { name: "zeros.csv", packed, size: contents.length, crc: crc32(contents) };
    let most = 0;
    withScratchFolder((folder) => {
      const path = join(folder, "bomb.zip");
      writeFileSync(path, zipBytes([bomb]));
      const [entry] = zipEntries(path);
      const read = () => {
        for (const chunk of entry.chunks()) most += chunk.length;
      };
      assert.throws(read, {
        name: "UserError",
        message: /bomb\.zip:zeros\.csv: it unpacks to more than 250 times its size.* LABOR_LLM_UNPACK_GB/,
      });
      assert.ok(most <= 256e6, `${most} bytes came out`);
      process.env.LABOR_LLM_UNPACK_GB = "1";
      try {
        most = 0;
        read();
        assert.equal(most, contents.length);
        process.env.LABOR_LLM_UNPACK_GB = "0.1";
        assert.throws(read, {
          name: "UserError",
          message: /more than 0\.1 GB, the bound that LABOR_LLM_UNPACK_GB sets/,
        });
        process.env.LABOR_LLM_UNPACK_GB = "much";
        assert.throws(read, { name: "UserError", message: /LABOR_LLM_UNPACK_GB is "much"/ });
      } finally {
        delete process.env.LABOR_LLM_UNPACK_GB;
      }
      writeFileSync(path, zipBytes([{ ...bomb, size: 1000 }]));
      most = 0;
      assert.throws(() => [...zipEntries(path)[0].chunks()], /the zip file is damaged/);
    });
  });
});
