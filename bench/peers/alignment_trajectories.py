"""Ten steps of every alignment method in PyTorch, fp32, by an independent script: losses and rewards step by step, and every parameter's sum and norm at the end.

    python alignment_trajectories.py ../../tests/alignment/data/trajectory-problem.json > ../../tests/alignment/data/trajectories.json

Needs torch (CPU). Both files are committed: tests read them and need no Python. The problem holds the token ids of the rows and which rows (pairs 0 to 11; labels: 2 i is pair
i's chosen completion, 2 i + 1 its rejected one) each step sees.
Written from the papers' equations: plain rows padded to the right and masked, whole logits, a deep copy as the reference, no packing, nothing computed beforehand.
The model is a GPT (V 10, d 16, L 2, h 2, T 24, tanh GELU, tied head) with stated numbers: parameter q, number j is 0.2 sin(1 + 0.37 j + 1.7 q), plus 1 for the weights of norms.
AdamW lr 3e-3, betas 0.9 0.999, eps 1e-8, decay 0.1 of matrices and tables; two steps of warm-up by (step + 1) / 3, then a line to 0 at step 10; clip 1.
"""
import json
import math
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

V, D, L, H, CONTEXT, STEPS, WARMUP = 10, 16, 2, 2, 24, 10, 2


def parameters():
    shapes = {"wte.weight": (V, D), "wpe.weight": (CONTEXT, D)}
    for i in range(L):
        b = f"blocks.{i}."
        shapes |= {b + "norm1.weight": (D,), b + "norm1.bias": (D,)}
        shapes |= {b + "attention.qkv.weight": (3 * D, D), b + "attention.qkv.bias": (3 * D,)}
        shapes |= {b + "attention.projection.weight": (D, D), b + "attention.projection.bias": (D,)}
        shapes |= {b + "norm2.weight": (D,), b + "norm2.bias": (D,)}
        shapes |= {b + "mlp.up.weight": (4 * D, D), b + "mlp.up.bias": (4 * D,)}
        shapes |= {b + "mlp.down.weight": (D, 4 * D), b + "mlp.down.bias": (D,)}
    shapes |= {"norm.weight": (D,), "norm.bias": (D,)}
    made = {}
    for q, (name, shape) in enumerate(shapes.items()):
        j = torch.arange(math.prod(shape), dtype=torch.float64)
        values = (0.2 * torch.sin(1.0 + 0.37 * j + 1.7 * q)).to(torch.float32)
        if "norm" in name and name.endswith("weight"):
            values = values + 1
        made[name] = nn.Parameter(values.view(shape))
    return made


def logits_of(p, ids, mask):
    b, t = ids.shape
    x = p["wte.weight"][ids] + p["wpe.weight"][torch.arange(t)]
    hidden = torch.triu(torch.ones(t, t, dtype=torch.bool), 1) | ~mask[:, None, None, :]
    norm = lambda name, x: F.layer_norm(x, (D,), p[name + ".weight"], p[name + ".bias"], 1e-5)
    linear = lambda name, x: F.linear(x, p[name + ".weight"], p[name + ".bias"])
    for i in range(L):
        n = f"blocks.{i}."
        q, k, v = (y.view(b, t, H, D // H).transpose(1, 2) for y in linear(n + "attention.qkv", norm(n + "norm1", x)).split(D, dim=2))
        scores = (q @ k.transpose(-2, -1)) / math.sqrt(D // H)
        mixed = (F.softmax(scores.masked_fill(hidden, float("-inf")), dim=-1) @ v).transpose(1, 2).reshape(b, t, D)
        x = x + linear(n + "attention.projection", mixed)
        x = x + linear(n + "mlp.down", F.gelu(linear(n + "mlp.up", norm(n + "norm2", x)), approximate="tanh"))
    return norm("norm", x) @ p["wte.weight"].T


def log_probabilities(p, rows):
    """Sums of log-probabilities of completions, and how many tokens they have. rows: (prompt, completion)."""
    width = max(len(prompt) + len(answer) for prompt, answer in rows)
    whole = [prompt + answer for prompt, answer in rows]
    ids = torch.tensor([row + [0] * (width - len(row)) for row in whole])
    mask = torch.tensor([[i < len(row) for i in range(width)] for row in whole])
    answer = torch.tensor([[len(prompt) <= i < len(prompt) + len(a) for i in range(width)] for prompt, a in rows])
    each = F.log_softmax(logits_of(p, ids, mask)[:, :-1], -1).gather(2, ids[:, 1:, None]).squeeze(2)
    return (each * answer[:, 1:]).sum(1), answer.sum(1)


def pair_loss(name, o, policy, reference, n):
    """Loss of each pair and rewards (chosen, rejected); policy and reference are (chosen, rejected) sums of log-probabilities, n their tokens."""
    (pw, pl), (rw, rl) = policy, reference
    c, r = pw - rw, pl - rl
    supervised = -pw.sum() / n[0].sum()  # the mean over the tokens of the batch
    beta = o.get("beta")
    if name == "dpo":  # Rafailov et al. 2023, equation 7
        return -F.logsigmoid(beta * (c - r)), beta * c, beta * r
    if name == "ipo":  # Azar et al. 2023, equation 17, log-ratios averaged over tokens
        return (c / n[0] - r / n[1] - 1 / (2 * beta)) ** 2, beta * c, beta * r
    if name == "simpo":  # Meng et al. 2024, equation 6
        w, l = pw / n[0], pl / n[1]
        return -F.logsigmoid(beta * (w - l) - o["gamma"]), beta * w, beta * l
    if name == "orpo":  # Hong et al. 2024, equations 6 and 7
        w, l = pw / n[0], pl / n[1]
        odds = (w - torch.log1p(-w.exp())) - (l - torch.log1p(-l.exp()))
        return supervised - o["lambda"] * F.logsigmoid(odds), o["lambda"] * w, o["lambda"] * l
    if name == "cpo":  # Xu et al. 2024, equation 3, and the supervised term
        return -F.logsigmoid(beta * (pw - pl)) + o["sftWeight"] * supervised, beta * pw, beta * pl
    if name == "sppo":  # Wu et al. 2024, equation 4.7
        return (c - 0.5 / beta) ** 2 + (r + 0.5 / beta) ** 2, beta * c, beta * r
    if name == "rpo":  # Pang et al. 2024: DPO and the supervised term
        return -F.logsigmoid(beta * (c - r)) + o["sftWeight"] * supervised, beta * c, beta * r
    if name == "apo-zero":  # D'Oosterlinck et al. 2024, equation 7
        return 1 - torch.sigmoid(beta * c) + torch.sigmoid(beta * r), beta * c, beta * r
    raise ValueError(name)


def pair_step(name, o, p, reference, problem, step, _):
    rows = [problem["rows"][i] for i in problem["pairs"][step]]
    both = [(row["prompt"], row[side]) for side in ("chosen", "rejected") for row in rows]
    policy, n = log_probabilities(p, both)
    with torch.no_grad():
        start, _ = log_probabilities(reference, both)
    loss, chosen, rejected = pair_loss(name, o, policy.chunk(2), start.chunk(2), n.chunk(2))
    return loss.mean(), chosen.mean(), rejected.mean()


def label_step(name, o, p, reference, problem, step, memory):
    labels = [(row["prompt"], row[side], side == "chosen") for row in problem["rows"] for side in ("chosen", "rejected")]
    seen = [labels[i] for i in problem["labels"][step]]
    policy, _ = log_probabilities(p, [(prompt, answer) for prompt, answer, _ in seen])
    with torch.no_grad():
        start, _ = log_probabilities(reference, [(prompt, answer) for prompt, answer, _ in seen])
    ratio, liked, beta = policy - start, torch.tensor([like for _, _, like in seen]), o["beta"]
    if name == "kto":  # Ethayarajh et al. 2024, equation 7; z0 from each prompt with the completion of the next label of another prompt
        mismatched = []
        for i in problem["labels"][step]:
            other = next(labels[(i + k) % len(labels)] for k in range(1, len(labels)) if labels[(i + k) % len(labels)][0] != labels[i][0])
            mismatched.append((labels[i][0], other[1]))
        with torch.no_grad():
            z0 = (log_probabilities(p, mismatched)[0] - log_probabilities(reference, mismatched)[0]).mean().clamp(min=0)
        loss = torch.where(
            liked,
            o["desirableWeight"] * (1 - torch.sigmoid(beta * (ratio - z0))),
            o["undesirableWeight"] * (1 - torch.sigmoid(beta * (z0 - ratio))),
        )
    else:  # Jung et al. 2024; the threshold is the mean reward of all completions so far, these included
        memory.extend((beta * ratio).detach().tolist())
        delta = sum(memory) / len(memory)
        loss = torch.where(liked, -F.logsigmoid(beta * ratio - delta), -F.logsigmoid(delta - beta * ratio))
    mean = lambda which: (beta * ratio[which]).mean() if which.any() else None
    return loss.mean(), mean(liked), mean(~liked)


def felt(name, value):
    """What has a gradient: softmax takes a bias of all keys off again, so theirs is rounding, which Adam would make into whole steps."""
    return torch.cat([value[:D], value[2 * D :]]) if name.endswith("qkv.bias") else value


def steps(name, options, problem):
    p = parameters()
    reference = {key: value.detach().clone() for key, value in p.items()}
    matrices, rest = [x for x in p.values() if x.dim() >= 2], [x for x in p.values() if x.dim() < 2]
    optimiser = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}], lr=3e-3, betas=(0.9, 0.999), eps=1e-8
    )
    rule, memory, log = (label_step if name in ("kto", "bco") else pair_step), [], {"loss": [], "chosen": [], "rejected": []}
    for step in range(STEPS):
        factor = (step + 1) / (WARMUP + 1) if step < WARMUP else 1 - (step - WARMUP) / (STEPS - WARMUP)
        for group in optimiser.param_groups:
            group["lr"] = 3e-3 * factor
        optimiser.zero_grad()
        loss, chosen, rejected = rule(name, options, p, reference, problem, step, memory)
        for key, value in (("loss", loss), ("chosen", chosen), ("rejected", rejected)):
            log[key].append(None if value is None else value.item())
        loss.backward()
        nn.utils.clip_grad_norm_(list(p.values()), 1.0)
        optimiser.step()
    end = {key: [x.double().sum().item(), x.double().norm().item()] for key, value in p.items() for x in [felt(key, value)]}
    return log | {"parameters": end}


def main():
    problem = json.load(open(sys.argv[1]))
    out = {"made by": "bench/peers/alignment_trajectories.py", "torch": torch.__version__}
    out["methods"] = {name: steps(name, options, problem) for name, options in problem["methods"].items()}
    json.dump(out, sys.stdout)
    print()


if __name__ == "__main__":
    main()
