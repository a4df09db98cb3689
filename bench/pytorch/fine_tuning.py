"""Fine-tuning steps in PyTorch and Hugging Face transformers, for comparison with bench/fine-tuning.mjs.

    python bench/pytorch/fine_tuning.py MODEL_FOLDER TEXTS SECONDS            a model of the base model's shape
    python bench/pytorch/fine_tuning.py --shape JSON SECONDS                  random weights

TEXTS is a JSON file of encoded careers, {"texts", "perStep"}; a step takes so many of them, padded to the longest. The
second form reads "config" and "lora" too; with "lora", peft trains an adapter.
Prints one JSON object: tokens per second, per second of a processor, peak resident memory in megabytes, versions.
Needs torch and transformers.
"""

import json
import resource
import sys
import time

import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM

torch.manual_seed(0)
given = json.load(open(sys.argv[2]))
texts, per_step = given["texts"], given["perStep"]
seconds = float(sys.argv[3])
if sys.argv[1] == "--shape":
    config = AutoConfig.for_model(**given["config"])
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    if given.get("lora"):
        from peft import LoraConfig, get_peft_model

        targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
        lora = given["lora"]
        model = get_peft_model(model, LoraConfig(r=lora["rank"], lora_alpha=lora["alpha"], target_modules=targets))
else:
    model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
model.train()
trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1)


def batch(start: int) -> tuple[dict[str, torch.Tensor], int]:
    chosen = [torch.tensor(texts[(start + i) % len(texts)]) for i in range(per_step)]
    ids = torch.nn.utils.rnn.pad_sequence(chosen, batch_first=True, padding_value=0)
    mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(c) for c in chosen], batch_first=True)
    inputs = {"input_ids": ids, "labels": ids.masked_fill(mask == 0, -100)}
    if not mask.all():
        inputs["attention_mask"] = mask
    return inputs, int(mask.sum())


def step(number: int) -> int:
    inputs, tokens = batch(per_step * number)
    model(**inputs, use_cache=False).loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return tokens


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


for number in range(3 if sum(p.numel() for p in model.parameters()) < 5e7 else 1):
    step(number)
tokens, number, start, used = 0, 0, time.perf_counter(), processor()
while time.perf_counter() - start < seconds:
    tokens += step(number)
    number += 1
elapsed = time.perf_counter() - start
print(
    json.dumps(
        {
            "engine": f"PyTorch {torch.__version__.split('+')[0]}, transformers {transformers.__version__}",
            "tokensPerSecond": tokens / elapsed,
            "tokensPerProcessorSecond": tokens / (processor() - used),
            "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "threads": torch.get_num_threads(),
        }
    )
)
