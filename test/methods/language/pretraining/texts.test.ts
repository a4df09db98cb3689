import assert from "node:assert";
import { indefinite, plural } from "labor-llm/dist/methods/language/pretraining/english";
import { splitGloss } from "labor-llm/dist/methods/language/pretraining/gloss";
import { neighbours, occupationText } from "labor-llm/dist/methods/language/pretraining/occupation-text";
import { readWordnet } from "labor-llm/dist/methods/language/pretraining/wordnet";
import { readDescribedOccupations } from "labor-llm/dist/occupations/descriptions";

describe("texts about occupations", () => {
  const occupations = readDescribedOccupations();

  it("name every title of the list, and every name of a worker", () => {
    const text = Array.from({ length: 60 * occupations.length }, (_, i) =>
      occupationText(occupations, 1, i),
    ).join("");
    for (const { title, people } of occupations) {
      assert.ok(text.includes(title), title);
      for (const person of people) assert.ok(text.includes(person), person);
    }
  });

  it("keep titles, codes and workers' names distinct", () => {
    assert.ok(occupations.length >= 300);
    assert.strictEqual(new Set(occupations.map((o) => o.title)).size, occupations.length);
    assert.strictEqual(new Set(occupations.map((o) => o.code)).size, occupations.length);
    const people = occupations.flatMap((o) => o.people);
    assert.strictEqual(new Set(people).size, people.length);
  });

  it("relate an occupation to others of its group only", () => {
    for (const o of occupations) {
      const near = neighbours(occupations, o);
      assert.ok(near.length >= 2 && near.every((other) => other !== o && other.group === o.group), o.title);
    }
  });

  it("use English articles and plurals", () => {
    const articles = [
      "an usher",
      "a university lecturer",
      "an X-ray technician",
      "an undertaker",
      "a nurse",
      "an actuary",
    ];
    for (const phrase of articles) assert.strictEqual(indefinite(phrase.replace(/^an? /, "")), phrase);
    const plurals = [
      ["fisherman", "fishermen"],
      ["secretary", "secretaries"],
      ["attorney", "attorneys"],
      ["coach", "coaches"],
      ["director of nursing", "directors of nursing"],
    ];
    for (const [one, many] of plurals) assert.strictEqual(plural(one), many);
  });
});

describe("WordNet's glosses", () => {
  it("fall into a definition without asides and examples without their authors", () => {
    const cases: [string, ReturnType<typeof splitGloss>][] = [
      [
        'a dog; "the dog barked"; "he has dogs"',
        { definition: "a dog", examples: ["the dog barked", "he has dogs"] },
      ],
      [
        "(of complexion) blemished (by spots (red)) ; or so",
        { definition: "blemished; or so", examples: [] },
      ],
      [
        'not kind; "unkind cuts"- Shakespeare; "an unkind word"',
        { definition: "not kind", examples: ["an unkind word"] },
      ],
      ["a torn (bracket", undefined],
      ['a torn "quote', undefined],
    ];
    for (const [gloss, parts] of cases) assert.deepStrictEqual(splitGloss(gloss), parts, gloss);
  });

  it("give nearly all of the 117,000 synsets, with the carpenter among the woodworkers and the lists of slurs gone", () => {
    const synsets = readWordnet();
    assert.ok(synsets.length > 115_000 && synsets.length < 117_800, `${synsets.length}`);
    const carpenter = synsets.find((s) => s.lemmas[0] === "carpenter" && s.partOfSpeech === "noun")!;
    assert.strictEqual(carpenter.definition, "a woodworker who makes or repairs wooden objects");
    const [general] = carpenter.hypernyms.map(
      (offset) => synsets.find((s) => s.partOfSpeech === "noun" && s.offset === offset)!,
    );
    assert.ok(general.lemmas.includes("woodworker") && general.hyponyms.includes(carpenter.offset));
    assert.ok(synsets.every((s) => !/slur|offensive name/.test(s.definition)));
  });
});
