import { crosswalk, type TitleSet, type Vintage } from "../../occupations";
import { employmentStatus, type OccupationSource, occupationSources, type Role } from "./codes";
import type { PsidExtract, Values } from "./extract";
import { statusConcepts } from "./needs";
import type { PsidRules, StatusRule } from "./options";

/** Why a person-year has no title. */
export type NoTitle = "status unknown" | "status dropped" | "occupation unknown" | "no occupation";

/** What a role's variables of one wave make of each individual. */
export class RoleTitles {
  private readonly statuses: readonly Values[];
  private readonly occupations: readonly (OccupationSource & { values: Values })[];

  constructor(
    extract: PsidExtract,
    role: Role,
    private readonly year: number,
    private readonly rules: PsidRules,
    private readonly titles: OccupationTitles,
  ) {
    this.statuses = statusConcepts(role)
      .map((concept) => extract.values(concept, year))
      .filter((values) => values !== undefined);
    this.occupations = occupationSources(role).flatMap((source) => {
      const values = extract.values(source.concept, year);
      return values === undefined ? [] : { ...source, values };
    });
  }

  /** The index of an individual's title, or why there is none. */
  of(individual: number): number | NoTitle {
    const rule = this.ruleFor(individual);
    if (rule === "drop") return "status dropped";
    if (rule !== undefined && rule !== "occupation") return this.titles.state(rule);
    for (const { values, vintage, lastJob } of this.occupations) {
      const code = values.at(individual);
      if (!(code > 0) || (rule === undefined && (lastJob || this.rules.withoutStatus === "drop"))) continue;
      if (code === (vintage === "census-2010" ? 9999 : 999)) continue;
      return this.titles.occupation(vintage, code);
    }
    return rule === undefined ? "status unknown" : "occupation unknown";
  }

  private ruleFor(individual: number): StatusRule | undefined {
    for (const values of this.statuses) {
      const status = employmentStatus(values.at(individual), this.year);
      if (status !== undefined) return this.rules.statuses[status];
    }
    return undefined;
  }
}

/** Titles' indices by code; codes that stand for no occupation are counted. */
export class OccupationTitles {
  private readonly tables = new Map<Vintage, Map<number, number>>();
  private readonly unknown = new Map<Vintage, Map<number, number>>();

  constructor(private readonly titles: TitleSet) {}

  state(title: string): number {
    return this.titles.indexOf(title);
  }

  occupation(vintage: Vintage, code: number): number | "no occupation" {
    let table = this.tables.get(vintage);
    if (table === undefined) {
      table = new Map();
      this.tables.set(vintage, table);
    }
    let index = table.get(code);
    if (index === undefined) {
      const occupation = crosswalk(vintage).toOccupation(code);
      index = occupation === undefined ? -1 : this.titles.indexOf(occupation.title);
      table.set(code, index);
    }
    if (index >= 0) return index;
    const codes = this.unknown.get(vintage) ?? new Map<number, number>();
    codes.set(code, (codes.get(code) ?? 0) + 1);
    this.unknown.set(vintage, codes);
    return "no occupation";
  }

  /** The codes of no occupation: by vintage, how many person-years, and the most frequent codes in words. */
  get strange(): { reason: string; rows: number }[] {
    return [...this.unknown].map(([vintage, codes]) => {
      const sorted = [...codes].sort(([a, m], [b, n]) => n - m || a - b);
      const shown = sorted.slice(0, 5).map(([code]) => code);
      const more = sorted.length > shown.length ? ", …" : "";
      return {
        reason: `with a code of no occupation in ${vintage} (${shown.join(", ")}${more})`,
        rows: sorted.reduce((sum, [, n]) => sum + n, 0),
      };
    });
  }
}
