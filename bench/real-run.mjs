// LABOR_LLM_DATA=FOLDER node bench/real-run.mjs [--folder .cache/real-run] [--epochs 2] [--learning-rate 1e-4]: the NLSY97's own
// cohort under gemma-3-270m, off the shelf and fine-tuned, with points on the way, all titles of the test persons
// scored at the end. May be killed at any moment and run again: it goes on. Writes bench/real-run.json.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { values } = parseArgs({
  options: {
    survey: { type: "string", default: "nlsy97-person-year" },
    base: { type: "string", default: "gemma-3-270m" },
    folder: { type: "string", default: join(here, "..", ".cache", "real-run") },
    persons: { type: "string", default: "1500" },
    test: { type: "string", default: "150" },
    /** Test persons of the points on the way. */
    way: { type: "string", default: "50" },
    /** Test persons of whom all titles are scored; of all of them those that happened. */
    scored: { type: "string", default: "20" },
    epochs: { type: "string", default: "2" },
    "learning-rate": { type: "string", default: "1e-4" },
    target: { type: "string", default: "titles" },
    every: { type: "string", default: "75" },
    task: { type: "string" },
  },
});
const out = join(here, "real-run.json");
const report = existsSync(out) ? JSON.parse(readFileSync(out, "utf8")) : {};

function keep(key, value) {
  report[key] = value;
  writeFileSync(`${out}.tmp`, `${JSON.stringify(report, null, 2)}\n`);
  renameSync(`${out}.tmp`, out);
}

if (values.task === undefined) drive();
else await worker();

/** Each piece of work in a process of its own, so that each begins from the base and frees all at its end. */
function drive() {
  const run = (task) => {
    const args = process.argv.slice(1);
    const { status } = spawnSync(process.execPath, [...args, `--task=${task}`], { stdio: "inherit" });
    if (status !== 0) process.exit(status ?? 1);
    Object.assign(report, JSON.parse(readFileSync(out, "utf8")));
  };
  while (report.training?.done !== true) run("train");
  for (const task of ["off-the-shelf", "fine-tuned"]) if (report[task] === undefined) run(task);
}

async function worker() {
  const modules = [
    "careers/sample",
    "methods/language/fine-tune",
    "methods/language/reachable-tokens",
    "methods/language/restricted-vocabulary",
    "methods/language/scoring/language-model",
    "methods/language/scoring/observed",
    "metrics/bootstrap",
    "networks/decoder/decoder-trainable",
    "networks/training/options",
    "networks/training/train",
    "predictions/observed-scores",
  ];
  const L = Object.assign(
    {},
    require("labor-llm"),
    ...modules.map((path) => require(`labor-llm/dist/${path}`)),
  );
  const started = Date.now();
  await L.startEngine();
  const panel = L.readSurvey(values.survey);
  const parts = { train: Number(values.persons), validation: Number(values.test), test: Number(values.test) };
  const split = L.limitSplit(L.splitByPerson(panel, { seed: 1 }), parts, 1);
  const template = { surveyTag: panel.surveyTag };
  const whole = (await L.resolveBase(values.base)).read();
  const tokens = L.reachableTokens(whole.tokenizer, [split.train, split.validation], template);
  const restricted = L.restrictVocabulary(whole, tokens);
  const seconds = () => (Date.now() - started) / 1000;
  const opened = seconds();
  const { observedSurprisal, estimate } = measures(L, template);

  if (values.task === "off-the-shelf") {
    const { careers } = split.test;
    keep("off-the-shelf", {
      full: estimate(await observedSurprisal(whole, careers)),
      restricted: estimate(await observedSurprisal(restricted, careers)),
      tokens: tokens.length,
      secondsToOpen: opened,
    });
    return;
  }
  const training = await trainOn();
  if (values.task === "train") return;

  // With the model of the best epoch: the titles that happened of all, all titles, bounded, of some.
  const happened = estimate(await observedSurprisal(restricted, split.test.careers));
  keep("fine-tuned, titles that happened", { bestEpoch: training.bestEpoch, ...happened });
  const before = Date.now();
  const { decoder, tokenizer } = restricted;
  const scoring = { mode: "bounded", neglect: 1e-4 };
  const model = new L.LanguageOccupationModel(
    "Fine-tuned",
    decoder,
    tokenizer,
    panel.titles,
    template,
    scoring,
  );
  const distribution = await model.predict(split.test.careers.slice(0, Number(values.scored)), {
    onProgress: (n, total) => n % 50 < 8 && console.log(`${n} of ${total} person-years`),
  });
  require("labor-llm/dist/predictions/distribution-file").writeDistribution(
    join(values.folder, "distribution.safetensors"),
    distribution,
  );
  const [own] = L.measurePerplexity(
    split.test.name,
    { "Fine-tuned": L.observedScores(distribution) },
    { kinds: ["all"] },
  );
  keep("fine-tuned", {
    bestEpoch: training.bestEpoch,
    history: training.history,
    persons: own.persons,
    personYears: own.personYears,
    perplexity: own.estimate.value,
    perplexityError: own.estimate.standardError,
    cost: model.cost,
    secondsToScore: (Date.now() - before) / 1000,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  });

  /** Trains to the next point on the way, or to the end; a run that has ended gives its best epoch at once. */
  async function trainOn() {
    const { points = [], seconds: spent = 0 } = report.training ?? {};
    const stop = new AbortController();
    const every = Number(values.every);
    const options = {
      ...L.defaultTraining,
      epochs: Number(values.epochs),
      learningRate: Number(values["learning-rate"]),
      warmup: 0.05,
      weightDecay: 0.01,
      batch: { texts: 4 },
      tokensAtOnce: 1600,
    };
    const texts = (part) => L.trainingTexts(part, restricted, template, values.target);
    const data = { training: texts(split.train), validation: texts(split.validation) };
    const folder = join(values.folder, "checkpoints");
    mkdirSync(folder, { recursive: true });
    let last = { step: 0, loss: Number.NaN };
    try {
      const result = await L.train(L.decoderTrainable(restricted.decoder), data, options, {
        folder,
        checkpointEvery: 25,
        signal: stop.signal,
        onProgress: (progress) => {
          last = progress;
          const { step, steps, loss, tokensPerSecond, secondsLeft } = progress;
          if (step % 5 === 0) {
            const left = `${Math.round(secondsLeft / 60)} min left`;
            console.log(
              `${step} of ${steps}, loss ${loss.toFixed(3)}, ${Math.round(tokensPerSecond)} tokens/s, ${left}`,
            );
          }
          if (step % every === 0 && step < steps) stop.abort();
        },
      });
      if (values.task === "train")
        keep("training", { options, points, seconds: spent + seconds(), done: true });
      return result;
    } catch (error) {
      if (!(error instanceof L.TrainingInterrupted)) throw error;
    }
    const some = split.test.careers.slice(0, Number(values.way));
    const trained = seconds();
    const perplexity = estimate(await observedSurprisal(restricted, some));
    points.push({
      step: last.step,
      persons: last.step * 4,
      tokensPerSecond: last.tokensPerSecond,
      ...perplexity,
    });
    console.log(JSON.stringify(points.at(-1)));
    keep("training", {
      options,
      points,
      seconds: spent + trained,
      done: false,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    });
    return undefined;
  }
}

function measures(L, template) {
  const { encodeCareer } = require("labor-llm/dist/text/encode");
  return {
    /** By career, (observations): -ln P of the titles that happened. */
    async observedSurprisal({ decoder, tokenizer }, careers) {
      const encoded = careers.map((career) => encodeCareer(career, tokenizer, template));
      return (await L.observedLogProbability(decoder, encoded)).map((row) => row.map((x) => -x));
    },
    /** Perplexity per person-year and its error over persons. */
    estimate(surprisal) {
      const sums = surprisal.map((row) => row.reduce((a, b) => a + b, 0));
      const [{ value, standardError }] = L.bootstrapByPerson(sums.length, (times) => {
        let [sum, count] = [0, 0];
        for (let i = 0; i < sums.length; i++) {
          sum += times[i] * sums[i];
          count += times[i] * surprisal[i].length;
        }
        return [Math.exp(sum / count)];
      });
      const personYears = surprisal.reduce((n, row) => n + row.length, 0);
      return { perplexity: value, standardError, persons: sums.length, personYears };
    },
  };
}
