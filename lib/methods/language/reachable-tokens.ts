import {
  type Career,
  type CareerPanel,
  type Covariates,
  type EducationLevel,
  educationLevels,
} from "../../careers";
import { stage } from "../../stages";
import { renderCareer, type TemplateOptions, type Tokenizer } from "../../text";

/** Years of which any may stand in a text. */
const YEARS = Array.from({ length: 301 }, (_, i) => 1800 + i);

/** More combinations of a survey's covariates than this are not written out; each value then stands by itself. */
const MOST_COMBINATIONS = 2000;

/**
 * The tokens that can occur in any text that a survey's template can make: all titles of the set, all years, all
 * levels of education (ours, where the survey has one of them), all values of covariates that the given panels hold in
 * all combinations, and whatever their texts hold besides.
 * @param panels of one survey; their title set is the first's
 * @returns ids, ascending
 */
export function reachableTokens(
  tokenizer: Tokenizer,
  panels: readonly CareerPanel[],
  template: TemplateOptions,
): Int32Array {
  const careers = panels.flatMap((panel) => panel.careers);
  const tokens = new Set<number>();
  if (tokenizer.bosId !== undefined) tokens.add(tokenizer.bosId);
  if (tokenizer.eosId !== undefined) tokens.add(tokenizer.eosId);
  const all = [...careers, ...possibleCareers(careers, panels[0].titles.titles)];
  const step = stage("tokenizing what careers can contain", all.length, "careers");
  for (const [i, career] of all.entries()) {
    step(i);
    for (const id of tokenizer.encode(renderCareer(career, template))) tokens.add(id);
  }
  return Int32Array.from(tokens).sort();
}

/** Careers that nobody need have had, which together show every line that the template can make. */
function* possibleCareers(careers: readonly Career[], titles: readonly string[]): Generator<Career> {
  const person = "possible";
  const values = <K extends keyof Covariates>(name: K) => distinct(careers.map((c) => c.covariates[name]));
  const told = distinct(careers.flatMap((c) => c.observations.map((o) => o.education)));
  // A test person may have a level that nobody else has; a survey with one of our levels has them all.
  const ours = told.some((one) => educationLevels.includes(one as EducationLevel)) ? educationLevels : [];
  const educations = [...new Set([...told, ...ours])];
  // What stands around a title, and around a year, is the same whatever they are.
  yield { person, covariates: {}, observations: titles.map((title, i) => ({ year: YEARS[i % 300], title })) };
  for (const education of educations) {
    const observations = YEARS.map((year, i) => ({ year, title: titles[i % titles.length], education }));
    yield { person, covariates: {}, observations };
  }
  const [observation] = careers[0].observations;
  for (const birthYear of YEARS) yield { person, covariates: { birthYear }, observations: [observation] };
  const [genders, ethnicities, regions] = [values("gender"), values("ethnicity"), values("region")];
  const combinations = (
    genders.length * ethnicities.length * regions.length <= MOST_COMBINATIONS
      ? genders.flatMap((gender) =>
          ethnicities.flatMap((ethnicity) => regions.map((region) => ({ gender, ethnicity, region }))),
        )
      : [
          ...genders.map((gender) => ({ gender })),
          ...ethnicities.map((ethnicity) => ({ ethnicity })),
          ...regions.map((region) => ({ region })),
        ]
  ) as Covariates[];
  for (const covariates of combinations) yield { person, covariates, observations: [observation] };
}

/** The values there are, and none, since each may be missing. */
function distinct<T>(values: readonly T[]): (T | undefined)[] {
  return [...new Set<T | undefined>([...values, undefined])];
}
