import type * as tf from "@tensorflow/tfjs";
import { UserError } from "../../errors";
import { type BagOfJobsConfig, BagOfJobsNetwork, bagOfJobsParameters } from "./bag-of-jobs";
import { CareerNetwork, type CareerNetworkConfig, careerParameters } from "./career-network";
import type { JobNetwork, ParameterPlan } from "./job-network";
import { LstmNetwork, type LstmNetworkConfig, lstmParameters } from "./lstm";

/** The configuration of any network over jobs. */
export type AnyJobConfig = CareerNetworkConfig | BagOfJobsConfig | LstmNetworkConfig;

/** The network of a configuration around parameters. @throws UserError where they do not fit */
export function networkOf(
  config: AnyJobConfig,
  parameters: ReadonlyMap<string, tf.Variable>,
  source = "checkpoint",
): JobNetwork<AnyJobConfig> {
  switch (config.kind) {
    case "career":
      return new CareerNetwork(config, parameters, source);
    case "bag-of-jobs":
      return new BagOfJobsNetwork(config, parameters, source);
    case "lstm":
      return new LstmNetwork(config, parameters, source);
    default:
      throw unknownKind(config, source);
  }
}

/** Each parameter of a configuration, by name. @throws UserError for a kind that there is not */
export function parametersOf(config: AnyJobConfig, source = "checkpoint"): Map<string, ParameterPlan> {
  switch (config.kind) {
    case "career":
      return careerParameters(config);
    case "bag-of-jobs":
      return bagOfJobsParameters(config);
    case "lstm":
      return lstmParameters(config);
    default:
      throw unknownKind(config, source);
  }
}

function unknownKind(config: never, source: string): UserError {
  const { kind } = config as { kind?: unknown };
  return new UserError(
    `${source}: there is no network of kind ${JSON.stringify(kind)}`,
    "The kinds are career, bag-of-jobs and lstm.",
  );
}
