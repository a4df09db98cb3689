"""Fine-tuning steps of a model of the base model's shape in PyTorch and Hugging Face transformers, for comparison.

    python bench/pytorch/fine_tuning.py MODEL_FOLDER TEXTS SECONDS

TEXTS is a JSON file of encoded careers; a step takes 32 of them, padded to the longest.
Prints one JSON object: tokens per second, peak resident memory in megabytes, versions. Needs torch and transformers.
"""

import json
import resource
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

folder, texts, seconds = sys.argv[1], json.load(open(sys.argv[2])), float(sys.argv[3])
torch.manual_seed(0)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1)


def batch(start: int) -> tuple[dict[str, torch.Tensor], int]:
    chosen = [torch.tensor(texts[(start + i) % len(texts)]) for i in range(32)]
    ids = torch.nn.utils.rnn.pad_sequence(chosen, batch_first=True, padding_value=0)
    mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(c) for c in chosen], batch_first=True)
    return {"input_ids": ids, "attention_mask": mask, "labels": ids.masked_fill(mask == 0, -100)}, int(mask.sum())


def step(number: int) -> int:
    inputs, tokens = batch(32 * number)
    model(**inputs, use_cache=False).loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return tokens


for number in range(3):
    step(number)
tokens, number, start = 0, 0, time.perf_counter()
while time.perf_counter() - start < seconds:
    tokens += step(number)
    number += 1
elapsed = time.perf_counter() - start
print(
    json.dumps(
        {
            "engine": f"PyTorch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}",
            "tokensPerSecond": tokens / elapsed,
            "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "threads": torch.get_num_threads(),
        }
    )
)
