import { strict as assert } from "node:assert";
import { UserError } from "labor-llm/dist/errors";

describe("a user's error", () => {
  it("fills one line of a readable length, whatever a damaged file puts into its words", () => {
    const cell = `19\u0000x7${"( ".repeat(50_000)}\r\n  more`;
    const { message, problem, remedy } = new UserError(
      `careers.csv:3: year ${cell} is no number`,
      "Fix the row.",
    );
    assert.match(message, /^careers\.csv:3: year 19\uFFFDx7\( .* … .*\( more is no number\. Fix the row\.$/);
    assert.ok(message.length < 1100 && problem.length < 1100);
    assert.equal(remedy, "Fix the row.");
    assert.equal(new UserError("two\n  lines").message, "two lines");
  });
});
