"""A GPT-2 read from a model folder in plain PyTorch, with LoRA, and the log-probabilities of rows padded to the right: what torch_sft.py and torch_dpo.py share.

Causal attention never looks at the padding behind a row, so no mask is wanted, and the flash path of scaled_dot_product_attention is taken.
The head reads the scored positions alone: masked positions cost nothing there.
"""
import json
import os

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file

from torch_step import Block
from tuning_problem import RANK

NAMES = {"norm1": "ln_1", "qkv": "attn.c_attn", "projection": "attn.c_proj", "norm2": "ln_2", "up": "mlp.c_fc", "down": "mlp.c_proj"}


class Model(nn.Module):
    def __init__(self, folder):
        super().__init__()
        with open(os.path.join(folder, "config.json")) as file:
            config = json.load(file)
        V, T, d, h = config["vocab_size"], config["n_positions"], config["n_embd"], config["n_head"]
        self.wte, self.wpe = nn.Embedding(V, d), nn.Embedding(T, d)
        self.blocks = nn.ModuleList(Block(d, h) for _ in range(config["n_layer"]))
        self.norm = nn.LayerNorm(d)
        state = load_file(os.path.join(folder, "model.safetensors"))
        with torch.no_grad():
            self.wte.weight.copy_(state["transformer.wte.weight"])
            self.wpe.weight.copy_(state["transformer.wpe.weight"])
            for kind in ("weight", "bias"):
                getattr(self.norm, kind).copy_(state[f"transformer.ln_f.{kind}"])
                for i, block in enumerate(self.blocks):
                    for mine, theirs in NAMES.items():
                        given = state[f"transformer.h.{i}.{theirs}.{kind}"]
                        getattr(getattr(block, mine), kind).copy_(given.T if given.dim() == 2 else given)

    def forward(self, ids):
        x = self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x)
        return self.norm(x)


class LowRank(nn.Module):
    """y = Wx + b + B·A·x; `on` switches the adapter off for the reference."""

    on = True

    def __init__(self, linear):
        super().__init__()
        self.linear, (outputs, inputs) = linear, linear.weight.shape
        self.a, self.b = nn.Parameter(torch.empty(RANK, inputs)), nn.Parameter(torch.zeros(outputs, RANK))
        nn.init.kaiming_uniform_(self.a, a=5**0.5)

    def forward(self, x):
        y = self.linear(x)
        return y + F.linear(F.linear(x, self.a), self.b) if LowRank.on else y


def model_of(folder, what):
    model = Model(os.path.join(folder, "model"))
    if what == "lora":
        model.requires_grad_(False)
        for block in model.blocks:
            for name in ("qkv", "projection", "up", "down"):
                setattr(block, name, LowRank(getattr(block, name)))
    return model


def log_probabilities(model, prompts, completions):
    """(rows, T): log-probabilities of the completions' tokens where they stand, zeros elsewhere."""
    whole = [prompt + completion for prompt, completion in zip(prompts, completions)]
    width = max(map(len, whole))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in whole])
    scored = torch.tensor([[len(p) <= i < len(w) for i in range(1, width)] for p, w in zip(prompts, whole)])
    hidden = model(ids[:, :-1])[scored]
    found = -F.cross_entropy(F.linear(hidden, model.wte.weight), ids[:, 1:][scored], reduction="none")
    return torch.zeros(scored.shape).masked_scatter(scored, found)
