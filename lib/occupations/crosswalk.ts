import { UserError } from "../errors";
import { numberIn } from "../numerals";
import { quote } from "../quote";
import { codeTable, nonOccupations, type Vintage, vintages } from "./crosswalk-tables";
import { type Occupation, occupationByCode, occupations } from "./occupations";

/** From the codes of one vintage to the occupations of occ1990dd. */
export interface Crosswalk {
  readonly vintage: Vintage;
  /** The occupation of a code; undefined: no code of the vintage, or one of no occupation ("unknown"). */
  toOccupation(code: number): Occupation | undefined;
  /**
   * The occupation of a code, as number or as the text of a cell.
   * @throws UserError if there is none, with what is known of the code
   */
  require(code: number | string): Occupation;
}

export interface CrosswalkOptions {
  /**
   * Whether codes count that the crosswalks of Autor and Dorn lack and data/occupations/additions.csv places.
   * Default: true.
   */
  additions?: boolean;
}

/** The crosswalk of a vintage (Autor and Dorn 2013; data/occupations/README.md). */
export function crosswalk(vintage: Vintage, { additions = true }: CrosswalkOptions = {}): Crosswalk {
  const toOccupation = (code: number) => {
    if (vintage === "occ1990dd") return occupationByCode(code);
    const target = codeTable(vintage, additions).get(code);
    return target === undefined ? undefined : occupationByCode(target);
  };
  return {
    vintage,
    toOccupation,
    require(code) {
      const number = typeof code === "number" ? code : codeOf(code);
      const occupation = toOccupation(number);
      if (occupation !== undefined) return occupation;
      throw new UserError(...problemOf(vintage, code, number));
    },
  };
}

function codeOf(cell: string): number {
  return numberIn(cell);
}

function problemOf(
  vintage: Vintage,
  given: number | string,
  code: number,
): [problem: string, remedy?: string] {
  if (!Number.isInteger(code)) {
    const shown = typeof given === "string" ? quote(given) : given;
    return [`${vintage}: the code ${shown} is not a whole number`, "Give codes in digits."];
  }
  if (code < 0) {
    return [
      `${vintage}: the code ${code} is negative, as surveys mark what is missing`,
      "Leave out person-years without a code.",
    ];
  }
  const target = vintage === "occ1990dd" ? code : codeTable(vintage, true).get(code);
  const state = target === undefined ? undefined : nonOccupations.get(target);
  if (state !== undefined) {
    return [`${vintage}: the code ${code} is no occupation: ${state}`, "Leave these person-years out."];
  }
  const codes =
    vintage === "occ1990dd" ? occupations.map((o) => o.code) : [...codeTable(vintage, true).keys()];
  const [first, last] = [Math.min(...codes), Math.max(...codes)];
  const facts = `${vintage}: there is no code ${code} among the ${codes.length} from ${first} to ${last}`;
  const others = vintages.filter((other) => other !== vintage && crosswalk(other).toOccupation(code));
  const digits = digitsOf(vintage);
  if (code > 999 && digits === 3) {
    return [
      `${facts}; this looks like a four-digit code, and ${vintage} has three digits`,
      "Vintages with four digits are census-2002 and census-2010.",
    ];
  }
  if (digits === 4 && crosswalk(vintage).toOccupation(code * 10)) {
    return [
      `${facts}; this looks like a three-digit code, and ${vintage} has four digits`,
      "Take census-2000 or another vintage with three digits.",
    ];
  }
  return [facts, others.length > 0 ? `It is a code of ${others.join(", ")}.` : "No vintage has it."];
}

function digitsOf(vintage: Vintage): 3 | 4 {
  return vintage === "census-2002" || vintage === "census-2010" ? 4 : 3;
}
