"""Fine-tuning steps of a model of the base model's shape in PyTorch and Hugging Face transformers, for comparison.

    python bench/pytorch/fine_tuning.py MODEL_FOLDER ROWS LENGTH SECONDS

Prints one JSON object: tokens per second, peak resident memory in megabytes, versions. Needs torch and transformers.
"""

import json
import resource
import sys
import time

import torch
import transformers
from transformers import AutoModelForCausalLM

folder, rows, length, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
torch.manual_seed(0)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1)
ids = torch.randint(0, model.config.vocab_size, (rows, length))


def step() -> None:
    loss = model(input_ids=ids, labels=ids, use_cache=False).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()


for _ in range(3):
    step()
steps, start = 0, time.perf_counter()
while time.perf_counter() - start < seconds:
    step()
    steps += 1
elapsed = time.perf_counter() - start
print(
    json.dumps(
        {
            "engine": f"PyTorch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}",
            "tokensPerSecond": steps * rows * length / elapsed,
            "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "threads": torch.get_num_threads(),
        }
    )
)
