import { strict as assert } from "node:assert";
import type { Career } from "labor-llm/dist/careers/career";
import { educationLevels } from "labor-llm/dist/careers/education";
import { fitMarkov } from "labor-llm/dist/methods/markov/markov";
import {
  auc,
  compareEvents,
  compareEventsByGroup,
  compareSubgroups,
  eventForecast,
  type MeasureId,
  only,
  representativenessByGroup,
  subgroupsOf,
  titleEvents,
  where,
} from "labor-llm/dist/metrics";
import { expectedCalibrationError, meanTest, spiegelhalterTest } from "labor-llm/dist/metrics/calibration";
import type { TitleDistribution } from "labor-llm/dist/predictions";
import { Random } from "labor-llm/dist/random";
import { readSurvey } from "labor-llm/dist/surveys";
import { oracle } from "labor-llm/dist/surveys/law/oracle";
import { lawEthnicities, lawGenders, lawRegions } from "labor-llm/dist/surveys/law/parameters";
import { Simulator } from "labor-llm/dist/surveys/law/simulate";
import { oracleOf } from "labor-llm/dist/surveys/synthetic";
import { tinyLaw } from "../support/tiny-law";
import { scoresOf } from "./distributions";
import { numberOf } from "./measured";

const law = tinyLaw({ name: "tiny", specialStates: true });
const rounds = [1999, 2000, 2001, 2003, 2004, 2006, 2007];

function careers(persons: number, seed: number): Career[] {
  const simulator = new Simulator(law);
  return Array.from({ length: persons }, (_, i) => {
    const random = new Random("calibration of the law", seed, i);
    const [gender, ethnicity, region] = [lawGenders, lawEthnicities, lawRegions].map((all) =>
      random.integer(all.length),
    );
    const birthYear = 1970 + random.integer(14);
    const life = simulator.life({ gender, ethnicity, region, birthYear }, 1999, 2007, random);
    return {
      person: String(i),
      covariates: {
        ...{
          gender: lawGenders[gender],
          ethnicity: lawEthnicities[ethnicity],
          region: lawRegions[region],
          birthYear,
        },
      },
      observations: life
        .filter(({ year }) => rounds.includes(year))
        .map(({ year, slot, education }) => ({
          ...{ year, title: law.titles.titles[law.columnOf[slot]], education: educationLevels[education] },
        })),
    };
  });
}

/** A model that is too sure: probabilities squared and normalised anew. */
function sharpened(d: TitleDistribution): TitleDistribution {
  const J = d.titles.size;
  const logProbability = d.logProbability.map((logP) => 2 * logP);
  for (let n = 0; n < d.observed.length; n++) {
    const row = logProbability.subarray(n * J, (n + 1) * J);
    const mass = Math.log(row.reduce((sum, logP) => sum + Math.exp(logP), 0));
    row.forEach((logP, j) => {
      row[j] = logP - mass;
    });
  }
  return { ...d, logProbability };
}

describe("The oracle's probabilities of events", () => {
  const test = careers(400, 1);
  let models: Record<string, TitleDistribution>;

  before(async () => {
    const truth = await oracle(law).predict(test);
    const markov = await fitMarkov({ titles: law.titles, careers: careers(400, 2) }).predict(test);
    models = { truth, sharpened: sharpened(truth), markov };
  });

  it("are true within their error for every event, in the mean, over bins and by Spiegelhalter; sharper ones are not", () => {
    for (const event of titleEvents(law.titles)) {
      const truth = eventForecast(models.truth, event);
      assert.ok(truth.row.length > 2000 && expectedCalibrationError(truth).p > 0.01, event.name);
      assert.ok(Math.abs(spiegelhalterTest(truth).z) < 2.6 && Math.abs(meanTest(truth).z) < 2.6, event.name);
      const sharp = eventForecast(models.sharpened, event);
      assert.ok(expectedCalibrationError(sharp).p < 0.01 && spiegelhalterTest(sharp).p < 0.01, event.name);
    }
  });

  it("rank every event better than a Markov table does, and have the lower Brier score", () => {
    for (const event of titleEvents(law.titles)) {
      const found = compareEvents("tiny", models, event, { replications: 300 });
      const { value, interval } = only(found, { model: "markov", measure: "AUC difference" }).estimate;
      assert.ok(interval[1] < 0, `${event.name}: ${value}`);
      assert.ok(numberOf(found, { model: "markov", measure: "Brier score difference" }) > 0);
    }
  });

  it("are true in every group, where the transitions are represented; sharper ones are found out", () => {
    const { groups } = subgroupsOf(test, { minPersons: 50 });
    assert.ok(groups.length >= 10);
    const [, unemployed] = titleEvents(law.titles);
    const events = compareEventsByGroup("tiny", models, unemployed, groups, { replications: 2, bins: 5 });
    const distances = representativenessByGroup("tiny", models, groups, { replications: 2, draws: 500 });
    const beyondChance = [
      where(events, { measure: "calibration error beyond chance" }),
      where(distances, { measure: "transition distance beyond chance" }),
    ];
    for (const rows of beyondChance) {
      const p = (model: string) => where(rows, { model }).map(({ among }) => among!.p);
      assert.equal(p("truth").length, groups.length);
      assert.ok(
        p("truth").every((q) => q > 0.05),
        `${p("truth")}`,
      );
      assert.ok(p("sharpened").filter((q) => q <= 0.05).length > groups.length / 2);
    }
  });

  it("are beaten in no group, and what a model loses against them is measured group by group", () => {
    const { groups } = subgroupsOf(test, { minPersons: 50, depth: 1 });
    const options = { reference: "truth", isLaw: true, replications: 300 };
    const found = where(compareSubgroups("tiny", scoresOf(models), groups, options), { model: "markov" });
    for (const { on, estimate } of where(found, { measure: "log-loss difference" })) {
      const { value, interval } = estimate;
      assert.ok(interval[1] > 0 && value > 0, `${on.group!.is}: ${value}`);
    }
    // Women and men are all there are: one half's excess is the other's shortfall.
    const byGender = (measure: MeasureId) =>
      where(found, { measure })
        .filter(({ on }) => on.group!.of === "gender")
        .map(({ estimate }) => estimate.value);
    const [women, men] = byGender("log-loss gap beyond the law");
    assert.ok(Math.abs(women + men) < 1e-9);
    const [womenLose, menLose] = byGender("log-loss difference");
    assert.ok(Math.abs(women - (womenLose - menLose)) < 1e-9);
  });

  it("are true within their error on the synthetic NLSY97 of 335 titles", async () => {
    const panel = readSurvey("synthetic-nlsy97");
    const some = await oracleOf(panel)!.predict(panel.careers.slice(0, 100));
    for (const event of titleEvents(panel.titles)) {
      const forecast = eventForecast(some, event);
      assert.ok(expectedCalibrationError(forecast).p > 0.01, event.name);
      assert.ok(
        Math.abs(spiegelhalterTest(forecast).z) < 2.6 && Math.abs(meanTest(forecast).z) < 2.6,
        event.name,
      );
      assert.ok(auc(forecast) > 0.6, event.name);
    }
  });
});
