import { strict as assert } from "node:assert";
import fc from "fast-check";
import { plainJson, plainText } from "labor-llm/dist/plain-text";

describe("text in one form", () => {
  it("is the same for what looks the same, and keeps what can be told apart", () => {
    const cases: [text: string, expected: string][] = [
      ["Mai\u0302tre d'ho\u0302tel", "Maître d'hôtel"],
      ["Cooks,\u00a0private  household ", "Cooks, private household"],
      ["\ufeffCooks\u200b\u2060", "Cooks"],
      ["Co\u00adoks\tof\u3000ships", "Cooks of ships"],
      ["Cook\u200ds", "Cooks"],
      ["e\u00ad\u0301", "é"],
      ["\u00a0", ""],
      ["Co\noks", "Co\noks"],
      ["👩\u200d🍳", "👩\u200d🍳"],
      ["\u0646\u0627\u0645\u0647\u200c\u0627\u06cc", "\u0646\u0627\u0645\u0647\u200c\u0627\u06cc"],
      ["Œuvre №1 ﬁn", "Œuvre №1 ﬁn"],
    ];
    for (const [text, expected] of cases) assert.equal(plainText(text), expected, JSON.stringify(text));
  });

  it("is final: written once more it stays, from whichever Unicode form it came", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = plainText(text);
        assert.equal(plainText(once), once);
        assert.equal(plainText(text.normalize("NFD")), once);
      }),
      { numRuns: 2000 },
    );
  });

  it("holds for keys and values of JSON alike", () => {
    assert.deepEqual(plainJson({ "e\u0301 ": ["a\u00a0b", 1, null, { x: " y" }] }), {
      é: ["a b", 1, null, { x: "y" }],
    });
  });
});
