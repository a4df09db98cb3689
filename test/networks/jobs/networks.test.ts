import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { engineInfo, startEngine } from "labor-llm/dist/engine";
import type { NamedArray } from "labor-llm/dist/files/safetensors/named-array";
import { readSafetensors } from "labor-llm/dist/files/safetensors/safetensors-reader";
import { toVariables } from "labor-llm/dist/networks/checkpoints/parameters";
import { BagOfJobsNetwork } from "labor-llm/dist/networks/jobs/bag-of-jobs";
import { CareerNetwork } from "labor-llm/dist/networks/jobs/career-network";
import type { JobNetwork } from "labor-llm/dist/networks/jobs/job-network";
import { LstmNetwork } from "labor-llm/dist/networks/jobs/lstm";
import type { CovariateName, EncodedCareer } from "labor-llm/dist/networks/jobs/vocabulary";
import { variableGradients } from "labor-llm/dist/operations/gradients";
import type { EngineName } from "labor-llm/dist/session";
import { expectClose } from "../../support/close";
import { fixture } from "../../support/paths";

interface Fixture {
  titles: number;
  levels: Record<CovariateName, number>;
  careers: { titles: number[]; levels: Record<CovariateName, number[]> }[];
}

const data: Fixture = JSON.parse(readFileSync(join(fixture("career"), "careers.json"), "utf8"));
const names = Object.keys(data.levels) as CovariateName[];
const careers: EncodedCareer[] = data.careers.map(({ titles, levels }) => ({
  titles: Int32Array.from(titles),
  previous: Int32Array.from([-1, ...titles.slice(0, -1)]),
  levels: Int32Array.from(names.flatMap((name) => levels[name])),
}));
const shared = {
  twoStage: true,
  titles: data.titles,
  covariates: names.map((name) => ({ name, levels: data.levels[name] })),
  dropout: 0.1,
};

/** The networks of test/fixtures/make_career.py. */
const networks: Record<string, (parameters: Map<string, tf.Variable>) => JobNetwork> = {
  career: (parameters) =>
    new CareerNetwork(
      { ...shared, kind: "career", layers: 2, width: 24, feedForward: 40, heads: 3 },
      parameters,
    ),
  lstm: (parameters) => new LstmNetwork({ ...shared, kind: "lstm", layers: 2, width: 10 }, parameters),
  "bag-of-jobs": (parameters) =>
    new BagOfJobsNetwork({ ...shared, kind: "bag-of-jobs", width: 8 }, parameters),
};

function load(name: string): { network: JobNetwork; expected: Map<string, NamedArray> } {
  const { tensors } = readSafetensors(join(fixture("career"), `${name}.safetensors`));
  const parameters = [...tensors].flatMap(([key, array]): [string, NamedArray][] =>
    key.startsWith("parameter.") ? [[key.slice("parameter.".length), array]] : [],
  );
  return { network: networks[name](toVariables(new Map(parameters))), expected: tensors };
}

describe("Networks over jobs", () => {
  after(() => startEngine({ engine: fastest }));
  let fastest: EngineName;
  before(() => {
    fastest = engineInfo()!.engine;
  });

  const cases = Object.keys(networks).flatMap((name) =>
    (["tensorflow", "wasm", "cpu"] as const).map((engine) => ({ name, engine })),
  );
  for (const { name, engine } of cases) {
    it(`give the loss, probabilities and gradients of PyTorch: ${name} on ${engine}`, async function () {
      if (engine === "tensorflow" && fastest !== "tensorflow") {
        console.log("      TensorFlow's native library is not there: labor-llm engine --install gets it");
        this.skip();
      }
      await startEngine({ engine });
      const { network, expected } = load(name);
      const logP = network.logProbabilities(careers);
      expectClose(logP.dataSync(), expected.get("log_probability")!.values, 1e-4);
      logP.dispose();

      const variables = [...network.parameters.values()];
      const { value, grads } = variableGradients(() => network.loss(careers), variables);
      expectClose(value.dataSync(), expected.get("loss")!.values, 1e-5);
      for (const [parameter, variable] of network.parameters) {
        const gradient = expected.get(`gradient.${parameter}`)!.values;
        const scale = Math.max(...Array.from(gradient, Math.abs));
        expectClose(grads[variable.name].dataSync(), gradient, 1e-4 * scale);
      }
      network.dispose();
    });
  }
});
