"""Ten steps of supervised tuning and of a reward model in PyTorch, fp32, by an independent script: losses step by step, and scores at the end.

    python tuning_steps.py > ../../packages/supervised/src/fixtures/tuning-steps.json

Needs torch (CPU). The output is committed: tests read it and need no Python.
The model is the course page's MiniGPT (V 64, d 32, L 2, h 4, tanh GELU) with the stated numbers of minigpt_reference.py; the reward head is one more
parameter of the same kind. Rows are padded to the right and masked, the textbook way: nothing here packs. AdamW lr 1e-3, betas 0.9 0.999, no decay, clip 1.
Sequence s: 6 + (5 s mod 9) tokens, token t is (11 s + 5 t + (s + 1) t^2) mod 64, the first 2 + (s mod 3) are the prompt. Weights of learnt tokens: 1, or 1/2 where s mod 4 = 3.
"""
import json
import math
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

V, D, L, H, CONTEXT, STEPS, BATCH, SEQUENCES = 64, 32, 2, 4, 512, 10, 4, 16


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.proj = nn.Linear(D, 3 * D), nn.Linear(D, D)

    def forward(self, x, mask):
        b, t, c = x.shape
        q, k, v = (y.view(b, t, H, c // H).transpose(1, 2) for y in self.qkv(x).split(c, dim=2))
        scores = (q @ k.transpose(-2, -1)) / math.sqrt(c // H)
        hidden = torch.triu(torch.ones(t, t, dtype=torch.bool), 1) | ~mask[:, None, None, :]
        return self.proj((F.softmax(scores.masked_fill(hidden, float("-inf")), dim=-1) @ v).transpose(1, 2).reshape(b, t, c))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attn = Attention()
        self.ffn = nn.Sequential(nn.Linear(D, 4 * D), nn.GELU(approximate="tanh"), nn.Linear(4 * D, D))
        self.ln1, self.ln2 = nn.LayerNorm(D), nn.LayerNorm(D)

    def forward(self, x, mask):
        x = x + self.attn(self.ln1(x), mask)
        return x + self.ffn(self.ln2(x))


class MiniGPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.token_emb, self.pos_emb = nn.Embedding(V, D), nn.Embedding(CONTEXT, D)
        self.blocks = nn.ModuleList(Block() for _ in range(L))
        self.ln_final = nn.LayerNorm(D)

    def hidden(self, ids, mask):
        x = self.token_emb(ids) + self.pos_emb(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x, mask)
        return self.ln_final(x)


class RewardModel(nn.Module):
    def __init__(self, trunk):
        super().__init__()
        self.trunk, self.head = trunk, nn.Linear(D, 1, bias=False)

    def forward(self, ids, mask):
        last = mask.sum(1) - 1
        return self.head(self.trunk.hidden(ids, mask)[torch.arange(len(ids)), last]).squeeze(1)


def state(module):
    with torch.no_grad():
        for q, (name, p) in enumerate(module.named_parameters()):
            j = torch.arange(p.numel(), dtype=torch.float64)
            values = (0.1 * torch.sin(1.0 + 0.37 * j + 1.7 * q)).to(torch.float32)
            if name.endswith("weight") and (".ln" in name or "ln_final" in name):
                values = values + 1
            p.copy_(values.view(p.shape))
    return module


def sequence(s):
    return [(11 * s + 5 * t + (s + 1) * t * t) % V for t in range(6 + (5 * s) % 9)]


def padded(rows):
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    return ids, torch.tensor([[i < len(row) for i in range(width)] for row in rows])


def steps(model, loss_of):
    optimiser, losses = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.0), []
    for step in range(STEPS):
        optimiser.zero_grad()
        loss = loss_of(model, [(step * BATCH + i) % SEQUENCES for i in range(BATCH)])
        losses.append(loss.item())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    return losses


def sft_loss(kind):
    def loss_of(model, chosen):
        ids, mask = padded([sequence(s) for s in chosen])
        weight = torch.zeros(ids.shape)
        for row, s in enumerate(chosen):
            weight[row, 2 + s % 3 : len(sequence(s))] = 0.5 if s % 4 == 3 else 1.0
        logits = (model.hidden(ids, mask) @ model.token_emb.weight.T)[:, :-1].reshape(-1, V)
        targets, weight = ids[:, 1:].reshape(-1), weight[:, 1:].reshape(-1)
        each = F.cross_entropy(logits, targets, reduction="none", label_smoothing=0.1 if kind == "smoothing" else 0.0)
        if kind == "dft":
            each = each * F.softmax(logits, -1).gather(1, targets[:, None]).squeeze(1).detach()
        return (each * weight).sum() / weight.sum()

    return loss_of


def pairs(chosen):
    """Pair s: sequence s against sequence s + 16, with the prompt of sequence s in both; every second has a margin."""
    return [(sequence(s), sequence(s)[: 2 + s % 3] + sequence(s + 16)) for s in chosen]


def reward_loss(model, chosen):
    both = pairs(chosen)
    ids, mask = padded([w for w, _ in both] + [l for _, l in both])
    winners, losers = model(ids, mask).chunk(2)
    margin = torch.tensor([0.5 if s % 2 else 0.0 for s in chosen])
    return (-F.logsigmoid(winners - losers - margin) + 0.01 * (winners + losers) ** 2).mean()


def main():
    out = {"made by": "bench/peers/tuning_steps.py", "torch": torch.__version__, "sft": {}}
    for kind in ("nll", "smoothing", "dft"):
        out["sft"][kind] = steps(state(MiniGPT()), sft_loss(kind))
    model = state(RewardModel(MiniGPT()))
    out["reward"] = {"losses": steps(model, reward_loss)}
    both = pairs(range(4))
    with torch.no_grad():
        out["reward"]["scores"] = model(*padded([w for w, _ in both] + [l for _, l in both])).tolist()
    json.dump(out, sys.stdout, indent=1)
    print()


main()
