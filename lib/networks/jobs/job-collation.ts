import type * as tf from "@tensorflow/tfjs";
import { type Collation, planBlocks } from "../training";
import { type JobBatch, jobBatch } from "./job-batch";
import type { JobNetwork } from "./job-network";
import { type EncodedCareer, predictedYears } from "./vocabulary";

/** Lays the careers of each step out in the same blocks. Undefined where too much would be left unused. */
export function jobCollation(
  network: JobNetwork,
  steps: readonly (readonly EncodedCareer[])[],
  personYearsAtOnce: number,
): Collation<EncodedCareer> | undefined {
  const { layout, config } = network;
  const plan = planBlocks(steps, personYearsAtOnce, {
    sizeOf: yearsOf,
    targetsOf: predictedYears,
    mostBlocks: layout === "persons" ? undefined : 1,
  });
  if (plan === undefined) return undefined;
  const { blocks, cut } = plan;
  return {
    key: JSON.stringify([blocks, plan.targets]),
    collate: (careers) => {
      const total = careers.reduce((n, career) => n + predictedYears(career), 0);
      // The network's loss is a mean over the plan's targets.
      const scale = plan.targets / total;
      return cut(careers)?.map((call) => {
        const weighted = call.map((career) => ({ ...career, weight: scale * (career.weight ?? 1) }));
        const batch = jobBatch(weighted, config.covariates.length, layout, plan);
        const { jobs, positions, levels, at, previous, targets, weights } = batch;
        return { tensors: [jobs, positions, at, previous, targets, weights!, ...levels], layout: 0 };
      });
    },
    loss: ({ tensors }, seeds) => {
      const [jobs, positions, at, previous, targets, weights, ...levels] = tensors as tf.Tensor1D[];
      const cells = { jobs, positions, levels, at, previous, targets, weights };
      const batch: JobBatch = { layout, blocks, ...cells };
      return network.batchLoss(batch, { training: true, seeds });
    },
  };
}

function yearsOf({ titles }: EncodedCareer): number {
  return titles.length;
}
