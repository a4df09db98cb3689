/**
 * How the angles of a model that was pre-trained on short texts are stretched for long ones: all by one factor
 * (Chen et al. 2023), or, in Llama 3.1, only those of channels that turn slowly.
 */
export type RotaryScaling =
  | { type: "linear"; factor: number }
  | {
      type: "llama3";
      factor: number;
      /** Turns within the original context: channels with fewer than `low` are stretched, with more than `high` not. */
      low: number;
      high: number;
      /** Tokens that the model was pre-trained on. */
      originalContext: number;
    };

/**
 * Angle by which each pair of channels turns from one position to the next.
 * @param theta base of the geometric series (Su et al. 2021)
 * @returns (h/2)
 */
export function rotaryFrequencies(headWidth: number, theta: number, scaling?: RotaryScaling): Float32Array {
  const half = headWidth / 2;
  return Float32Array.from({ length: half }, (_, i) => stretch(theta ** (-i / half), scaling));
}

function stretch(frequency: number, scaling?: RotaryScaling): number {
  if (scaling === undefined) return frequency;
  const stretched = frequency / scaling.factor;
  if (scaling.type === "linear") return stretched;
  const { low, high, originalContext } = scaling;
  const turns = (originalContext * frequency) / (2 * Math.PI);
  const kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
  return (1 - kept) * stretched + kept * frequency;
}
