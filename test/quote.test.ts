import { strict as assert } from "node:assert";
import fc from "fast-check";
import { clip, listed, nearest, plainly, quote } from "labor-llm/dist/quote";

describe("somebody's text in a message", () => {
  it("stands on one line, in at most 80 characters, with nothing that acts or hides", () => {
    const unit = fc.oneof(
      fc.string({ unit: "binary", maxLength: 1 }),
      fc.constantFrom("\n", "\r", "\u001b[31m", "\u202e", "\u200b", "\u2028", "\ud800", '"', "a"),
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 200 }), (text) => {
        const shown = quote(text);
        assert.doesNotMatch(shown, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        const read = JSON.parse(shown) as string;
        if (Array.from(text).length <= 80) assert.equal(read, text);
        else assert.ok(read.endsWith("…") && text.startsWith(read.slice(0, -1)));
        assert.ok(Array.from(read).length <= 80);
      }),
      { numRuns: 1000 },
    );
    assert.equal(quote("a\u001b\u202eb\n"), '"a\\u001b\\u202eb\\n"');
    assert.equal(clip("x".repeat(5000)).length, 80);
  });

  it("in the message of a library is cut to a line too, and keeps the library's own quotes", () => {
    assert.equal(plainly('Unrecognized key: "a\\b"\n'), 'Unrecognized key: "a\\b"\\n');
    assert.ok(plainly(`Unrecognized key: ${"x".repeat(5000)}`).length <= 240);
  });

  it("lists the first few of many names, and names those that may have been meant", () => {
    const names = Array.from({ length: 1500 }, (_, i) => `EMP_STATUS_${i}`);
    assert.equal(listed(names, 2), "EMP_STATUS_0, EMP_STATUS_1 and 1,498 more");
    assert.equal(listed(["a", "b"]), "a, b");
    assert.deepEqual(nearest("person", ["wave", "Persons", "PERSON_ID", "perso", "job"]).sort(), [
      "PERSON_ID",
      "Persons",
      "perso",
    ]);
    assert.deepEqual(nearest("person", names), []);
  });
});
