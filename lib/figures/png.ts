import { crc32 } from "node:zlib";
import { zlibSync } from "fflate";

/**
 * Pixels as a PNG with a palette: a third of the size of full colour, for a figure has few colours and their blends.
 * Where there are more than 256, blends that differ little become one. Compressed by portable code, so that equal
 * pixels are equal bytes under any version of Node.
 * @param pixels (height, width, 4), red, green, blue and opacity; all opaque
 */
export function palettePng(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const counts = new Map<number, number>();
  const colours = new Uint32Array(width * height);
  for (let i = 0; i < colours.length; i++) {
    colours[i] = (pixels[4 * i] << 16) | (pixels[4 * i + 1] << 8) | pixels[4 * i + 2];
    counts.set(colours[i], (counts.get(colours[i]) ?? 0) + 1);
  }
  const { palette, index } = choosePalette(counts);
  const rows = new Uint8Array((width + 1) * height); // each row begins with its filter, 0: none
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows[y * (width + 1) + 1 + x] = index.get(colours[y * width + x]) as number;
    }
  }
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8); // bits per pixel
  header.setUint8(9, 3); // palette
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", new Uint8Array(header.buffer)),
    chunk(
      "PLTE",
      Uint8Array.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])),
    ),
    chunk("IDAT", zlibSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Colours that stay as they are, most frequent first: the figure's inks, and the grid's pale grey above all. */
const EXACT = 64;

/** At most 256 of the colours, and for each colour the place of the one nearest to it. */
function choosePalette(counts: Map<number, number>): { palette: number[]; index: Map<number, number> } {
  const byFrequency = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || a - b);
  for (let apart = 0; ; apart++) {
    const palette = byFrequency.slice(0, EXACT);
    for (const colour of byFrequency.slice(EXACT)) {
      // A blend has a place of its own where no colour of the palette is near.
      if (palette.every((chosen) => distance(chosen, colour) > apart)) palette.push(colour);
      if (palette.length > 256) break;
    }
    if (palette.length > 256) continue;
    const nearest = (colour: number) => {
      const distances = palette.map((chosen) => distance(chosen, colour));
      return distances.indexOf(Math.min(...distances));
    };
    return { palette, index: new Map(byFrequency.map((colour) => [colour, nearest(colour)])) };
  }
}

/** How far two colours are apart, in the part in which they differ most. */
function distance(a: number, b: number): number {
  const part = (shift: number) => Math.abs(((a >> shift) & 255) - ((b >> shift) & 255));
  return Math.max(part(16), part(8), part(0));
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
