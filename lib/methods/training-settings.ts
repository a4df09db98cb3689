import { z } from "zod";

const positive = z.number().positive();
const count = z.number().int().positive();

/** The options of training that a method's user may set; what is left out is the method's own default. */
export const trainingSettings = z
  .strictObject({
    epochs: count,
    maxSteps: count,
    learningRate: positive,
    warmup: z.number().min(0).max(1),
    warmupSteps: z.number().int().min(0),
    decay: z.enum(["cosine", "linear", "inverse-square-root", "none"]),
    batch: z.union([z.strictObject({ texts: count }), z.strictObject({ tokens: count })]),
    alike: z.boolean(),
    piecesAtOnce: count,
    clipNorm: positive,
    weightDecay: z.number().min(0),
    beta1: z.number().min(0).max(1),
    beta2: z.number().min(0).max(1),
  })
  .partial()
  .default({});
