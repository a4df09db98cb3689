"""Training steps of CAREER's transformer in eager PyTorch, for comparison.

    python bench/pytorch/career.py DATA SECONDS PERSONS

DATA is a JSON file {"titles": J, "covariates": [levels …], "careers": [{"titles": […], "levels": [[…] …]} …]};
a step takes PERSONS of them, padded to the longest. Prints one JSON object. Needs torch.
"""

import json
import math
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

data, seconds, persons = json.load(open(sys.argv[1])), float(sys.argv[2]), int(sys.argv[3])
J, D, H, FF, LAYERS, DROPOUT = data["titles"], 192, 3, 768, 12, 0.1
torch.manual_seed(0)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.qkv, self.out = nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.fc1, self.fc2 = nn.Linear(D, FF), nn.Linear(FF, D)

    def forward(self, x):
        B, T, _ = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(B, T, 3, H, D // H).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=DROPOUT)
        x = x + F.dropout(self.out(a.transpose(1, 2).reshape(B, T, D)), DROPOUT)
        return x + F.dropout(self.fc2(F.gelu(self.fc1(self.norm2(x)))), DROPOUT)


class Career(nn.Module):
    def __init__(self):
        super().__init__()
        self.job = nn.Embedding(J + 1, D)
        self.covariates = nn.ModuleList(nn.Embedding(n, D) for n in data["covariates"])
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm, self.head = nn.LayerNorm(D), nn.Linear(D, J + 1, bias=False)
        angles = torch.arange(64)[:, None] * torch.exp(torch.arange(D // 2) * -(math.log(1e4) / (D // 2 - 1)))
        self.register_buffer("positions", torch.cat([angles.sin(), angles.cos()], 1))
        for e in [self.job, *self.covariates]:
            nn.init.normal_(e.weight, std=D**-0.5)

    def forward(self, jobs, levels):
        x = self.job(jobs) * math.sqrt(D) + self.positions[: jobs.shape[1]]
        for table, level in zip(self.covariates, levels):
            x = x + table(level)
        x = F.dropout(x, DROPOUT)
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))


def two_stage_loss(logits, previous, target):
    z = logits.clamp(-10, 10)
    stay, choice = z[:, -1], z[:, :-1]
    first = previous < 0
    masked = choice.scatter(1, previous.clamp(min=0)[:, None], -math.inf)
    masked = torch.where(first[:, None], choice, masked)
    log_q = F.log_softmax(masked, 1)
    stayed = target == previous
    moved = log_q.gather(1, target.masked_fill(stayed, 0)[:, None])[:, 0] + torch.where(first, 0, F.logsigmoid(-stay))
    return -torch.where(stayed, F.logsigmoid(stay), moved).mean()


def batch(number):
    chosen = [data["careers"][(persons * number + i) % len(data["careers"])] for i in range(persons)]
    T = max(len(c["titles"]) for c in chosen)
    pad = lambda values, fill: values + [fill] * (T - len(values))
    titles = torch.tensor([pad(c["titles"], -1) for c in chosen])
    previous = torch.tensor([pad([-1] + c["titles"][:-1], -1) for c in chosen])
    levels = [torch.tensor([pad(c["levels"][k], 0) for c in chosen]) for k in range(len(data["covariates"]))]
    return titles, previous, levels


model = Career()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.98), weight_decay=0.01)


def step(number):
    titles, previous, levels = batch(number)
    real = titles >= 0
    logits = model(previous + 1, levels)
    loss = two_stage_loss(logits[real], previous[real], titles[real])
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1e9)
    optimizer.step()
    optimizer.zero_grad()
    return int(real.sum())


for number in range(3):
    step(number)
done, number, start = 0, 3, time.perf_counter()
while time.perf_counter() - start < seconds:
    done += step(number)
    number += 1
elapsed = time.perf_counter() - start
print(
    json.dumps(
        {
            "engine": f"PyTorch {torch.__version__.split('+')[0]}",
            "parameters": sum(p.numel() for p in model.parameters()),
            "personYearsPerSecond": done / elapsed,
            "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "threads": torch.get_num_threads(),
        }
    )
)
