/** A share in words: "30 %". @param share 0 to 1 */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
