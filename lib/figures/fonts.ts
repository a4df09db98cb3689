import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Font, parse } from "opentype.js";

/** The one font of our figures; what follows it is narrower, so that no label grows where it is missing. */
export const fontFamily = "Open Sans, Arial, Helvetica, sans-serif";

const folder = dirname(require.resolve("@expo-google-fonts/open-sans/package.json"));

export const fontFiles = {
  regular: join(folder, "400Regular", "OpenSans_400Regular.ttf"),
  bold: join(folder, "700Bold", "OpenSans_700Bold.ttf"),
} as const;

export type FontWeight = keyof typeof fontFiles;

const fonts: Partial<Record<FontWeight, Font>> = {};

function font(weight: FontWeight): Font {
  fonts[weight] ??= parse(new Uint8Array(readFileSync(fontFiles[weight])).buffer);
  return fonts[weight];
}

/** Width in pixels of a line of text, from the font's own advance widths; it holds on every machine. */
export function textWidth(text: string, size: number, weight: FontWeight = "regular"): number {
  return font(weight).getAdvanceWidth(text, size);
}

/** Height above and depth below the baseline of any text, in pixels. */
export function textExtent(size: number): { ascent: number; descent: number } {
  const { ascender, descender, unitsPerEm } = font("regular");
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
