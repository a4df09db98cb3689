import assert from "node:assert";
import { drawResume } from "labor-llm/dist/methods/language/pretraining/resume-law";
import { resumeText } from "labor-llm/dist/methods/language/pretraining/resumes";
import { readDescribedOccupations, readOccupationGroups } from "labor-llm/dist/occupations/descriptions";

const occupations = readDescribedOccupations();
const resumes = Array.from({ length: 3000 }, (_, i) => drawResume(occupations, 3, i));
const texts = Array.from({ length: 3000 }, (_, i) => resumeText(occupations, 3, i));
const share = <T>(items: T[], holds: (item: T) => boolean) => items.filter(holds).length / items.length;

describe("synthetic résumés", () => {
  it("have no state but work", () => {
    const state =
      /\b(?:unemploy\w*|labor force|out of work|not working|jobless|laid off|in education|students?|in school|retired?|disabled)\b/i;
    assert.ok(occupations.every((o) => o.code < 905 && !o.people.some((person) => state.test(person))));
    // What the work is about may be students or schools; what a person is may not.
    const about = occupations.flatMap((o) => [o.title, ...o.tasks]).sort((x, y) => y.length - x.length);
    for (const text of texts.filter((t) => state.test(t))) {
      const rest = about.reduce((left, words) => left.replaceAll(words, ""), text);
      assert.doesNotMatch(rest, state, text);
    }
  });

  it("over-represent the college-educated and office, sales and professional work", () => {
    assert.ok(share(resumes, (r) => r.schooling[1] >= 5) > 0.6);
    const jobs = resumes.flatMap((r) => r.spells.map((s) => s.occupation));
    assert.ok(share(jobs, (o) => "PMS".includes(o.group.code)) > 0.6);
    assert.ok(share(jobs, (o) => "KOLFV".includes(o.group.code)) < 0.3);
    for (const group of readOccupationGroups())
      assert.ok(
        jobs.some((o) => o.group.code === group.code),
        group.title,
      );
  });

  it("run forward in time within 1950 to 2022, without overlap, among both genders", () => {
    for (const { spells, birthYear } of resumes) {
      assert.ok(spells[0].from - birthYear >= 14 && spells[0].from >= 1950);
      assert.ok(spells[spells.length - 1].to <= 2022);
      for (const [k, { from, to, occupation }] of spells.entries()) {
        assert.ok(from <= to);
        if (k > 0) assert.ok(spells[k - 1].to === from - 1 && spells[k - 1].occupation !== occupation);
      }
    }
    const women = share(resumes, (r) => r.gender === "female");
    assert.ok(women > 0.45 && women < 0.55);
  });

  it("move up more often than down, and prefer near occupations", () => {
    const moves = resumes.flatMap(({ spells }) =>
      spells.slice(1).map((s, k) => [spells[k].occupation, s.occupation]),
    );
    const fromMiddle = moves.filter(([from]) => "CK".includes(from.group.code));
    const up = share(fromMiddle, ([, to]) => "PMS".includes(to.group.code));
    const down = share(fromMiddle, ([, to]) => "OLFV".includes(to.group.code));
    assert.ok(up > 0.4 && down < 0.15, `${up} up, ${down} down`);
    const near = share(moves, ([a, b]) => Math.abs(a.code - b.code) <= 15);
    assert.ok(near > 0.25, `${near} near`);
  });

  it("name 5 to 10 in a hundred of the jobs by a title of the nine groups", () => {
    const groups = new Set(readOccupationGroups().map((group) => group.title));
    const jobs = texts.flatMap((text) =>
      [
        ...text.matchAll(
          /^\d{4}(?:-\d{4})?(?: \([^)]*\))?(?:: | - )(.*?)(?: \([^)]*(?:school|college|degree|diploma)[^)]*\)|\. Duties.*)?$/gm,
        ),
      ].map((match) => match[1]),
    );
    assert.ok(jobs.length > 10_000);
    const named = share(jobs, (job) => groups.has(job));
    assert.ok(named > 0.05 && named < 0.1, `${named}`);
  });
});
