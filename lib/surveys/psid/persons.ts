import type { Covariates } from "../../careers";
import { hispanic, isHispanic, type Role, raceOf, regionOf, regionOfState } from "./codes";
import type { PsidExtract, Values } from "./extract";
import type { PsidRules } from "./options";

const unknown = 0;

/** What is known of each individual, gathered wave by wave in order of time; words are kept as indices. */
export class Persons {
  private readonly words: (string | undefined)[] = [undefined];
  private readonly sex: Uint8Array;
  private readonly region: Uint8Array;
  private readonly ownRace: Uint8Array;
  private readonly familyRace: Uint8Array;
  private readonly toldHispanic: Uint8Array;
  private readonly birthTold: Int16Array;
  private readonly birthFromAge: Int16Array;
  /** Years of schooling by the last wave taken, and by the first that told them; 0: not told. */
  readonly schooling: Uint8Array;
  readonly firstSchooling: Uint8Array;

  constructor(
    private readonly extract: PsidExtract,
    private readonly rules: PsidRules,
  ) {
    const { rows } = extract;
    const bytes = () => new Uint8Array(rows);
    [this.sex, this.region, this.ownRace, this.familyRace, this.toldHispanic] = [1, 2, 3, 4, 5].map(bytes);
    [this.birthTold, this.birthFromAge] = [new Int16Array(rows), new Int16Array(rows)];
    [this.schooling, this.firstSchooling] = [bytes(), bytes()];
    const sex = extract.values("sex");
    for (let i = 0; i < rows; i++) this.sex[i] = this.word(gender(sex?.at(i)));
  }

  /** Takes what a wave tells of everyone, in the family or not. */
  takeWave(year: number): void {
    const birth = this.extract.values("birth_year", year);
    const age = this.extract.values("age", year);
    const schooling = this.extract.values("schooling", year);
    for (let i = 0; i < this.extract.rows; i++) {
      // Later waves correct earlier ones.
      const told = birth?.at(i) ?? 0;
      if (told >= 1850 && told <= 2100) this.birthTold[i] = told;
      const years = age?.at(i) ?? 0;
      if (this.birthFromAge[i] === unknown && years >= 1 && years <= 120) this.birthFromAge[i] = year - years;
      const grades = schooling?.at(i) ?? 0;
      if (!(grades >= 1 && grades <= 17)) continue;
      if (this.rules.schooling === "latest" || grades > this.schooling[i]) this.schooling[i] = grades;
      if (this.firstSchooling[i] === unknown) this.firstSchooling[i] = grades;
    }
  }

  /** How to take what a wave tells of those who are followed in it. */
  follower(year: number): (individual: number, role: Role) => void {
    const values = (concept: Parameters<PsidExtract["values"]>[0]) => this.extract.values(concept, year);
    const race = { reference: values("reference_race"), spouse: values("spouse_race") };
    const descent = { reference: values("reference_hispanic"), spouse: values("spouse_hispanic") };
    const headSex = values("reference_sex");
    const regionAt = this.regionsOf(year);
    return (i, role) => {
      if (this.region[i] === unknown) this.region[i] = this.word(regionAt(i));
      if (this.sex[i] === unknown && role === "reference") this.sex[i] = this.word(gender(headSex?.at(i)));
      const own = raceOf(race[role]?.at(i) ?? 0, year);
      if (own === hispanic || isHispanic(descent[role]?.at(i) ?? 0)) this.toldHispanic[i] = 1;
      if (this.ownRace[i] === unknown) this.ownRace[i] = this.word(own);
      // Spouses were not asked their own race before 1985.
      if (role === "spouse" && this.familyRace[i] === unknown) {
        this.familyRace[i] = this.word(raceOf(race.reference?.at(i) ?? 0, year));
      }
    };
  }

  private regionsOf(year: number): (individual: number) => string | undefined {
    const read = (values: Values | undefined, word: (code: number) => string | undefined) =>
      values === undefined ? [] : [(i: number) => word(values.at(i))];
    const readers = [
      ...read(this.extract.values("state_fips", year), (code) => regionOfState(code, "fips")),
      ...read(this.extract.values("state_psid", year), (code) => regionOfState(code, "psid")),
      ...read(this.extract.values("region", year), regionOf),
    ];
    return (individual) => {
      for (const reader of readers) {
        const region = reader(individual);
        if (region !== undefined) return region;
      }
      return undefined;
    };
  }

  birthYear(individual: number): number | undefined {
    const fromAge = this.rules.birthYearFromAge ? this.birthFromAge[individual] : unknown;
    return this.birthTold[individual] || fromAge || undefined;
  }

  covariates(individual: number): Covariates {
    const race = this.words[this.ownRace[individual]] ?? this.words[this.familyRace[individual]];
    const found = {
      gender: this.words[this.sex[individual]],
      ethnicity: this.toldHispanic[individual] === 1 ? hispanic : race,
      region: this.words[this.region[individual]],
      birthYear: this.birthYear(individual),
    };
    return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  }

  private word(word: string | undefined): number {
    const at = this.words.indexOf(word);
    return at === -1 ? this.words.push(word) - 1 : at;
  }
}

function gender(code: number | undefined): string | undefined {
  return code === 1 ? "male" : code === 2 ? "female" : undefined;
}
