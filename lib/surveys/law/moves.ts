import type { LawCoefficients, LawStructure } from "./parameters";

/**
 * Where those go who take another job: to occupation y in proportion to its attraction times
 * flow(group of o, group of y) (1 + words similarity(o, y)), o being the occupation left, or held last. The second
 * factor is sparse and the first of low rank, so that sums over all pairs of occupations cost little.
 */
export class Moves {
  /** (G, G) */
  private readonly flow: Float64Array;
  /** By neighbour: flow times words times similarity. */
  private readonly near: Float64Array;
  private readonly perGroup: Float64Array;
  private readonly scratch: Float64Array;

  constructor(
    private readonly structure: LawStructure,
    private readonly coefficients: LawCoefficients,
  ) {
    const { groups, groupOf, neighbours } = structure;
    const { flow, words } = coefficients.moves;
    const G = groups.length;
    this.flow = Float64Array.from({ length: G * G }, (_, i) => Math.exp(flow[Math.floor(i / G)][i % G]));
    this.near = new Float64Array(neighbours.to.length);
    for (let o = 0; o < groupOf.length; o++) {
      for (let i = neighbours.from[o]; i < neighbours.from[o + 1]; i++) {
        this.near[i] =
          this.flow[groupOf[o] * G + groupOf[neighbours.to[i]]] * words * neighbours.similarity[i];
      }
    }
    this.perGroup = new Float64Array(G);
    this.scratch = new Float64Array(G);
  }

  /**
   * Fills `out` (J) with un-normalised weights of the next occupation after `last` (-1: the first), which itself
   * weighs nothing, and returns their sum.
   */
  row(last: number, weights: Float64Array, vocation: Float64Array, out: Float64Array): number {
    let total = 0;
    if (last < 0) {
      for (let y = 0; y < out.length; y++) {
        out[y] = weights[y] * vocation[y];
        total += out[y];
      }
      return total;
    }
    const { groupOf, neighbours } = this.structure;
    const G = this.perGroup.length;
    const base = groupOf[last] * G;
    for (let y = 0; y < out.length; y++) {
      out[y] = weights[y] * vocation[y] * this.flow[base + groupOf[y]];
      total += out[y];
    }
    total -= out[last];
    out[last] = 0;
    for (let i = neighbours.from[last]; i < neighbours.from[last + 1]; i++) {
      const y = neighbours.to[i];
      const extra = weights[y] * vocation[y] * this.near[i];
      out[y] += extra;
      total += extra;
    }
    return total;
  }

  /** P(the last occupation again | work found, from a special state). */
  recall(kind: number, last: number): number {
    return last < 0 ? 0 : this.coefficients.moves.recall[kind - 1];
  }

  /** Fills `out` (J): the sum of `row` for every last occupation. @param weights (J), vocation included */
  totals(weights: Float64Array, out: Float64Array): Float64Array {
    const { groupOf, neighbours } = this.structure;
    const { perGroup, scratch, flow, near } = this;
    const G = perGroup.length;
    perGroup.fill(0);
    for (let y = 0; y < weights.length; y++) perGroup[groupOf[y]] += weights[y];
    for (let k = 0; k < G; k++) {
      let sum = 0;
      for (let h = 0; h < G; h++) sum += flow[k * G + h] * perGroup[h];
      scratch[k] = sum;
    }
    for (let o = 0; o < out.length; o++) {
      const k = groupOf[o];
      let sum = scratch[k] - flow[k * G + k] * weights[o];
      for (let i = neighbours.from[o]; i < neighbours.from[o + 1]; i++)
        sum += near[i] * weights[neighbours.to[i]];
      out[o] = sum;
    }
    return out;
  }

  /**
   * Adds to `into` (from `offset`, every `stride`) the occupations that movers take.
   * @param movers (J): mass that leaves each last occupation, divided by that occupation's total
   * @param weights (J), vocation included
   */
  spread(
    movers: Float64Array,
    weights: Float64Array,
    into: Float64Array,
    offset: number,
    stride: number,
  ): void {
    const { groupOf, neighbours } = this.structure;
    const { perGroup, scratch, flow, near } = this;
    const G = perGroup.length;
    perGroup.fill(0);
    for (let o = 0; o < movers.length; o++) perGroup[groupOf[o]] += movers[o];
    for (let h = 0; h < G; h++) {
      let sum = 0;
      for (let k = 0; k < G; k++) sum += perGroup[k] * flow[k * G + h];
      scratch[h] = sum;
    }
    for (let y = 0; y < weights.length; y++) {
      const k = groupOf[y];
      into[offset + y * stride] += weights[y] * (scratch[k] - flow[k * G + k] * movers[y]);
    }
    for (let o = 0; o < movers.length; o++) {
      if (movers[o] === 0) continue;
      for (let i = neighbours.from[o]; i < neighbours.from[o + 1]; i++) {
        const y = neighbours.to[i];
        into[offset + y * stride] += weights[y] * near[i] * movers[o];
      }
    }
  }
}
