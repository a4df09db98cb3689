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

/** At most 256 of the colours, and for each colour the place of the one that stands for it. */
function choosePalette(counts: Map<number, number>): { palette: number[]; index: Map<number, number> } {
  const byFrequency = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || a - b);
  for (let dropped = 0; ; dropped++) {
    const high = 0xff & ~((1 << dropped) - 1);
    const mask = (high << 16) | (high << 8) | high;
    const palette: number[] = [];
    const places = new Map<number, number>();
    const index = new Map<number, number>();
    for (const colour of byFrequency) {
      // The most frequent of similar colours stands for all of them: pure inks and white stay exact.
      let place = places.get(colour & mask);
      if (place === undefined) {
        place = palette.push(colour) - 1;
        places.set(colour & mask, place);
      }
      index.set(colour, place);
    }
    if (palette.length <= 256) return { palette, index };
  }
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
