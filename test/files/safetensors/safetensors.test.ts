import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { UserError } from "labor-llm/dist/errors";
import { writeSafetensors } from "labor-llm/dist/files/safetensors/safetensors";
import { readSafetensors } from "labor-llm/dist/files/safetensors/safetensors-reader";
import { fixture } from "../../support/paths";
import { runPython } from "../../support/python";
import { withScratchFolder } from "../../support/scratch";

const fixtures = fixture("safetensors");

describe("safetensors", () => {
  it("reads every number format as PyTorch wrote it", () => {
    const expected: Record<string, { shape: number[]; values: number[] }> = JSON.parse(
      readFileSync(join(fixtures, "formats.json"), "utf8"),
    );
    const { tensors, metadata } = readSafetensors(join(fixtures, "formats.safetensors"));
    assert.deepEqual(metadata, { "made by": "torch", naïve: "ünïcode" });
    assert.deepEqual([...tensors.keys()].sort(), Object.keys(expected).sort());
    for (const [name, { shape, values }] of Object.entries(expected)) {
      const tensor = tensors.get(name)!;
      assert.equal(tensor.dtype, name);
      assert.deepEqual(tensor.shape, shape);
      const single = ["F32", "F16", "BF16"].includes(name);
      assert.deepEqual([...tensor.values], single ? values.map(Math.fround) : values, name);
    }
  });

  for (const dtype of ["F32", "F16", "BF16"] as const) {
    it(`writes the very bytes that PyTorch's writer writes in ${dtype}, rounding included`, () => {
      const { tensors } = readSafetensors(join(fixtures, "F32.safetensors"));
      withScratchFolder((folder) => {
        const path = join(folder, "ours.safetensors");
        writeSafetensors(path, new Map([...tensors].reverse()), { dtype, metadata: { format: "pt" } });
        assert.deepEqual(readFileSync(path), readFileSync(join(fixtures, `${dtype}.safetensors`)));
      });
    });
  }

  it("gives back what was written, in every format, and the same bytes for any order of tensors", () => {
    withScratchFolder((folder) => {
      const { tensors, metadata } = readSafetensors(join(fixtures, "formats.safetensors"));
      tensors.delete("F64"); // written as F32
      const [once, twice] = ["once", "twice"].map((name) => join(folder, `${name}.safetensors`));
      for (const dtype of ["F16", "BF16", "F32"] as const) {
        const kept = new Map([...tensors].filter(([name]) => name === dtype || !/F/.test(name)));
        writeSafetensors(once, kept, { dtype, metadata });
        writeSafetensors(twice, new Map([...kept].reverse()), { dtype, metadata });
        assert.deepEqual(readFileSync(once), readFileSync(twice));
        const back = readSafetensors(once);
        assert.deepEqual(back.metadata, metadata);
        assert.deepEqual(new Map([...back.tensors].sort()), new Map([...kept].sort()));
      }
    });
  });

  it("gives back names of any text and values of any bits", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "any.safetensors");
      const name = fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom("__proto__", "1", "a\\", 'b"', "{"),
      );
      const array = fc.float32Array({ maxLength: 20 });
      fc.assert(
        fc.property(fc.array(fc.tuple(name, array), { maxLength: 6 }), (pairs) => {
          const named = pairs.filter(([key]) => key !== "__metadata__");
          const tensors = new Map(named.map(([key, values]) => [key, { shape: [values.length], values }]));
          writeSafetensors(path, tensors);
          const back = readSafetensors(path).tensors;
          assert.equal(back.size, tensors.size);
          for (const [key, { values }] of tensors) assert.deepEqual(back.get(key)?.values, values);
        }),
        { numRuns: 50 },
      );
    });
  });

  it("keeps NaN, whatever its payload, in every float format", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "nan.safetensors");
      const values = new Float32Array(Uint32Array.of(0x7f800001, 0x7fc00000, 0xffffffff).buffer);
      for (const dtype of ["F32", "F16", "BF16"] as const) {
        writeSafetensors(path, new Map([["nan", { shape: [3], values }]]), { dtype });
        assert.ok(readSafetensors(path).tensors.get("nan")!.values.every(Number.isNaN), dtype);
      }
    });
  });

  it("refuses a value that F16 cannot hold and leaves no file behind", () => {
    withScratchFolder((folder) => {
      const tensors = new Map([["w", { shape: [2], values: Float32Array.of(1, 65520) }]]);
      assert.throws(
        () => writeSafetensors(join(folder, "model.safetensors"), tensors, { dtype: "F16" }),
        (error: Error) => error instanceof UserError && /"w": 65520 is too large/.test(error.message),
      );
      assert.deepEqual(readdirSync(folder), []);
    });
  });

  it("writes files that Python's safetensors opens to the same numbers", function () {
    withScratchFolder((folder) => {
      const path = join(folder, "ours.safetensors");
      const values = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i) * 10 ** (i % 7));
      const ids = Int32Array.of(1, -2, 3);
      writeSafetensors(
        path,
        new Map([
          ["a.weight", { shape: [2, 3, 4], values }],
          ["ids", { shape: [3], values: ids }],
        ]),
        { metadata: { format: "pt" } },
      );
      const program = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], "np") as f:
    print(json.dumps({k: [list(f.get_tensor(k).shape), f.get_tensor(k).flatten().tolist()] for k in f.keys()}))`;
      const read = runPython(["safetensors", "numpy"], program, path);
      if (read === undefined) return this.skip();
      assert.deepEqual(JSON.parse(read), { "a.weight": [[2, 3, 4], [...values]], ids: [[3], [...ids]] });
    });
  });
});

describe("a broken safetensors file", () => {
  const entry = (dtype: string, shape: unknown, offsets: unknown) => ({
    dtype,
    shape,
    data_offsets: offsets,
  });
  const one = entry("F32", [2], [0, 8]);
  const bytes = (header: unknown, data = 8, length?: bigint) => {
    const text = typeof header === "string" ? header : JSON.stringify(header);
    const json = Buffer.from(text, "latin1");
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(length ?? BigInt(json.length));
    return Buffer.concat([size, json, Buffer.alloc(data)]);
  };
  const cases: [string, Buffer, RegExp][] = [
    ["an empty file", Buffer.alloc(0), /cut short: the format promises 8 bytes, file holds 0/],
    [
      "a cut header",
      bytes({ a: one }).subarray(0, 30),
      /cut short: header promises \d+ bytes, file holds 30/,
    ],
    ["cut data", bytes({ a: one }, 7), /cut short: header promises \d+ bytes, file holds \d+/],
    ["a header length beyond the file", bytes({ a: one }, 8, 90_000n), /promises 90,008 bytes, file holds/],
    [
      "a header length beyond the limit",
      bytes({ a: one }, 8, 100_000_001n),
      /at most 100,000,000 are allowed/,
    ],
    ["a header length near 2^64", bytes({ a: one }, 8, 2n ** 64n - 1n), /at most 100,000,000 are allowed/],
    ["a header that is no object", bytes("[1]"), /does not start with "\{"/],
    [
      "a header that starts with a space",
      bytes(` ${JSON.stringify({ a: one })}`),
      /does not start with "\{"/,
    ],
    ["a header of no bytes", bytes("", 0), /does not start with "\{"/],
    ["a header that is not JSON", bytes('{"a":'), /header is not valid JSON/],
    ["a header that is not UTF-8", bytes('{"\xff":1}'), /header is not UTF-8/],
    [
      "a name that is there twice",
      bytes(`{"a":${JSON.stringify(one)},"\\u0061":${JSON.stringify(one)}}`),
      /header holds "a" twice/,
    ],
    [
      "a field that is there twice",
      bytes('{"a":{"dtype":"F32","dtype":"F32"}}'),
      /header holds "dtype" twice/,
    ],
    ["notes that are not strings", bytes({ __metadata__: { a: 1 }, b: one }), /__metadata__ is not a table/],
    ["an entry that is no object", bytes({ a: 3 }), /tensor "a": not an object/],
    ["no number format", bytes({ a: { shape: [2], data_offsets: [0, 8] } }), /tensor "a": dtype missing/],
    ["an unknown number format", bytes({ a: entry("F7", [2], [0, 8]) }), /dtype F7 is not supported/],
    ["a number format of the prototype", bytes({ a: entry("toString", [2], [0, 8]) }), /is not supported/],
    ["a negative size", bytes({ a: entry("F32", [-2], [0, 8]) }), /shape is not a list of whole numbers/],
    ["a fractional size", bytes({ a: entry("F32", [2.5], [0, 10]) }, 10), /shape is not a list of whole/],
    ["a size of text", bytes({ a: entry("F32", ["2"], [0, 8]) }), /shape is not a list of whole numbers/],
    [
      "a size beyond exact numbers",
      bytes({ a: entry("F32", [1e300], [0, 8]) }),
      /shape is not a list of whole/,
    ],
    ["a negative offset", bytes({ a: entry("F32", [2], [-8, 0]) }), /data_offsets are not two whole numbers/],
    ["one offset", bytes({ a: entry("F32", [2], [0]) }), /data_offsets are not two whole numbers/],
    ["no offsets", bytes({ a: { dtype: "F32", shape: [2] } }), /data_offsets are not two whole numbers/],
    ["an end before the start", bytes({ a: entry("F32", [2], [8, 0]) }), /ends before it starts/],
    ["a product that overflows", bytes({ a: entry("F32", [2 ** 40, 2 ** 40], [0, 8]) }), /overflows/],
    ["a product that wraps to zero", bytes({ a: entry("F32", [2 ** 32, 2 ** 32], [0, 0]) }, 0), /overflows/],
    [
      "a shape that does not fit",
      bytes({ a: entry("F32", [3], [0, 8]) }),
      /\[3\] takes 12 bytes, header gives it 8/,
    ],
    ["a hole at the start", bytes({ a: entry("F32", [2], [4, 12]) }, 12), /bytes 0 to 4 belong to no tensor/],
    [
      "a hole between",
      bytes({ a: one, b: entry("F32", [1], [12, 16]) }, 16),
      /bytes 8 to 12 belong to no tensor/,
    ],
    ["an overlap", bytes({ a: one, b: entry("F32", [2], [4, 12]) }, 12), /tensor "b" overlaps/],
    ["two tensors in one place", bytes({ a: one, b: one }), /tensor "b" overlaps/],
    ["bytes left over", bytes({ a: one }, 9), /1 bytes after the last tensor/],
    [
      "a truth value of 2",
      Buffer.concat([bytes({ a: entry("BOOL", [1], [0, 1]) }, 0), Buffer.of(2)]),
      /neither 0 nor 1/,
    ],
    [
      "an integer beyond exact numbers",
      Buffer.concat([bytes({ a: entry("I64", [1], [0, 8]) }, 0), Buffer.alloc(8, 0x7f)]),
      /is beyond 2\^53/,
    ],
  ];

  for (const [what, content, message] of cases) {
    it(`is refused in one line: ${what}`, () => {
      withScratchFolder((folder) => {
        const path = join(folder, "model.safetensors");
        writeFileSync(path, content);
        assert.throws(
          () => readSafetensors(path),
          (error: Error) => {
            assert.ok(error instanceof UserError, error.stack);
            assert.match(error.message, message);
            assert.ok(error.message.startsWith(`${path}: `) && !error.message.includes("\n"));
            return true;
          },
        );
      });
    });
  }

  it("is refused at every length it can be cut to", () => {
    withScratchFolder((folder) => {
      const whole = readFileSync(join(fixtures, "F16.safetensors"));
      const path = join(folder, "model.safetensors");
      for (let length = 0; length < whole.length; length += 1 + Math.floor(length / 40)) {
        writeFileSync(path, whole.subarray(0, length));
        assert.throws(() => readSafetensors(path), /cut short/, `${length} bytes`);
      }
    });
  });

  it("with a tensor that no array can hold is refused in one line", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "large.safetensors");
      const header = JSON.stringify({ a: { dtype: "U8", shape: [2 ** 38], data_offsets: [0, 2 ** 38] } });
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(header.length));
      writeFileSync(path, Buffer.concat([length, Buffer.from(header)]));
      truncateSync(path, 8 + header.length + 2 ** 38); // zeros, which take no disk
      assert.throws(() => readSafetensors(path), {
        name: "UserError",
        message: /tensor "a" takes 274\.9 GB of memory, more than/,
      });
    });
  });

  it("is named where it is missing or a folder", () => {
    withScratchFolder((folder) => {
      assert.throws(() => readSafetensors(join(folder, "none")), /none: no such file/);
      assert.throws(
        () => readSafetensors(folder),
        (error: Error) => error instanceof UserError,
      );
    });
  });
});
