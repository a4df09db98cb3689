"""Scores titles as lm-evaluation-harness scores answers: one forward pass per (context, title), in batches.

    python bench/pytorch/scoring.py MODEL_FOLDER REQUESTS

REQUESTS is a JSON file: `contexts`, lists of pieces up to a title, and `titles`, the pieces of each title; each
context is scored with each title. `first` is a context whose scores are printed. Requests go from the longest to
the shortest in batches of 16, filled on the right; the log-softmax is of all positions, as in its HFLM class.
Prints one JSON object: seconds per person-year, peak resident memory in megabytes. Needs torch and transformers.
"""

import json
import resource
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

BATCH = 16
folder, requests = sys.argv[1], json.load(open(sys.argv[2]))
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()


@torch.no_grad()
def score(contexts: list[list[int]]) -> list[float]:
    pairs = [(context, title) for context in contexts for title in requests["titles"]]
    order = sorted(range(len(pairs)), key=lambda i: -len(pairs[i][0]) - len(pairs[i][1]))
    scores = [0.0] * len(pairs)
    for start in range(0, len(order), BATCH):
        members = order[start : start + BATCH]
        inputs = [torch.tensor((pairs[i][0] + pairs[i][1])[:-1]) for i in members]
        ids = torch.nn.utils.rnn.pad_sequence(inputs, batch_first=True, padding_value=0)
        mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(x) for x in inputs], batch_first=True)
        log_p = torch.log_softmax(model(input_ids=ids, attention_mask=mask, use_cache=False).logits, dim=-1)
        for row, i in enumerate(members):
            context, title = pairs[i]
            at = torch.arange(len(context) - 1, len(context) + len(title) - 1)
            scores[i] = float(log_p[row, at, torch.tensor(title)].sum())
    return scores


row = score([requests["first"]])
start = time.perf_counter()
score(requests["contexts"])
elapsed = time.perf_counter() - start
print(
    json.dumps(
        {
            "engine": f"PyTorch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}",
            "threads": torch.get_num_threads(),
            "personYears": len(requests["contexts"]),
            "secondsPerPersonYear": elapsed / len(requests["contexts"]),
            "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "row": row,
        }
    )
)
