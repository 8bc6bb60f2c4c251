"""The first 50 steps of nanoGPT's CPU configuration on tinyshakespeare in PyTorch, from weights and batches that a formula gives.

Usage: python nanogpt_cpu.py <tinyshakespeare.txt> > tests/parity/data/nanogpt.json     (and nanogpt-batches.bin beside it)
config/train_shakespeare_char.py with the README's CPU overrides: 4 layers, 4 heads, d 128, T 64, batch 12, dropout 0, bias off; AdamW 1e-3,
betas .9/.99, decay .1 on matrices, clip 1, warm-up 100, cosine to 1e-4 at 2000. The batches' character ids are committed as bytes.
"""
import json
import math
import os
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

V, D, L, H, T, B, STEPS = 65, 128, 4, 4, 64, 12, 50


def hashed(n, q):
    """n numbers in [-0.5, 0.5): a 32-bit mix of element j under parameter q (the same in JavaScript with Math.imul)."""
    with np.errstate(over="ignore"):
        x = np.arange(n, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(q + 1) * np.uint32(40503)
        x ^= x >> np.uint32(15)
        x *= np.uint32(2246822519)
        x ^= x >> np.uint32(13)
        x *= np.uint32(3266489917)
        x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 2**32 - 0.5


class Norm(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(D))

    def forward(self, x):
        return F.layer_norm(x, (D,), self.weight, None, 1e-5)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = Norm(), Norm()
        self.qkv, self.projection = nn.Linear(D, 3 * D, bias=False), nn.Linear(D, D, bias=False)
        self.up, self.down = nn.Linear(D, 4 * D, bias=False), nn.Linear(4 * D, D, bias=False)

    def forward(self, x):
        q, k, v = self.qkv(self.norm1(x)).view(-1, T, 3, H, D // H).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(-1, T, D)
        x = x + self.projection(y)
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(V, D), nn.Embedding(T, D)
        self.blocks = nn.ModuleList(Block() for _ in range(L))
        self.norm = Norm()
        with torch.no_grad():
            for q, (name, p) in enumerate(self.named_parameters()):
                if p.dim() < 2:
                    continue
                scale = 0.02 * math.sqrt(12) / (math.sqrt(2 * L) if "projection" in name or "down" in name else 1)
                p.copy_(torch.from_numpy((hashed(p.numel(), q) * scale).astype(np.float32)).view(p.shape))

    def forward(self, ids, targets):
        x = self.wte(ids) + self.wpe(torch.arange(T))
        for block in self.blocks:
            x = block(x)
        return F.cross_entropy((self.norm(x) @ self.wte.weight.T).flatten(0, 1), targets.flatten())


def lr(step, peak=1e-3, least=1e-4, warmup=100, end=2000):
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    return least + 0.5 * (1 + math.cos(math.pi * (step - warmup) / (end - warmup))) * (peak - least)


def main():
    text = open(sys.argv[1], encoding="utf-8").read()
    ids = {c: i for i, c in enumerate(sorted(set(text)))}
    train = np.array([ids[c] for c in text[: int(len(text) * 0.9)]], dtype=np.uint8)
    starts = ((hashed(STEPS * B, 999) + 0.5) * (len(train) - T)).astype(np.int64)
    rows = np.stack([train[s : s + T + 1] for s in starts])
    with open(os.path.join(os.path.dirname(__file__), "../../tests/parity/data/nanogpt-batches.bin"), "wb") as file:
        file.write(rows.tobytes())
    model = Model()
    groups = [[p for p in model.parameters() if p.dim() >= 2], [p for p in model.parameters() if p.dim() < 2]]
    optimiser = torch.optim.AdamW([{"params": groups[0], "weight_decay": 0.1}, {"params": groups[1], "weight_decay": 0.0}], betas=(0.9, 0.99))
    losses = []
    for step in range(STEPS):
        batch = torch.from_numpy(rows[step * B : (step + 1) * B].astype(np.int64))
        for group in optimiser.param_groups:
            group["lr"] = lr(step)
        optimiser.zero_grad()
        loss = model(batch[:, :-1], batch[:, 1:])
        losses.append(loss.item())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    json.dump({"made by": "bench/peers/nanogpt_cpu.py", "torch": torch.__version__, "parameters": [n for n, _ in model.named_parameters()], "losses": losses}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
