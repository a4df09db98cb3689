"""A survey's file to texts and tokens with pandas and Hugging Face's tokenizers; see bench/panel.mjs.

    python panel.py FILE WORDS.json TOKENIZER.json TEXTS

Reads the file with pandas and sorts it by person and year; is handed the title and the education of each row that
is used, in words (not timed); groups by person and renders in the template of LABOR-LLM, one string per person; and
encodes them in one batch. Each step gives [wall seconds, processor seconds].
"""

import json
import resource
import sys
import time



def clock():
    return time.perf_counter(), time.process_time()


def since(start):
    return [now - then for now, then in zip(clock(), start)]


start = clock()
import pandas as pd
from tokenizers import Tokenizer

file, words, tokenizer_file, texts_file = sys.argv[1:]
tokenizer = Tokenizer.from_file(tokenizer_file)
load = since(start)

start = clock()
table = pd.read_csv(file, dtype={"job_occ": "string"})
key = "id" if "id" in table else "person"
table = table.sort_values([key, "year"], kind="stable")
read = since(start)

with open(words, encoding="utf8") as lines:
    given = json.load(lines)
used = pd.DataFrame(given["rows"], columns=[key, "year", "title", "education"])
used[key] = used[key].astype(table[key].dtype)
table = table.merge(used, on=[key, "year"], suffixes=("_raw", ""))


def article(worker):
    lower = worker.lower()
    vowel = lower[0] in "aeiou" and not lower.startswith(("eu", "uni", "us")) and lower.split(" ")[0] != "one"
    return "an" if vowel else "a"


def render(covariates, rows):
    words = [covariates[name] for name in ("gender", "ethnicity") if name in covariates]
    worker = " ".join([*words, "worker"])
    where = f" residing in the {covariates['region']} region" if "region" in covariates else ""
    lines = [
        f"<A worker from the {given['surveyTag']} dataset>",
        "The following information is available about the work history of "
        f"{article(worker)} {worker}{where}.",
    ]
    if "birthYear" in covariates:
        lines.append(f"The worker was born in {covariates['birthYear']}.")
    lines.append(
        "The worker has the following records of work experience, one entry per line, "
        "including year, education level, and the job title:"
    )
    lines += [
        f"{year} ({education}): {title}" if isinstance(education, str) else f"{year}: {title}"
        for year, title, education in zip(rows["year"], rows["title"], rows["education"])
    ]
    lines.append("<END OF DATA>\n")
    return "\n".join(lines)


start = clock()
texts = [render(given["covariates"][str(person)], rows) for person, rows in table.groupby(key, sort=False)]
rendered = since(start)
start = clock()
tokens = sum(len(one.ids) for one in tokenizer.encode_batch(texts, add_special_tokens=False))
encoded = since(start)
with open(texts_file, "w", encoding="utf8", newline="") as out:
    out.write("\n".join(texts))
print(
    json.dumps(
        {
            "load": load,
            "read": read,
            "render": rendered,
            "tokenise": encoded,
            "persons": len(texts),
            "personYears": len(table),
            "tokens": tokens,
            "peakMegabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }
    )
)
