import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openModelFolder } from "labor-llm/dist/methods";
import { resolveBase } from "labor-llm/dist/methods/language/base-models";
import { fewYoungMen, fitSmall, smallSettings, writeTinyBase } from "../methods/small-fits";
import { runCommand } from "../support/command";
import { ownRuns } from "../support/own-runs";
import { runPython } from "../support/python";

describe("an adapter alone", function () {
  this.timeout(120_000);
  ownRuns();
  const split = fewYoungMen();
  let scratch: string;
  let [base, adapter]: string[] = [];
  const settings = (more: object) => ({ ...smallSettings("fine-tuned", base), lora: { rank: 2 }, ...more });
  const survey = ["--survey", "nlsy-young-men", "--test-persons", "3", "--replications", "10"];
  const evaluated = async (folder: string, ...more: string[]) => {
    const { status, out, err } = await runCommand(
      "evaluate",
      "--model",
      folder,
      ...survey,
      "--json",
      ...more,
    );
    assert.equal(status, 0, err);
    return JSON.parse(out).perplexity[0].perplexity as number;
  };

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), "labor-llm-adapter-"));
    base = writeTinyBase(join(scratch, "base"), split);
    adapter = join(scratch, "adapter");
    await fitSmall("fine-tuned", settings({ adapterOnly: true }), split, adapter);
  });
  after(() => rmSync(scratch, { recursive: true }));

  it("predicts to the bit what the whole model of the same fit does, and does not hold the base model", async () => {
    const whole = join(scratch, "whole");
    const merged = await fitSmall("fine-tuned", settings({}), split, whole);
    const { model, card } = await openModelFolder(adapter);
    assert.deepEqual(await model.predict(split.test.careers), await merged.model.predict(split.test.careers));
    assert.deepEqual(readdirSync(adapter).sort(), [
      "README.md",
      "adapter_config.json",
      "adapter_model.safetensors",
      "base.json",
      "labor-llm.json",
      "pieces.json",
    ]);
    // Rank 2 beside seven matrices of each of two layers: 2 (in + out).
    const { width: D, feedForward: F, layers } = { width: 32, feedForward: 48, layers: 2 };
    const [q, kv] = [32, 16];
    const trained = layers * 2 * (D + q + 2 * (D + kv) + (q + D) + 2 * (D + F) + (F + D));
    assert.equal(card.report.trained, trained);
    assert.ok(card.report.parameters > 2 * trained);
  });

  it("names its base model with its digest, on cards for readers and for PEFT", async () => {
    const digest = (await resolveBase(base)).digest();
    const readme = readFileSync(join(adapter, "README.md"), "utf8");
    assert.ok(readme.includes(`Base model: ${base}, SHA-256 ${digest}`));
    assert.match(readme, /rank 2, alpha 4, on q_proj, .*; [\d,]+ trained parameters/);
    const { base_model_name_or_path, r, peft_type } = JSON.parse(
      readFileSync(join(adapter, "adapter_config.json"), "utf8"),
    );
    assert.deepEqual([base_model_name_or_path, r, peft_type], [base, 2, "LORA"]);
  });

  it("is measured where its base model was moved, and refuses another", async () => {
    const before = await evaluated(adapter);
    const moved = join(scratch, "moved");
    renameSync(base, moved);
    try {
      const gone = await runCommand("evaluate", "--model", adapter, ...survey);
      assert.deepEqual([gone.status, gone.out], [2, ""]);
      assert.match(gone.err, /base\.json: there is no base model [^\n]*\n$/);
      assert.equal(await evaluated(adapter, "--base", moved), before);
      const other = writeTinyBase(join(scratch, "other"), split, 2);
      const { status, err } = await runCommand("evaluate", "--model", adapter, ...survey, "--base", other);
      assert.equal(status, 2);
      assert.match(err, /is not the one that this model was fitted on \(its SHA-256 differs\)[^\n]*\n$/);
    } finally {
      renameSync(moved, base);
    }
  });

  it("scores careers on its base model where that was moved, and writes nothing there", async () => {
    const careers = join(scratch, "careers.csv");
    writeFileSync(careers, `person,year,title\n1,1980,"${split.train.titles.titles[0]}"\n`);
    const score = ["score", "--model", adapter, "--careers", careers, "--top", "1"];
    const run = (out: string, ...more: string[]) => runCommand(...score, "--out", out, ...more);
    const [before, after, moved] = ["before.csv", "after.csv", "moved"].map((name) => join(scratch, name));
    assert.equal((await run(before)).status, 0);
    renameSync(base, moved);
    try {
      assert.match((await run(after)).err, /base\.json: there is no base model [^\n]*\n$/);
      const { status, err } = await run(after, "--base", moved);
      assert.equal(status, 0, err);
      assert.deepEqual(readFileSync(after), readFileSync(before));
      const inside = await run(join(moved, "scores.csv"), "--base", moved);
      assert.equal(inside.status, 2);
      assert.match(inside.err, /lies in the input[^\n]*\n$/);
    } finally {
      renameSync(moved, base);
    }
  });

  it("is measured as PEFT alone would have written it, on the base model that it or the user names", async () => {
    const bare = join(scratch, "bare");
    for (const file of ["adapter_config.json", "adapter_model.safetensors"]) {
      cpSync(join(adapter, file), join(bare, file));
    }
    // Over all tokens: less of the probability is on titles.
    const [named, told] = [await evaluated(bare), await evaluated(bare, "--base", base)];
    assert.equal(named, told);
    assert.ok(named > (await evaluated(adapter)));
  });

  it("is refused in one line for a fit without one, before anything is written", async () => {
    const out = join(scratch, "none");
    const cases: [args: string[], message: RegExp][] = [
      [["--method", "career"], /^--adapter-only: career trains no adapter\. [^\n]*--set lora\.rank=8\.\n$/],
      [[], /^settings of fine-tuned: adapterOnly: there is no adapter without LoRA; set lora\.rank[^\n]*\n$/],
    ];
    for (const [args, message] of cases) {
      const ran = await runCommand(
        "fine-tune",
        ...survey.slice(0, 2),
        "--adapter-only",
        "--out",
        out,
        ...args,
      );
      assert.deepEqual([ran.status, ran.out, existsSync(out)], [2, "", false]);
      assert.match(ran.err, message);
    }
  });

  it("is written by the command line, which counts what is trained, and says where a table predicts better", async () => {
    const out = join(scratch, "said");
    const lora = [
      "--adapter-only",
      "--set",
      "lora.rank=2",
      "--base",
      base,
      "--epochs",
      "1",
      "--persons",
      "8",
    ];
    const ran = await runCommand("fine-tune", ...survey.slice(0, 2), "--out", out, ...lora);
    assert.equal(ran.status, 0, ran.err);
    assert.match(ran.out, /: Fine-tuned, [\d,]+ trained of [\d,]+ parameters, 8 persons, validation loss /);
    assert.ok(existsSync(join(out, "adapter_config.json")));
    assert.match(
      ran.err,
      /Warning: the model predicts worse than a table of how often each title follows each other \(Markov\): of the \d+ validation persons its perplexity is [\d.e+]+, the table's, from the same training persons, [\d.]+\. Train longer /,
    );
  });

  it("is opened by PEFT", function () {
    const program = `
import sys, torch
from transformers import AutoModelForCausalLM
from peft import PeftModel
base, adapter = sys.argv[1:3]
model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32), adapter)
print(sum(p.numel() for n, p in model.named_parameters() if "lora_" in n))
`;
    const output = runPython(["torch", "transformers", "peft"], program, base, adapter);
    if (output === undefined) return this.skip();
    assert.ok(
      readFileSync(join(adapter, "README.md"), "utf8").includes(Number(output).toLocaleString("en-US")),
    );
  });
});
