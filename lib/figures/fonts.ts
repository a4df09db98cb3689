import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Font, parse } from "opentype.js";

/** The one font of our figures; what follows it is narrower, so that no label grows where it is missing. */
export const fontFamily = "Open Sans, Arial, Helvetica, sans-serif";

const folder = dirname(require.resolve("@expo-google-fonts/open-sans/package.json"));
const fallbackFolder = join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf");

export const fontFiles = {
  regular: join(folder, "400Regular", "OpenSans_400Regular.ttf"),
  bold: join(folder, "700Bold", "OpenSans_700Bold.ttf"),
} as const;

/** Letters that our font lacks, Arabic, Armenian and Georgian among them, and many signs. */
export const fallbackFamily = "DejaVu Sans";

export const fallbackFiles = {
  regular: join(fallbackFolder, "DejaVuSans.ttf"),
  bold: join(fallbackFolder, "DejaVuSans-Bold.ttf"),
} as const;

export type FontWeight = keyof typeof fontFiles;

const fonts = new Map<string, Font>();

function fontOf(file: string): Font {
  const font = fonts.get(file) ?? parse(new Uint8Array(readFileSync(file)).buffer);
  fonts.set(file, font);
  return font;
}

/** What a text needs beyond our font. */
export interface LetterNeeds {
  /** Whether the fallback has some of its letters: it is then set in the fallback as a whole. */
  fallback: boolean;
  /** Characters that neither font has. */
  foreign: string[];
}

/** Latin letters, of which our font has all that print. */
const isLatin = /^[\u0020-\u024f]*$/;
const printsNothing = /[\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

export function letterNeeds(text: string): LetterNeeds {
  if (isLatin.test(text)) return { fallback: false, foreign: [] };
  const others = [...new Set(text)].filter(
    (character) => !printsNothing.test(character) && !has(fontFiles.regular, character),
  );
  const foreign = others.filter((character) => !has(fallbackFiles.regular, character));
  return { fallback: foreign.length < others.length, foreign };
}

function has(file: string, character: string): boolean {
  return fontOf(file).charToGlyphIndex(character) > 0;
}

/**
 * Width in pixels of a line of text, from the fonts' own advance widths; it holds on every machine. A character that
 * neither font has counts as wide as it is high, as Chinese is.
 */
export function textWidth(text: string, size: number, weight: FontWeight = "regular"): number {
  const { fallback, foreign } = letterNeeds(text);
  if (!fallback && foreign.length === 0) return fontOf(fontFiles[weight]).getAdvanceWidth(text, size);
  // Letter by letter, as opentype.js shapes few scripts: joined letters are no wider.
  const font = fontOf(fallbackFiles[weight]);
  const advance = (character: string) => {
    if (/[\p{M}\p{Default_Ignorable_Code_Point}]/u.test(character)) return 0;
    if (foreign.includes(character)) return 1;
    return (font.charToGlyph(character).advanceWidth ?? 0) / font.unitsPerEm;
  };
  return [...text].reduce((width, character) => width + size * advance(character), 0);
}

/** Height above and depth below the baseline of any text, in pixels. */
export function textExtent(size: number): { ascent: number; descent: number } {
  const { ascender, descender, unitsPerEm } = fontOf(fontFiles.regular);
  return { ascent: (ascender / unitsPerEm) * size, descent: (-descender / unitsPerEm) * size };
}

/** Text in lines no wider than `width` pixels, broken at spaces. */
export function wrapText(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
