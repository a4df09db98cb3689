/** Where a search for a method's settings starts, and what it tries in place of that, one dimension after the other. */
export interface SearchSpace {
  start: object;
  dimensions: readonly SearchDimension[];
}

export interface SearchDimension {
  /** As a table names it. */
  name: string;
  /** Settings to lay over those that are best so far. */
  tried: readonly object[];
}

const training = (options: object) => ({ training: options });
export const learningRates = (...rates: number[]): SearchDimension => ({
  name: "learning rate",
  tried: rates.map((learningRate) => training({ learningRate })),
});
export const epochsOfSchedule = (...counts: number[]): SearchDimension => ({
  name: "epochs of the schedule",
  tried: counts.map((epochs) => training({ epochs })),
});
const batches = (...texts: number[]): SearchDimension => ({
  name: "persons a step",
  tried: texts.map((one) => training({ batch: { texts: one } })),
});
const warmUps = (...shares: number[]): SearchDimension => ({
  name: "warm-up, share of steps",
  tried: shares.map((warmup) => training({ warmup })),
});
const decay = (...weights: number[]): SearchDimension => ({
  name: "weight decay",
  tried: weights.map((weightDecay) => training({ weightDecay })),
});
const setting = (name: string, key: string, ...values: (number | string)[]): SearchDimension => ({
  name,
  tried: values.map((value) => ({ [key]: value })),
});

/**
 * What is searched for each method that is trained by steps: the same dimensions, as far as a method has them, with
 * about as many fits for each. Penalties of the regressions, of the logit on embeddings and of the Markov tables are
 * chosen by validation in their own fits.
 */
export const searchSpaces: Readonly<Record<string, SearchSpace>> = {
  "bag-of-jobs": {
    start: { width: 256, ...training({ learningRate: 5e-4, batch: { texts: 8 }, warmup: 0.05 }) },
    dimensions: [
      learningRates(2e-4, 1e-3, 2e-3),
      batches(4, 32),
      setting("width", "width", 64, 1024),
      decay(0.1),
      warmUps(0.2),
    ],
  },
  lstm: {
    start: {
      layers: 1,
      width: 128,
      dropout: 0.1,
      ...training({ learningRate: 1e-3, batch: { texts: 8 }, warmup: 0.05 }),
    },
    dimensions: [
      learningRates(5e-4, 2e-3),
      batches(32),
      setting("layers", "layers", 2),
      setting("width", "width", 256),
      setting("dropout", "dropout", 0.3),
      decay(0.1),
      warmUps(0.2),
    ],
  },
  career: {
    start: {
      layers: 3,
      dropout: 0.1,
      covariateScale: "jobs",
      ...training({ learningRate: 5e-4, batch: { texts: 8 }, warmup: 0.05 }),
    },
    dimensions: [
      learningRates(2e-4, 1e-3),
      batches(32),
      setting("layers", "layers", 1, 6),
      setting("dropout", "dropout", 0.3),
      setting("covariates' scale", "covariateScale", "published"),
      decay(0.1),
      warmUps(0.2),
    ],
  },
  /** The second stage alone. */
  "career-pretrained": {
    start: training({ learningRate: 3e-4, batch: { texts: 8 }, warmup: 0.05 }),
    dimensions: [learningRates(1e-4, 1e-3), batches(32), decay(0.1), warmUps(0.2)],
  },
  "fine-tuned": {
    start: {
      target: "text",
      ...training({ learningRate: 1e-3, batch: { texts: 8 }, epochs: 4, patience: 2 }),
    },
    dimensions: [learningRates(5e-4, 2e-3), setting("loss on", "target", "titles"), epochsOfSchedule(2, 6)],
  },
};
