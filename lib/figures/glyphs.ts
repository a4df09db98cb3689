import { fallbackFamily, letterNeeds } from "./fonts";

/** A figure whose labels name the fonts that have their letters. */
export interface FittedLabels {
  svg: string;
  /** Whether a label is set in the fallback. */
  fallback: boolean;
  /** Characters that no font of ours has. */
  foreign: string[];
  /** Labels in which these stand. */
  labels: string[];
}

/** Sets each label whose letters our font lacks in the fallback that has them; an SVG without such is as it was. */
export function fitLabels(svg: string): FittedLabels {
  const all = new Set<string>();
  const labels = new Set<string>();
  let some = false;
  const fit = (text: string): string => {
    const { fallback, foreign } = letterNeeds(text);
    if (foreign.length > 0) labels.add(withoutEntities(text));
    for (const character of foreign) all.add(character);
    if (!fallback) return text;
    some = true;
    return `<tspan style="font-family: '${fallbackFamily}'">${text}</tspan>`;
  };
  return { svg: withLabels(svg, fit), fallback: some, foreign: [...all], labels: [...labels] };
}

/** Puts an empty square in place of each character that no font has. */
export function withBoxes(svg: string, missing: readonly string[]): string {
  return withLabels(svg, (text) => [...text].map((one) => (missing.includes(one) ? "□" : one)).join(""));
}

/** Changes the texts of an SVG's labels, which keep their entities. */
function withLabels(svg: string, change: (text: string) => string): string {
  return svg.replace(/<text[\s>][\s\S]*?<\/text>/g, (element) =>
    element.replace(/>([^<]+)</g, (_, text: string) => `>${change(text)}<`),
  );
}

function withoutEntities(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Pixels between the characters of a sheet. */
const CELL = 48;
const COLUMNS = 32;

/** A drawing of each character by itself: where a cell stays white no font has it. */
export function glyphSheet(characters: readonly string[]): string {
  const rows = Math.ceil(characters.length / COLUMNS);
  const cells = characters.map((character, i) => {
    const [x, y] = [CELL * (i % COLUMNS) + 8, CELL * Math.floor(i / COLUMNS) + 34];
    return `<text x="${x}" y="${y}" style="font-family: Open Sans; font-size: 24px">${character}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CELL * COLUMNS}" height="${CELL * rows}">${cells.join("")}</svg>`;
}

/** Characters whose cell of a sheet, drawn on white in its own size, is empty. @param pixels (height, width, 4) */
export function emptyCells(characters: readonly string[], pixels: Uint8Array): string[] {
  const width = CELL * COLUMNS;
  return characters.filter((_, i) => {
    const [left, top] = [CELL * (i % COLUMNS), CELL * Math.floor(i / COLUMNS)];
    for (let y = top; y < top + CELL; y++) {
      const row = pixels.subarray(4 * (y * width + left), 4 * (y * width + left + CELL));
      if (row.some((value) => value !== 255)) return false;
    }
    return true;
  });
}

/**
 * What a reader of the PNG is to know of its labels, in one line; undefined where all are set in our own fonts.
 * @param missing those of the foreign characters that no font of the machine has
 */
export function glyphNote({ foreign, labels }: FittedLabels, missing: readonly string[]): string | undefined {
  if (foreign.length === 0) return undefined;
  const named = `in ${listed(
    labels.map((label) => JSON.stringify(label)),
    3,
  )}`;
  const notes: string[] = [];
  if (missing.length > 0) {
    notes.push(`no font on this machine has ${listed(missing, 12)} (${named}), which the PNG shows as boxes`);
  }
  if (missing.length < foreign.length) {
    const borrowed = foreign.filter((character) => !missing.includes(character));
    notes.push(
      `fonts of this machine draw ${listed(borrowed, 12)} (${named}) in the PNG, whose bytes may differ elsewhere`,
    );
  }
  return `${notes.join("; ")}. The SVG has every label as text.`;
}

function listed(all: readonly string[], most: number): string {
  const rest = all.length - most;
  return `${all.slice(0, most).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
