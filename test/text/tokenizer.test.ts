import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { UserError } from "labor-llm/dist/errors";
import { WORD_PATTERN } from "labor-llm/dist/text/byte-level";
import { libraryCodec, ownCodec } from "labor-llm/dist/text/codec";
import { checkTokenizerFits, Tokenizer } from "labor-llm/dist/text/tokenizer";
import { trainTokenizer, writeTokenizer } from "labor-llm/dist/text/train-tokenizer";
import { fixture } from "../support/paths";
import { runPython } from "../support/python";
import { withScratchFolder } from "../support/scratch";

const fixtures = fixture("tokenizer");
const corpus = readFileSync(join(fixtures, "corpus.txt"), "utf8").match(/.*\n/g)!;
const expected: {
  pattern: string;
  vocabularySize: number;
  merges: string[][];
  strings: string[];
  ids: number[][];
  sentencepieceIds: number[][];
} = JSON.parse(readFileSync(join(fixtures, "expected.json"), "utf8"));

const trained = trainTokenizer(corpus, expected.vocabularySize);
const byteLevel = new Tokenizer(trained);
const sentencePiece = Tokenizer.fromFolder(join(fixtures, "sentencepiece"));

const anyText = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(" ", "\n", "\t", "a", "the", " cook", "1", "!", "é", "🙂") }),
);

describe("the tokenizer trainer", () => {
  it("learns the merges that Python's trainer learns from the same lines", () => {
    assert.equal(WORD_PATTERN, expected.pattern);
    const { merges, vocab } = trained.tokenizer.model as { merges: string[][]; vocab: object };
    assert.deepEqual(merges, expected.merges);
    assert.equal(Object.keys(vocab).length, expected.vocabularySize);
  });

  it("learns the same whatever the order of the texts", () => {
    assert.deepEqual(trainTokenizer([...corpus].reverse(), expected.vocabularySize), trained);
  });

  it("never joins a line break with anything, nor more than four digits", () => {
    for (const token of Object.keys((trained.tokenizer.model as { vocab: object }).vocab)) {
      assert.ok(token === "Ċ" || !token.includes("Ċ"), token);
      assert.ok(!/\d{5}|\d\D|\D\d/.test(token), token);
    }
  });

  it("stops early where the texts have no more to merge", () => {
    const tokenizer = new Tokenizer(trainTokenizer(["ab ab ab"], 1000));
    assert.equal(tokenizer.vocabularySize, 2 + 256 + 2); // "ab" and " ab"
    assert.throws(() => trainTokenizer(["ab"], 257), /cannot hold 258/);
  });
});

for (const [family, tokenizer, idsOf] of [
  ["byte-level", byteLevel, expected.ids],
  ["SentencePiece", sentencePiece, expected.sentencepieceIds],
] as const) {
  describe(`a ${family} tokenizer`, () => {
    it("encodes hard strings to the ids of Python's tokenizers", () => {
      expected.strings.forEach((text, i) => {
        assert.deepEqual([...tokenizer.encode(text)], idsOf[i], JSON.stringify(text));
      });
    });

    it("gives a text back from its ids, and the same ids the second time", () => {
      fc.assert(
        fc.property(anyText, (text) => {
          const ids = tokenizer.encode(text);
          assert.equal(tokenizer.decode(ids, { keepSpecial: true }), text);
          assert.deepEqual(tokenizer.encode(text), ids);
        }),
      );
    });

    it("finds the tokens that spell each span between token boundaries, and refuses other spans", () => {
      fc.assert(
        fc.property(anyText, fc.nat(), fc.nat(), fc.boolean(), (text, a, b, addBos) => {
          const [start, end] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
          const ids = tokenizer.encode(text, { addBos });
          const prefixes = new Set<string>();
          for (let i = addBos ? 1 : 0, bytes = Buffer.alloc(0); i <= ids.length; i++) {
            prefixes.add(bytes.toString("hex"));
            if (i < ids.length) bytes = Buffer.concat([bytes, tokenizer.tokenBytes(ids[i])]);
          }
          const isBoundary = (at: number) =>
            !(at > 0 && text.codePointAt(at - 1)! > 0xffff) &&
            prefixes.has(Buffer.from(text.slice(0, at)).toString("hex"));
          const encode = () => tokenizer.encodeWithSpans(text, [{ start, end }], { addBos });
          if (isBoundary(start) && isBoundary(end)) {
            const { tokenSpans } = encode();
            const inside = [...ids.slice(tokenSpans[0].start, tokenSpans[0].end)];
            const spelled = Buffer.concat(inside.map((id) => tokenizer.tokenBytes(id)));
            assert.equal(spelled.toString(), text.slice(start, end));
          } else {
            assert.throws(
              encode,
              (error: Error) => error instanceof UserError && /no boundary/.test(error.message),
            );
          }
        }),
      );
    });
  });
}

describe("a tokenizer", () => {
  it("knows its special tokens, puts the first where asked and leaves them out of the text", () => {
    assert.deepEqual([byteLevel.bosId, byteLevel.eosId], [0, 1]);
    assert.deepEqual([sentencePiece.bosId, sentencePiece.eosId], [2, 1]);
    const ids = byteLevel.encode("cook", { addBos: true });
    assert.deepEqual([...ids], [0, ...byteLevel.encode("cook")]);
    assert.equal(byteLevel.decode([...ids, 1]), "cook");
    assert.equal(byteLevel.decode([...ids, 1], { keepSpecial: true }), "<|begin|>cook<|end|>");
    assert.equal(byteLevel.idOf("<|end|>"), 1);
  });

  it("says where a title's edge falls inside a token", () => {
    const text = "Year 1980: cook\n";
    const { ids, tokenSpans } = byteLevel.encodeWithSpans(text, [{ start: 10, end: 16 }]);
    assert.equal(byteLevel.decode(ids.slice(tokenSpans[0].start, tokenSpans[0].end)), " cook\n");
    assert.throws(
      () => byteLevel.encodeWithSpans(text, [{ start: 11, end: 16 }]),
      /no boundary at character 11: it joins "Year 1980: " and "cook\\n"/,
    );
    assert.throws(() => byteLevel.encodeWithSpans(text, [{ start: 0, end: 17 }]), RangeError);
  });

  it("is refused by a model whose vocabulary is smaller, or twice as large", () => {
    checkTokenizerFits(byteLevel, byteLevel.vocabularySize);
    checkTokenizerFits(byteLevel, byteLevel.vocabularySize + 100);
    for (const size of [byteLevel.vocabularySize - 1, 2 * byteLevel.vocabularySize]) {
      assert.throws(() => checkTokenizerFits(byteLevel, size), /does not belong to the model/);
    }
  });

  it("is refused in one line where tokenizer.json is malformed", () => {
    const model = trained.tokenizer.model as { vocab: Record<string, number>; merges: unknown[] };
    const withModel = (change: object) =>
      JSON.stringify({ ...trained.tokenizer, model: { ...model, ...change } });
    const cases: [string, RegExp][] = [
      ['{"model":', /not valid JSON/],
      ["[]", /holds no JSON object/],
      ["{}", /no "model"/],
      [withModel({ vocab: undefined }), /no vocabulary/],
      [withModel({ vocab: { ...model.vocab, x: -1 } }), /token "x" has no valid id/],
      [withModel({ vocab: { ...model.vocab, new: 7 } }), /id 7 belongs to two tokens/],
      [
        withModel({ vocab: { ...model.vocab, x: 2 ** 31 } }),
        /token id 2,147,483,648 is larger than any vocab/,
      ],
      [
        JSON.stringify({ ...trained.tokenizer, added_tokens: [{ id: 2 ** 40, content: "x" }] }),
        /token id 1,099,/,
      ],
      [
        JSON.stringify({ ...trained.tokenizer, added_tokens: [{ id: 1, content: "x".repeat(2e6) }] }),
        /added tokens have more than 1,048,576 characters/,
      ],
      [withModel({ merges: undefined }), /no merges/],
      [withModel({ merges: [["a"]] }), /a merge is not a pair/],
      [withModel({ merges: [["a", "no such token"]] }), /"a no such token" names a token/],
      [withModel({ type: "Other" }), /a model of type "Other"/],
      [JSON.stringify({ ...trained.tokenizer, added_tokens: [{ id: 1 }] }), /added token/],
      [JSON.stringify({ ...trained.tokenizer, pre_tokenizer: { type: "Other" } }), /cannot read/],
    ];
    withScratchFolder((folder) => {
      assert.throws(() => Tokenizer.fromFolder(folder), /tokenizer\.json: no such file/);
      for (const [content, message] of cases) {
        writeFileSync(join(folder, "tokenizer.json"), content);
        assert.throws(
          () => Tokenizer.fromFolder(folder),
          (error: Error) => {
            assert.ok(error instanceof UserError, error.stack);
            assert.match(error.message, message);
            return !error.message.includes("\n");
          },
        );
      }
    });
  });

  it("finds added tokens by the rules that each has, as Python's tokenizers do", () => {
    const folder = join(fixtures, "sentencepiece");
    const [tokenizer, config] = ["tokenizer.json", "tokenizer_config.json"].map((name) =>
      JSON.parse(readFileSync(join(folder, name), "utf8")),
    );
    const { added, texts, cases } = JSON.parse(readFileSync(join(fixtures, "added-tokens.json"), "utf8")) as {
      added: object[];
      texts: string[];
      cases: { normalizer: object; rules: string[]; ids: number[][] }[];
    };
    for (const { normalizer, rules, ids } of cases) {
      const own = Object.fromEntries(rules.map((rule) => [rule, true]));
      const tokens = [...tokenizer.added_tokens, ...added].map((token) => ({ ...token, ...own }));
      const files = { tokenizer: { ...tokenizer, normalizer, added_tokens: tokens }, config };
      texts.forEach((text, i) => {
        const where = `${JSON.stringify(normalizer)} ${rules}: ${JSON.stringify(text)}`;
        assert.deepEqual([...new Tokenizer(files).encode(text)], ids[i], where);
      });
    }
  });

  it("is ours or the library's, chosen once, and where both can, the two agree", () => {
    const folder = join(fixtures, "sentencepiece");
    const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
    const files = { tokenizer: read("tokenizer.json"), config: read("tokenizer_config.json") };
    for (const one of [trained, files]) {
      const [own, library] = [ownCodec(one.tokenizer)!, libraryCodec(one)];
      for (const text of [...expected.strings.slice(1), ...corpus]) {
        const ids = [...own.encode(text)];
        assert.deepEqual(ids, [...library.encode(text)], JSON.stringify(text));
        const spelled = new Map([...own.vocabulary].map(([token, id]) => [id, token]));
        const tokens = ids.map((id) => spelled.get(id) ?? "");
        // The library drops a byte order mark from bytes.
        const texts = [own, library].map((one) => one.decode(ids, tokens).replace("\ufeff", ""));
        assert.equal(texts[0], texts[1], JSON.stringify(text));
        for (const token of tokens) assert.deepEqual(own.bytes(token), library.bytes(token));
      }
    }
    const words = { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##" };
    const vocab = { "[UNK]": 0, cook: 1, "##s": 2, the: 3 };
    const model = { ...words, max_input_chars_per_word: 100, vocab };
    const other = {
      ...{ added_tokens: [], normalizer: null, pre_tokenizer: { type: "BertPreTokenizer" }, model },
      decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    };
    assert.equal(ownCodec(other), undefined);
    const tokenizer = new Tokenizer({ tokenizer: other, config: {} });
    assert.deepEqual([...tokenizer.encode("the cooks")], [3, 1, 2]);
    assert.equal(tokenizer.decode([3, 1, 2]), "the cooks");
  });

  it("that we wrote is read by Python's tokenizers to the same ids", function () {
    withScratchFolder((folder) => {
      writeTokenizer(folder, trained);
      assert.deepEqual(Tokenizer.fromFolder(folder).encode("cook 1980"), byteLevel.encode("cook 1980"));
      const program = `
import json, sys
from tokenizers import Tokenizer
tokenizer = Tokenizer.from_file(sys.argv[1] + "/tokenizer.json")
texts = json.loads(sys.argv[2])
ids = [tokenizer.encode(t).ids for t in texts]
print(json.dumps([ids, [tokenizer.decode(i) for i in ids]]))`;
      const read = runPython(["tokenizers"], program, folder, JSON.stringify(expected.strings));
      if (read === undefined) return this.skip();
      const [ids, texts] = JSON.parse(read);
      assert.deepEqual(
        ids,
        expected.strings.map((text) => [...byteLevel.encode(text, { addBos: true })]),
      );
      assert.deepEqual(
        texts,
        expected.strings.map((text) => byteLevel.decode(byteLevel.encode(text))),
      );
    });
  });
});
