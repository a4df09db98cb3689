/** What `parseNumber` returns for bytes that are no number. */
export const badNumber = Number.NEGATIVE_INFINITY;

/**
 * The number in buffer[start … end): digits, perhaps with a sign and a decimal point, blanks around them.
 * @returns NaN for blanks alone or a lone point (a missing value), `badNumber` for anything else
 */
export function parseNumber(buffer: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && buffer[at] === 0x20) at++;
  if (at === end) return Number.NaN;
  while (buffer[end - 1] === 0x20) end--;
  const negative = buffer[at] === 0x2d;
  if (negative) at++;
  let value = 0;
  let digits = 0;
  let scale = 0;
  for (; at < end; at++) {
    const byte = buffer[at];
    if (byte >= 0x30 && byte <= 0x39) {
      value = value * 10 + byte - 0x30;
      digits++;
      scale *= 10;
    } else if (byte === 0x2e && scale === 0) {
      scale = 1;
    } else {
      return badNumber;
    }
  }
  if (digits === 0) return scale === 1 && !negative ? Number.NaN : badNumber;
  if (scale > 1) value /= scale;
  return negative ? -value : value;
}
