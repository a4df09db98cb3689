/** The texts on which tokenizers are held against Python's; run as a program it prints them as JSON. */
import { readFileSync } from "node:fs";
import type { Career } from "labor-llm/dist/careers/career";
import { laborTitles } from "labor-llm/dist/occupations/occupations";
import { Random } from "labor-llm/dist/random";
import { renderCareer } from "labor-llm/dist/text/template";
import { fixture } from "./paths";

const regions = ["northeast", "north central", "south", "west"];
const ethnicities = ["white", "black", "hispanic"];
const educations = ["less than high school", "high school", "some college", "college"];

/** Tokens of hard strings: spaces, breaks, marks that join, special tokens, characters outside every vocabulary. */
const tokens = [
  ...[
    " ",
    "  ",
    "   ",
    "\n",
    "\n\n",
    "\t",
    "\r\n",
    "\u00a0",
    "\u2009",
    "\u3000",
    "\u0085",
    "\u2028",
    "\ufeff",
    "\u200b",
  ],
  ...[
    "the",
    " cook",
    "ing",
    "'s",
    "'LL",
    "\u017f",
    "1",
    "23",
    "4567",
    "!",
    "...",
    ",",
    "<",
    ">",
    "</",
    "/>",
    "▁",
    "_",
  ],
  ...[
    "é",
    "e\u0301",
    "\u0323",
    "ß",
    "İ",
    "ﬁ",
    "Ж",
    "中",
    "한",
    "ไ",
    "ह",
    "ی",
    "½",
    "Ⅳ",
    "٣",
    "🙂",
    "👩‍⚕️",
    "🏽",
    "🇨🇭",
  ],
  ...[
    "<bos>",
    "<eos>",
    "<pad>",
    "<unk>",
    "<s>",
    "</s>",
    "<table>",
    "<unused7>",
    "<start_of_turn>",
    "[multimodal]",
  ],
  ...[
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|eot_id|>",
    "<0x0A>",
    "<0xFF>",
    "\x00",
    "\x7f",
    "\ue000",
    "\u{10ffff}",
  ],
];

/** 335 titles, 1,000 made-up careers, hard strings. */
export function tokenizerTexts(): { titles: string[]; careers: string[]; hard: string[] } {
  const random = new Random("tokenizer texts");
  const titles = [...laborTitles().titles];
  const careers = Array.from({ length: 1000 }, () => renderCareer(madeUpCareer(titles, random)));
  const mixed = Array.from({ length: 600 }, () => {
    const character = () => String.fromCodePoint(32 + random.integer(random.choice([0x250, 0x3000, 0xd7e0])));
    const token = () => (random.uniform() < 0.2 ? character() : random.choice(tokens));
    return Array.from({ length: 1 + random.integer(40) }, token).join("");
  });
  const runs = [" ", "\n", "\t", "a", "!", "é", "🙂", "\u0301"].map((unit) => unit.repeat(100));
  const { strings } = JSON.parse(readFileSync(fixture("tokenizer", "expected.json"), "utf8"));
  return { titles, careers, hard: [...strings, ...runs, ...mixed] };
}

function madeUpCareer(titles: readonly string[], random: Random): Career {
  const birthYear = 1940 + random.integer(50);
  const years = 1 + random.integer(30);
  const observations = Array.from({ length: years }, (_, i) => ({
    year: birthYear + 18 + i,
    education: random.choice(educations),
    title: random.choice(titles),
  }));
  const gender = random.choice(["female", "male"]);
  const covariates = {
    gender,
    ethnicity: random.choice(ethnicities),
    region: random.choice(regions),
    birthYear,
  };
  return { person: "", covariates, observations };
}

if (require.main === module) process.stdout.write(JSON.stringify(tokenizerTexts()));
