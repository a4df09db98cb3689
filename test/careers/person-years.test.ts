import { strict as assert } from "node:assert";
import { describePanel, personYears } from "labor-llm/dist/careers";
import { readSurvey } from "labor-llm/dist/surveys";

describe("A panel as a table of person-years", () => {
  const panel = readSurvey("nlsy-young-men");
  const rows = personYears(panel);

  it("has a row for each, with what came before", () => {
    assert.equal(rows.length, describePanel(panel).personYears);
    for (const [i, { person, year, title, previous, transition }] of rows.entries()) {
      const isFirst = i === 0 || rows[i - 1].person !== person;
      assert.equal(previous, isFirst ? undefined : rows[i - 1].title);
      assert.equal(transition, isFirst ? "first" : previous === title ? "stay" : "move");
      if (!isFirst) assert.ok(year > rows[i - 1].year);
    }
  });

  it("comes to the panel's own shares in arquero, and in danfojs", async () => {
    const { transitions, personYears: all } = describePanel(panel);
    const aq = await import("arquero");
    const counted = aq.from(rows).groupby("transition").count().objects() as {
      transition: string;
      count: number;
    }[];
    const shares = Object.fromEntries(counted.map(({ transition, count }) => [transition, count / all]));
    assert.deepEqual(shares, { ...transitions });
    const { DataFrame } = await import("danfojs-node");
    const column = new DataFrame(rows.map(({ transition }) => ({ transition }))).column("transition");
    const values = column.valueCounts();
    for (const [i, name] of values.index.entries()) {
      assert.equal(
        Number(values.values[i]) / all,
        transitions[name as keyof typeof transitions],
        String(name),
      );
    }
    assert.equal(values.index.length, 3);
  });
});
