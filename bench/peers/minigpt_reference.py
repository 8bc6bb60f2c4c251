"""Reference numbers of the course page's MiniGPT in PyTorch, fp32: loss, every gradient, optimiser trajectories.

Usage: python minigpt_reference.py > tests/parity/data/minigpt.json     (and minigpt-gradients.bin beside it)
V 64, d 32, L 2, h 4, context 512. Parameter q of named_parameters, element j: f32(0.1 sin(1 + 0.37 j + 1.7 q)), plus 1 for LayerNorm weights.
tokens[b][t] = (7 b + 3 t + t^2) mod 64, B 2, T 16; targets are the next tokens. Gradients are written as raw float32 in named_parameters order.
"""
import json
import math
import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

V, D, L, H, CONTEXT, B, T = 64, 32, 2, 4, 512, 2, 16


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.proj = nn.Linear(D, 3 * D), nn.Linear(D, D)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = (y.view(b, t, H, c // H).transpose(1, 2) for y in self.qkv(x).split(c, dim=2))
        scores = (q @ k.transpose(-2, -1)) / math.sqrt(c // H)
        scores = scores.masked_fill(torch.triu(torch.ones(t, t, dtype=torch.bool), 1), float("-inf"))
        return self.proj((F.softmax(scores, dim=-1) @ v).transpose(1, 2).reshape(b, t, c))


class Block(nn.Module):
    def __init__(self, approximate):
        super().__init__()
        self.attn = Attention()
        self.ffn = nn.Sequential(nn.Linear(D, 4 * D), nn.GELU(approximate=approximate), nn.Linear(4 * D, D))
        self.ln1, self.ln2 = nn.LayerNorm(D), nn.LayerNorm(D)

    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return x + self.ffn(self.ln2(x))


class MiniGPT(nn.Module):
    def __init__(self, approximate):
        super().__init__()
        self.token_emb, self.pos_emb = nn.Embedding(V, D), nn.Embedding(CONTEXT, D)
        self.blocks = nn.ModuleList(Block(approximate) for _ in range(L))
        self.ln_final = nn.LayerNorm(D)

    def forward(self, ids):
        x = self.token_emb(ids) + self.pos_emb(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.ln_final(x) @ self.token_emb.weight.T


def fresh(approximate):
    model = MiniGPT(approximate)
    with torch.no_grad():
        for q, (name, p) in enumerate(model.named_parameters()):
            j = torch.arange(p.numel(), dtype=torch.float64)
            values = (0.1 * torch.sin(1.0 + 0.37 * j + 1.7 * q)).to(torch.float32)
            if name.endswith("weight") and (".ln" in name or name.startswith("ln_final")):
                values = values + 1
            p.copy_(values.view(p.shape))
    return model


ids = torch.tensor([[(7 * b + 3 * t + t * t) % 64 for t in range(T)] for b in range(B)])


def loss_of(model):
    return F.cross_entropy(model(ids)[:, :-1].reshape(-1, V), ids[:, 1:].reshape(-1))


def trajectory(approximate, make, clip):
    model = fresh(approximate)
    optimiser, losses = make(model), []
    for _ in range(11):
        optimiser.zero_grad()
        loss = loss_of(model)
        losses.append(loss.item())
        loss.backward()
        if clip:
            nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimiser.step()
    return losses


def plain(model):
    return torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)


def nanogpt(model):
    groups = [[p for p in model.parameters() if p.dim() >= 2], [p for p in model.parameters() if p.dim() < 2]]
    return torch.optim.AdamW([{"params": groups[0], "weight_decay": 0.1}, {"params": groups[1], "weight_decay": 0.0}], lr=6e-4, betas=(0.9, 0.95))


def main():
    out = {"made by": "bench/peers/minigpt_reference.py", "torch": torch.__version__, "kinds": {}}
    raw = b""
    for kind, approximate in (("erf", "none"), ("tanh", "tanh")):
        model = fresh(approximate)
        loss = loss_of(model)
        loss.backward()
        gradients = {name: p.grad for name, p in model.named_parameters()}
        logits = model(ids)
        out["parameters"] = [{"name": name, "shape": list(g.shape)} for name, g in gradients.items()]
        raw += b"".join(g.detach().contiguous().numpy().tobytes() for g in gradients.values())
        out["kinds"][kind] = {
            "loss": loss.item(),
            "gradientNorm": math.sqrt(sum(float((g.double() ** 2).sum()) for g in gradients.values())),
            "logits[0,0,:4]": logits[0, 0, :4].tolist(), "logits[1,15,60:]": logits[1, 15, 60:].tolist(),
            "sum of logits": float(logits.double().sum()), "argmax of last": logits[:, -1].argmax(-1).tolist(),
            "adamw": trajectory(approximate, plain, None), "nanogpt": trajectory(approximate, nanogpt, 1.0),
        }
    with open(os.path.join(os.path.dirname(__file__), "../../tests/parity/data/minigpt-gradients.bin"), "wb") as file:
        file.write(raw)
    json.dump(out, sys.stdout, indent=1)


main()
