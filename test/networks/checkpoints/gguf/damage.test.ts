import { strict as assert } from "node:assert";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { UserError } from "labor-llm/dist/errors";
import { readGguf } from "labor-llm/dist/networks/checkpoints/gguf";
import { GgufFile } from "labor-llm/dist/networks/checkpoints/gguf/gguf-file";
import { Tokenizer } from "labor-llm/dist/text/tokenizer";
import { f32, ggufBytes, type Typed, text, u32, u64, type WrittenTensor } from "../../../support/gguf-writer";
import { fixture } from "../../../support/paths";
import { withScratchFolder } from "../../../support/scratch";

const whole = readFileSync(fixture("gguf", "gemma-3.gguf"));

/** Asserts that the bytes are refused in one line. */
function refused(
  bytes: Uint8Array,
  message: RegExp,
  open: (path: string) => unknown = (p) => new GgufFile(p),
) {
  withScratchFolder((folder) => {
    const path = join(folder, "model.gguf");
    writeFileSync(path, bytes);
    assert.throws(
      () => open(path),
      (error: Error) => {
        assert.ok(error instanceof UserError, error.stack);
        assert.match(error.message, message);
        assert.ok(error.message.startsWith(path), error.message);
        assert.ok(!error.message.includes("\n") && error.message.length < 600, error.message);
        return true;
      },
    );
  });
}

/** The model of the fixture with some of its metadata changed in place, by a search for the key. */
function withValue(key: string, change: (bytes: Buffer, at: number) => void): Buffer {
  const bytes = Buffer.from(whole);
  const at = bytes.indexOf(Buffer.from(text(key)));
  assert.ok(at > 0, key);
  change(bytes, at + 8 + key.length);
  return bytes;
}

const rename = (from: string, to: string) => {
  assert.equal(from.length, to.length);
  const bytes = Buffer.from(whole);
  bytes.write(to, bytes.indexOf(from), "latin1");
  return bytes;
};

const tensor = (change: Partial<WrittenTensor> = {}): WrittenTensor => ({
  name: "a",
  dimensions: [32],
  type: 0,
  offset: 0,
  ...change,
});

describe("a damaged GGUF file", () => {
  it("that is none, or of another version or byte order, is refused in one line", () => {
    refused(Buffer.alloc(0), /no GGUF file/);
    refused(Buffer.from("GG"), /no GGUF file/);
    refused(Buffer.from("PK\x03\x04 a zip file"), /no GGUF file/);
    refused(Buffer.from("GGUF"), /cut short/);
    refused(ggufBytes({ version: 1 }), /version 1; we read 2 and 3/);
    refused(ggufBytes({ version: 0x03000000 }), /big-endian/);
    assert.throws(() => new GgufFile(fixture("no such.gguf")), /no such file/);
    assert.throws(() => new GgufFile(fixture("gguf")), /a folder, not a file/);
  });

  it("that was cut anywhere is refused in one line", () => {
    const cuts = fc.integer({ min: 0, max: whole.length - 1 });
    fc.assert(fc.property(cuts, (length) => refused(whole.subarray(0, length), /cut short|no GGUF file/)));
  });

  it("with absurd counts is refused before anything is allocated", () => {
    const list = (count: number | bigint, type: number): Record<string, Typed> => ({
      a: [9, Buffer.concat([u32(type), u64(count)])],
    });
    const rss = process.memoryUsage.rss();
    for (const count of [1000, 2 ** 40, 2n ** 63n, 2n ** 64n - 1n]) {
      refused(ggufBytes({ tensorCount: count }), /promises [\d,]+ tensors/);
      refused(ggufBytes({ valueCount: count }), /promises [\d,]+ pairs of metadata/);
      for (const type of [0, 5, 8, 9, 12])
        refused(ggufBytes({ metadata: list(count, type) }), /elements of "a"/);
      refused(ggufBytes({ metadata: { a: [8, u64(count)] } }), /promises [\d,]+ bytes of "a"/);
      refused(ggufBytes({ tensors: [tensor({ dimensions: [count] })] }), /more than the file|impossible/);
      refused(
        ggufBytes({ tensors: [tensor({ dimensions: [2 ** 31, 2 ** 31, count] })] }),
        /more than|impossible/,
      );
    }
    refused(ggufBytes({ tensors: [tensor({ dimensions: Array(2000).fill(1) })] }), /2,000 dimensions/);
    refused(ggufBytes({ tensors: [tensor({ dimensions: [] })] }), /0 dimensions/);
    refused(ggufBytes({ tensors: [tensor({ dimensions: [0] })] }), /impossible/);
    let nested = Buffer.concat([u32(0), u64(0)]);
    for (let i = 0; i < 100; i++) nested = Buffer.concat([u32(9), u64(1), nested]);
    refused(ggufBytes({ metadata: { a: [9, nested] }, data: Buffer.alloc(4000) }), /nested too deeply/);
    assert.ok(process.memoryUsage.rss() - rss < 3e8);
  });

  it("of zeros for gigabytes is refused before they are in memory", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "large.gguf");
      const cases: [Record<string, Typed>, RegExp][] = [
        [{ a: [8, u64(3e9)] }, /3,000,000,000 bytes of "a", more than any model has/],
        [{ a: [9, Buffer.concat([u32(0), u64(3e9)])] }, /3,000,000,000 elements of "a", more than/],
      ];
      const rss = process.memoryUsage.rss();
      for (const [metadata, message] of cases) {
        writeFileSync(path, ggufBytes({ metadata }));
        truncateSync(path, 3 * 2 ** 30);
        assert.throws(() => new GgufFile(path), { name: "UserError", message });
      }
      writeFileSync(path, ggufBytes({ tensors: [tensor({ dimensions: [2 ** 37], type: 2 })] }));
      truncateSync(path, 2 ** 38); // Q4_0: 64 GiB of file, 512 GiB of numbers
      assert.throws(() => new GgufFile(path).read("a"), {
        name: "UserError",
        message: /tensor "a" takes 549\.8 GB of memory, more than/,
      });
      assert.ok(process.memoryUsage.rss() - rss < 1e8);
    });
  });

  it("whose tensors overlap, lie beyond its end, off the grid or twice in it is refused in one line", () => {
    const data = Buffer.alloc(256);
    const b = (change: Partial<WrittenTensor>) => tensor({ name: "b", ...change });
    refused(ggufBytes({ tensors: [tensor(), b({ offset: 64 })], data }), /"a" and "b" overlap/);
    refused(ggufBytes({ tensors: [tensor(), b({})], data }), /overlap/);
    refused(
      ggufBytes({ tensors: [tensor(), b({ offset: 160 })], data }),
      /"b" ends at byte [\d,]+, the file at/,
    );
    refused(ggufBytes({ tensors: [tensor({ offset: 2n ** 62n })], data }), /starts at byte/);
    refused(ggufBytes({ tensors: [tensor({ offset: 5 })], data }), /no multiple of 32/);
    refused(ggufBytes({ tensors: [tensor(), tensor({ offset: 128 })], data }), /the tensor "a" twice/);
    refused(
      ggufBytes({ tensors: [tensor({ type: 8, dimensions: [33] })], data }),
      /not whole blocks of Q8_0/,
    );
    const alignment = (value: number): Record<string, Typed> => ({ "general.alignment": [4, u32(value)] });
    for (const value of [0, 33, 2 ** 31]) refused(ggufBytes({ metadata: alignment(value) }), /power of two/);
  });

  it("with unknown types is refused with their names", () => {
    refused(
      ggufBytes({ tensors: [tensor({ type: 10, dimensions: [256] })] }),
      /Q2_K, which we do not read\. .*Q6_K/,
    );
    refused(ggufBytes({ tensors: [tensor({ type: 99 })] }), /number 99/);
    refused(ggufBytes({ metadata: { a: [13, u64(0)] } }), /"a" has the unknown type 13/);
    refused(ggufBytes({ metadata: { a: [9, Buffer.concat([u32(77), u64(0)])] } }), /unknown type 77/);
    const twice = Buffer.concat([text("a"), u32(4), u32(1)]);
    refused(Buffer.concat([ggufBytes({ valueCount: 0 }).subarray(0, 16), u64(2), twice, twice]), /"a" twice/);
  });

  it("of another architecture, or with another tokenizer, is refused with those that we read", () => {
    refused(rename("gemma3", "gemmaX"), /architecture "gemmaX"\. We read llama and gemma3/, readGguf);
    const part: Record<string, Typed> = { "split.count": [2, Buffer.of(3, 0)] };
    refused(ggufBytes({ metadata: part }), /one of 3 parts of a model/, readGguf);
    for (const kind of ["adapter", "mmproj"]) {
      const other: Record<string, Typed> = { "general.type": [8, text(kind)] };
      refused(ggufBytes({ metadata: other }), new RegExp(`holds "${kind}", not a model`), readGguf);
    }
    refused(Buffer.from("version https://git-lfs.github.com/spec/v1\noid"), /a pointer of Git LFS/, readGguf);
    const model = (bytes: Buffer, at: number) => bytes.write("other", at + 12, "latin1");
    refused(
      withValue("tokenizer.ggml.model", model),
      /tokenizer of the kind "other"\. We read "llama" and "gpt2"/,
      readGguf,
    );
    const llama3 = readFileSync(fixture("gguf", "llama-3.gguf"));
    llama3.write("cuneiform", llama3.indexOf("llama-bpe"), "latin1");
    refused(llama3, /cuts words in the way "cuneiform"\. We read .*llama-bpe/, readGguf);
  });

  it("whose metadata and tensors do not fit each other is refused in one line", () => {
    const number = (value: number) => (bytes: Buffer, at: number) => bytes.writeUInt32LE(value, at + 4);
    const cases: [Buffer, RegExp][] = [
      [withValue("gemma3.block_count", number(8)), /no tensor "blk\.7\.attn_norm\.weight"/],
      [withValue("gemma3.block_count", number(6)), /"blk\.6\.\w+\.weight" has no place/],
      [withValue("gemma3.block_count", number(2 ** 31)), /no tensors for 2,147,483,648 layers/],
      [withValue("gemma3.block_count", number(0)), /block_count is 0, not a positive whole number/],
      [
        withValue("gemma3.embedding_length", number(32)),
        /has the shape \[\d+, 16\], by its metadata \[\d+, 32\]/,
      ],
      [withValue("gemma3.attention.key_length", number(16)), /different widths|shape/],
      [withValue("gemma3.attention.head_count", number(5)), /shape/],
      [withValue("tokenizer.ggml.bos_token_id", number(10 ** 6)), /bos token 1000000 is not among its/],
      [
        rename("blk.3.ffn_gate.weight", "blk.3.ffn_gate.strange".slice(0, 21)),
        /no tensor "blk\.3\.ffn_gate\.weight"/,
      ],
      [
        rename("gemma3.feed_forward_length", "gemma3.feed_forward_lengtX"),
        /lacks "gemma3\.feed_forward_length"/,
      ],
      [rename("tokenizer.ggml.scores", "tokenizer.ggml.scoreX"), /no scores/],
    ];
    for (const [bytes, message] of cases) refused(bytes, message, readGguf);
  });

  it("with a scale or a number that is NaN or infinite is refused when the tensor is read", () => {
    const half = (bits: number) => Buffer.from(Uint16Array.of(bits).buffer);
    const block = (scale: number) => Buffer.concat([half(scale), Buffer.alloc(32, 1)]);
    const q8 = (scale: number) =>
      ggufBytes({
        tensors: [tensor({ type: 8, dimensions: [64] })],
        data: Buffer.concat([block(0x3c00), block(scale)]),
      });
    const read = (path: string) => new GgufFile(path).read("a");
    refused(q8(0x7e00), /tensor "a" \(Q8_0\): number 32 is NaN/, read);
    refused(q8(0x7c00), /number 32 is Infinity/, read);
    const singles = Buffer.alloc(128);
    singles.set(f32(Number.NEGATIVE_INFINITY), 12);
    refused(ggufBytes({ tensors: [tensor()], data: singles }), /number 3 is -Infinity/, read);
  });

  it("with any bytes changed is read or refused in one line, in bounded memory", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "model.gguf");
      const names = ["gemma-3", "llama-2", "llama-3", "blocks"];
      const files = names.map((name) => readFileSync(fixture("gguf", `${name}.gguf`)));
      const change = fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        value: fc.nat(255),
        inHeader: fc.boolean(),
      });
      const changes = fc.array(change, { minLength: 1, maxLength: 8 });
      let read = 0;
      const before = process.resourceUsage().maxRSS; // kB
      fc.assert(
        fc.property(fc.nat(files.length - 1), changes, (file, list) => {
          const bytes = Buffer.from(files[file]);
          // Most of the rules are about the first bytes and the entries of tensors, which end the header.
          for (const { at, value, inHeader } of list) {
            const place = Math.floor((inHeader ? at ** 4 : at) * (bytes.length - 1));
            bytes[place] = value;
          }
          writeFileSync(path, bytes);
          try {
            const model = readGguf(path);
            for (const name of model.tensors.shapes.keys()) read += model.tensors.read(name).values.length;
            new Tokenizer(model.tokenizer, path).encode("1979: Waiters and waitresses\n");
          } catch (error) {
            assert.ok(error instanceof UserError, (error as Error).stack);
            assert.ok(!error.message.includes("\n") && error.message.length < 1000, error.message);
          }
        }),
        { numRuns: 400 },
      );
      assert.ok(read > 0, "some are read");
      assert.ok(process.resourceUsage().maxRSS - before < 1e6);
    });
  });
});
