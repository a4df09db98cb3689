import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Career, Covariates } from "labor-llm/dist/careers/career";
import { validateCareer } from "labor-llm/dist/careers/validate";
import { UserError } from "labor-llm/dist/errors";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { parseCareer } from "labor-llm/dist/text/parse";
import { renderCareer, renderCareerSegments, type TextCovariate } from "labor-llm/dist/text/template";
import { numericTitles, TitleWording, titleText } from "labor-llm/dist/text/titles";
import { anyCareer } from "../careers/arbitrary";

const cook: Career = {
  person: "7",
  covariates: { gender: "female", ethnicity: "black", region: "south", birthYear: 1961 },
  observations: [
    { year: 1984, title: "Cooks", education: "some college" },
    { year: 1985, title: "Secretaries and stenographers", education: "some college" },
  ],
};

const personLine = (covariates: Covariates) =>
  renderCareer({ ...cook, covariates })
    .split("\n")[0]
    .slice("The following information is available about the work history of ".length);

describe("the template", () => {
  it("is the paper's, word for word", () => {
    assert.equal(
      renderCareer(cook, { surveyTag: "NLSY79" }),
      `<A worker from the NLSY79 dataset>
The following information is available about the work history of a female black worker residing in the south region.
The worker was born in 1961.
The worker has the following records of work experience, one entry per line, including year, education level, and the job title:
1984 (some college): Cooks
1985 (some college): Secretaries and stenographers
<END OF DATA>
`,
    );
  });

  it("leaves missing covariates out in grammatical English", () => {
    const cases: [Covariates, string][] = [
      [{ gender: "female", ethnicity: "black" }, "a female black worker."],
      [{ gender: "male", region: "west" }, "a male worker residing in the west region."],
      [{ ethnicity: "asian" }, "an asian worker."],
      [{ ethnicity: "hispanic" }, "a hispanic worker."],
      [{ ethnicity: "European" }, "a European worker."],
      [{ region: "south" }, "a worker residing in the south region."],
      [{}, "a worker."],
    ];
    for (const [covariates, expected] of cases) assert.equal(personLine(covariates), expected);
    const bare = { ...cook, covariates: {}, observations: [{ year: 1984, title: "Cooks" }] };
    assert.match(renderCareer(bare), /title:\n1984: Cooks\n<END OF DATA>\n$/);
    assert.ok(!renderCareer(bare).includes("born"));
  });

  it("shows a career with covariates omitted as it shows one that lacks them", () => {
    const without: Record<TextCovariate, (career: Career) => void> = {
      gender: ({ covariates }) => delete covariates.gender,
      ethnicity: ({ covariates }) => delete covariates.ethnicity,
      region: ({ covariates }) => delete covariates.region,
      birthYear: ({ covariates }) => delete covariates.birthYear,
      education: ({ observations }) => observations.forEach((one) => void delete one.education),
    };
    const names = Object.keys(without) as TextCovariate[];
    fc.assert(
      fc.property(anyCareer, fc.subarray(names), (career, omit) => {
        const lacking = structuredClone(career);
        for (const name of omit) without[name](lacking);
        const { career: read } = parseCareer(renderCareer(career, { omit }), { person: career.person });
        assert.deepEqual(read, lacking);
      }),
    );
  });

  it("names education in its head where lines may hold it, and is read back by what the head says", () => {
    const head = (omit: TextCovariate[]) => /including (.*):\n/.exec(renderCareer(cook, { omit }))?.[1];
    assert.equal(head([]), "year, education level, and the job title");
    assert.equal(head(["gender", "region"]), "year, education level, and the job title");
    assert.equal(head(["education"]), "year and the job title");
    const text = renderCareer(cook).replace(/year, education level, and/, "year and");
    assert.throws(() => parseCareer(text), {
      name: "UserError",
      message:
        /line 4 .*expected "YEAR: TITLE", since the records .* year and the job title alone, found "1984 \(some/,
    });
  });

  it("is read back as the career it was written from, for any valid career and any options", () => {
    const tag = fc.option(fc.constantFrom("NLSY79", " dataset>", "a <A worker from the "), {
      nil: undefined,
    });
    fc.assert(
      fc.property(anyCareer, tag, fc.boolean(), fc.boolean(), (career, surveyTag, numeric, endMarker) => {
        validateCareer(career);
        const titles = new TitleSet([...new Set(career.observations.map(({ title }) => title))]);
        const wording = numeric ? numericTitles(titles) : undefined;
        const text = renderCareer(career, { surveyTag, wording, endMarker });
        const expected = surveyTag === undefined ? { career } : { career, surveyTag };
        assert.deepEqual(parseCareer(text, { person: career.person, wording }), expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("accepts awkward strings, and refuses those that it could not read back", () => {
    const withEthnicity = (ethnicity: string) => ({ ...cook, covariates: { ethnicity } });
    const withEducation = (education: string) => ({
      ...cook,
      observations: [{ year: 1984, title: "Cooks", education }],
    });
    const fine = [
      withEthnicity("worker"),
      withEthnicity("black female"),
      withEthnicity("femalë"),
      { ...cook, covariates: { region: "worker residing in the south region. 1984: x" } },
      { ...cook, observations: [{ year: 1984, title: "1985 (college): Cooks" }] },
      withEducation("(a):)"),
    ];
    for (const career of fine) {
      validateCareer(career);
      assert.deepEqual(parseCareer(renderCareer(career), { person: "7" }).career, career);
    }
    const ambiguous = [
      withEthnicity("female black"),
      { ...cook, covariates: { ethnicity: "x worker residing in the y", region: "z" } },
      { ...cook, covariates: { gender: "woman" } },
      withEducation("a): b"),
    ];
    for (const career of ambiguous) {
      assert.throws(() => validateCareer(career), UserError);
      assert.notDeepEqual(parseCareer(renderCareer(career), { person: "7" }).career, career);
    }
  });

  it("marks each title from its boundary space to its line's end", () => {
    fc.assert(
      fc.property(anyCareer, fc.boolean(), (career, numeric) => {
        const titles = new TitleSet([...new Set(career.observations.map(({ title }) => title))]);
        const wording = numeric ? numericTitles(titles) : undefined;
        const { text, titleSpans } = renderCareerSegments(career, { wording, surveyTag: "NLSY79" });
        assert.deepEqual(
          titleSpans.map(({ start, end }) => text.slice(start, end)),
          career.observations.map(({ title }) => titleText(title, wording)),
        );
        assert.ok(titleSpans.every(({ start }) => text[start - 1] === ":"));
      }),
    );
  });

  it("does not let the future show: what stands before a title hangs on nothing from that title on", () => {
    fc.assert(
      fc.property(anyCareer, anyCareer, (career, { observations: [stranger] }) => {
        const { text, titleSpans } = renderCareerSegments(career);
        career.observations.forEach((observation, i) => {
          const past = career.observations.slice(0, i);
          const other = { ...observation, title: stranger.title };
          const cut = renderCareer({ ...career, observations: [...past, other] });
          assert.ok(cut.startsWith(text.slice(0, titleSpans[i].start)));
        });
      }),
    );
  });

  it("names the line of a text that is not of the template", () => {
    const good = renderCareer(cook, { surveyTag: "NLSY79" });
    const cases: [string, RegExp][] = [
      [good.replace("following information", "information"), /line 2 .*expected "The following information/],
      [good.replace("worker residing", "person residing"), /line 2 /],
      [good.replace("one entry per line", "one per line"), /line 4 .*expected "The worker has the following/],
      [good.replace("1985 (", "85 ("), /line 6 .*found "85 \(some college\): Secretaries/],
      [`${good}1986: Cooks\n`, /line 8 .*expected nothing after the end of data/],
      [good.replace("1985", "1984"), /year 1984: the year follows 1984/],
      ["", /line 1 .*the text ends/],
    ];
    for (const [text, message] of cases) {
      assert.throws(
        () => parseCareer(text),
        (error) => error instanceof UserError && message.test(error.message),
        String(message),
      );
    }
  });
});

describe("the wording of titles", () => {
  const titles = new TitleSet(["Cooks", "Cooks, private household"]);

  it("gives each title its own code", () => {
    const wording = numericTitles(titles);
    assert.deepEqual(
      titles.titles.map((title) => wording.of(title)),
      ["job_0", "job_1"],
    );
    assert.deepEqual(
      ["job_0", "job_1"].map((code) => wording.read(code)),
      titles.titles,
    );
    assert.throws(() => wording.read("job_2"), UserError);
    assert.throws(() => wording.of("Bakers"), UserError);
  });

  it("keeps a title that starts another one apart from it by the line's end", () => {
    const [short, long] = titles.titles.map((title) => titleText(title));
    assert.ok(!long.startsWith(short));
  });

  it("refuses wordings that could not be read back", () => {
    for (const wordings of [["a", "a"], ["a"], ["a", "b\nc"], ["a", " b"]]) {
      assert.throws(() => new TitleWording(titles, wordings), UserError);
    }
  });
});
