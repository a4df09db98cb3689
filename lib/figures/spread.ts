interface Block {
  members: number[];
  centre: number;
}

/**
 * Places for labels that shall stand at the given positions but not over each other.
 * @param positions the centres wanted, in any order and unit
 * @param sizes of the labels, in the same unit
 * @returns centres in the given order, moved as little as keeps the labels apart, within [low, high] where they fit
 */
export function spread(
  positions: readonly number[],
  sizes: readonly number[],
  low: number,
  high: number,
): number[] {
  const size = (members: readonly number[]) => members.reduce((sum, m) => sum + sizes[m], 0);
  const place = (members: number[]): Block => {
    const total = size(members);
    // Each member's wish for the centre of the block: its own position less its place in the block.
    let before = 0;
    let wishes = 0;
    for (const m of members) {
      wishes += positions[m] - (before + sizes[m] / 2 - total / 2);
      before += sizes[m];
    }
    const centre = Math.min(wishes / members.length, high - total / 2);
    return { members, centre: Math.max(centre, low + total / 2) };
  };
  const bottom = ({ members, centre }: Block) => centre - size(members) / 2;
  const top = ({ members, centre }: Block) => centre + size(members) / 2;

  const blocks: Block[] = [];
  const inOrder = positions.map((_, i) => i).sort((a, b) => positions[a] - positions[b] || a - b);
  for (const i of inOrder) {
    let block = place([i]);
    // Labels that would overlap join into one block.
    for (let last = blocks.at(-1); last !== undefined && bottom(block) < top(last); last = blocks.at(-1)) {
      blocks.pop();
      block = place([...last.members, ...block.members]);
    }
    blocks.push(block);
  }
  const centres = new Array<number>(positions.length);
  for (const block of blocks) {
    let edge = bottom(block);
    for (const m of block.members) {
      centres[m] = edge + sizes[m] / 2;
      edge += sizes[m];
    }
  }
  return centres;
}
