import { strict as assert } from "node:assert";
import { runCommand as command } from "../support/command";

describe("numbers on the command line", () => {
  it("have a range that the refusal names", async () => {
    const fit = ["fine-tune", "--survey", "nlsy-young-men", "--method", "lstm", "--out", "nowhere"];
    const score = ["score", "--model", "m", "--careers", "c", "--out", "o"];
    const evaluate = ["evaluate", "--model", "markov", "--survey", "nlsy-young-men"];
    const cases: [string[], string[], RegExp][] = [
      [
        [...score, "--next"],
        ["3000000000", "1e300", "-1", "999", "10000", "1985.5", "", " ", "0x7d0"],
        /from 1000 to 9999/,
      ],
      [[...score, "--top"], ["0", "2147483648", "1e3", "Infinity"], /from 1 to 2147483647/],
      [[...fit, "--seed"], ["-1", "9007199254740993", "", "NaN"], /from 0 to 9007199254740991/],
      [[...fit, "--persons"], ["0", "4294967297"], /from 1 to 2147483647/],
      [[...fit, "--epochs"], ["0", "1.5", "4294967297"], /from 1 to 2147483647/],
      [[...fit, "--learning-rate"], ["0", "-1", "1e-400", "1e39", "1e999", ""], /from 1e-12 to 1000000/],
      [[...evaluate, "--replications"], ["1", "1000000001"], /from 2 to 1000000/],
      [[...evaluate, "--test-persons"], ["0", "4294967297"], /from 1 to 2147483647/],
      [["reproduce", "--jobs"], ["0", "4294967297"], /from 1 to 1024/],
      [["reproduce", "--cell-timeout"], ["0", "2147484", "Infinity"], /from 0.001 to 2147483/],
      [
        [...fit, "--set"],
        [
          "training.epochs=2147483648",
          "training.epochs=1e400",
          "training.learningRate=1e39",
          "width=65537",
          "layers=4294967297",
        ],
        /settings of lstm: .*(expected number)/,
      ],
    ];
    for (const [args, values, says] of cases) {
      for (const value of values) {
        const { status, out, err } = await command(...args, value);
        assert.deepEqual([status, out], [2, ""], `${args.join(" ")} ${value}: ${err}`);
        assert.match(err, says, `${args.join(" ")} ${value}`);
        assert.match(err, /^.+\n$/, err);
      }
    }
  });
});

describe("--set", () => {
  it("takes no setting within another's value, and no name for another thing than a setting's", async () => {
    const fit = ["fine-tune", "--survey", "nlsy-young-men", "--method", "lstm", "--out", "nowhere"];
    const cases: [string[], RegExp][] = [
      [
        ["training=3", "training.epochs=2"],
        /^the setting training\.epochs is within training, which is 3\. /,
      ],
      [["training=[1]", "training.epochs=2"], /is within training, which is \[1\]/],
      [["training.batch=x", "training.batch.texts=2"], /is within training\.batch, which is "x"/],
      [["training=null"], /expected object, received null/],
      [["__proto__.epochs=2"], /Unrecognized key: "__proto__"/],
      [["training.__proto__.epochs=2"], /Unrecognized key: "__proto__"/],
      [["constructor.prototype.epochs=2"], /Unrecognized key: "constructor"/],
      [["toString=2"], /Unrecognized key: "toString"/],
      [["a..b=2"], /Unrecognized key: "a"/],
    ];
    for (const [pairs, says] of cases) {
      const { status, err } = await command(...fit, ...pairs.flatMap((pair) => ["--set", pair]));
      assert.equal(status, 2, `${pairs}: ${err}`);
      assert.match(err, says);
      assert.match(err, /^.+\n$/, err);
    }
    assert.equal(({} as Record<string, unknown>).epochs, undefined);
  });
});
