import * as tf from "@tensorflow/tfjs";
import { type CompiledGraph, compileGraph, gradientsOf, isNative, seedsFrom } from "../../operations";
import type { Random } from "../../random";
import { stage } from "../../stages";
import type { CollatedCall, Collation } from "./collation";
import { namedGradients, type Trainable } from "./trainable";

/** A step's loss, the mean over its targets, and its gradients by the names of the parameters. */
export interface StepGradients {
  loss: number;
  gradients: Record<string, tf.Tensor>;
}

/** Makes the loss and the gradients of a step's examples, if they fit; called within a tidy. */
export type CompiledSteps<Example> = (
  examples: readonly Example[],
  random: Random,
) => StepGradients | undefined;

/** A graph takes some seconds to make: in fewer steps it gains less, unless they are large. */
const FEWEST_STEPS = 24;

/** Sizes of the examples of all steps, times parameters, that make few steps worth a graph: about ten seconds of work. */
const LEAST_WORK = 1.5e11;

/** Steps, spread over the run, that the layouts are chosen for. */
const STEPS_LOOKED_AT = 1000;

/**
 * Above so many parameters a graph takes more memory and is not faster: gemma-3-270m with its whole vocabulary, where
 * with a restricted one it takes less and is half as fast again.
 */
const MOST_PARAMETERS = 2e8;

/** Graphs that a process keeps: runs one after the other often have the same shapes. */
const GRAPHS_KEPT = 8;
const graphs = new Map<string, CompiledGraph>();

/**
 * The steps of a run as calls of a few graphs, where that is faster: on a CPU, of a model that is not large, in a run
 * that is not short. Undefined elsewhere. A pure function of the run, so that a resumed one goes on in the same way.
 * @param steps the examples of each step of the run
 */
export function compiledSteps<Example>(
  trainable: Trainable<Example>,
  steps: readonly (readonly Example[])[],
  tokensAtOnce: number,
): CompiledSteps<Example> | undefined {
  const { parameters, frozen, configuration } = trainable;
  const variables = [...parameters.values()];
  const read = [...variables, ...(frozen?.values() ?? [])];
  const size = read.reduce((n, tensor) => n + tensor.size, 0);
  if (!isNative("cpu") || size > MOST_PARAMETERS) return undefined;
  const work = () => size * steps.flat().reduce((n, example) => n + trainable.size(example), 0);
  if (steps.length < FEWEST_STEPS && work() < LEAST_WORK) return undefined;
  const every = Math.ceil(steps.length / STEPS_LOOKED_AT);
  const collation = trainable.collation?.(
    steps.filter((_, i) => i % every === 0),
    tokensAtOnce,
  );
  if (collation === undefined) return undefined;
  return (examples, random) => {
    const calls = collation.collate(examples);
    if (calls === undefined) return undefined;
    const sums = { loss: 0, gradients: [] as tf.Tensor[] };
    for (const call of calls) {
      const { tensors, layout } = call;
      const seed = tf.tensor1d([random.integer(2 ** 31)], "int32");
      const inputs = [...read, ...tensors, seed];
      const graph = graphFor(
        JSON.stringify([
          configuration,
          collation.key,
          layout,
          inputs.map(({ shape, dtype }) => [shape, dtype]),
        ]),
        () => record(collation, variables, inputs, call, seed),
      );
      const [loss, ...gradients] = graph.run(inputs);
      sums.loss += loss.dataSync()[0];
      const before = sums.gradients;
      sums.gradients = before.length === 0 ? gradients : gradients.map((made, i) => before[i].add(made));
      tf.dispose([...tensors, seed, loss]);
      if (before.length > 0) tf.dispose([...before, ...gradients]);
    }
    return { loss: sums.loss, gradients: namedGradients(parameters, sums.gradients) };
  };
}

function record<Example>(
  collation: Collation<Example>,
  variables: readonly tf.Variable[],
  inputs: readonly tf.Tensor[],
  call: CollatedCall,
  seed: tf.Tensor1D,
): CompiledGraph {
  stage("compiling a step of training", undefined, "graphs");
  return compileGraph(() => {
    const made = gradientsOf(() => collation.loss(call, seedsFrom(seed)), variables);
    return [made.value, ...variables.map(({ shape }, i) => made.gradients[i] ?? tf.zeros(shape))];
  }, inputs);
}

/** The graph of a key, made where it is not kept; the one that was not used for longest gives way. */
function graphFor(key: string, make: () => CompiledGraph): CompiledGraph {
  const graph = graphs.get(key) ?? make();
  graphs.delete(key);
  graphs.set(key, graph);
  if (graphs.size > GRAPHS_KEPT) {
    const [oldest, given] = graphs.entries().next().value!;
    given.dispose();
    graphs.delete(oldest);
  }
  return graph;
}
