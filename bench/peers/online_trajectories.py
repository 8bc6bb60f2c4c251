"""Ten steps of PPO and ten of GRPO on recorded answers in PyTorch, fp32, by an independent script: losses step by step, and every parameter's sum and norm at the end.

    python online_trajectories.py > ../../packages/align-rlhf/src/fixtures/online-trajectories.json

Needs torch (CPU). The output is committed and holds the answers too: tests read it and need no Python.
Written from the papers' equations: plain rows padded to the right and masked, whole logits, a deep copy as the reference. The model, its stated numbers and its forward pass are
those of alignment_trajectories.py. Five rounds of answers, each learnt twice; Adam lr 3e-3, betas 0.9 0.999, eps 1e-8, no decay; clip 1.
PPO: gamma 1, lambda 0.95, beta 0.1 (k1 in the reward), clip 0.2, values 0.1 times, clipped by 0.2, whitened advantages, a value head of zeros on the policy's trunk.
GRPO: two groups of four, beta 0.1 (k3 in the loss), clip 0.2, divided by the group's deviation, the mean over each answer's tokens.
"""
import json
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

import alignment_trajectories as model

ROUNDS, TIMES, ANSWERS, GROUP, BETA = 5, 2, 8, 4, 0.1


class Drawn:
    """x <- 1664525 x + 1013904223 mod 2^32, the upper 24 bits."""
    def __init__(self, seed):
        self.x = seed

    def below(self, n):
        self.x = (1664525 * self.x + 1013904223) % 2**32
        return (self.x >> 8) % n


def draw():
    drawn = Drawn(11)
    rounds = []
    for _ in range(ROUNDS):
        answers = []
        for i in range(ANSWERS):
            prompt = answers[-1]["prompt"] if i % GROUP else [drawn.below(model.V) for _ in range(2 + drawn.below(4))]
            answers.append({"prompt": prompt, "answer": [drawn.below(model.V) for _ in range(1 + drawn.below(7))], "reward": (drawn.below(64) - 32) / 16})
        rounds.append(answers)
    return rounds


def hidden_of(p, ids, mask):
    """The trunk: the logits' pass with the head taken for the identity."""
    return model.logits_of({**p, "wte.weight": Tied(p["wte.weight"])}, ids, mask)


class Tied:
    """Looks ids up as the table does; its transpose is the identity, so that the pass ends with hidden states."""
    def __init__(self, table):
        self.table = table

    def __getitem__(self, ids):
        return self.table[ids]

    @property
    def T(self):
        return torch.eye(model.D)


def look(p, answers):
    """log pi, values and the mask of the answers' tokens, (S, T - 1)."""
    whole = [a["prompt"] + a["answer"] for a in answers]
    width = max(map(len, whole))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in whole])
    mask = torch.tensor([[i < len(row) for i in range(width)] for row in whole])
    said = torch.tensor([[len(a["prompt"]) <= i < len(a["prompt"]) + len(a["answer"]) for i in range(width)] for a in answers])[:, 1:]
    hidden = hidden_of(p, ids, mask)[:, :-1]
    logs = F.log_softmax(hidden @ p["wte.weight"].T, -1).gather(2, ids[:, 1:, None]).squeeze(2)
    values = F.linear(hidden, p["value.weight"], p["value.bias"]).squeeze(2) if "value.weight" in p else None
    return logs, values, said


def shaped(answers, old, reference, values, said):
    """Advantages (not whitened) and returns: a loop over each answer, backwards."""
    advantages = torch.zeros_like(old)
    for s, answer in enumerate(answers):
        places = said[s].nonzero().squeeze(1).tolist()
        last, following = 0.0, 0.0
        for t in reversed(places):
            reward = -BETA * (old[s, t] - reference[s, t]) + (answer["reward"] if t == places[-1] else 0.0)
            last = reward + following - values[s, t] + 0.95 * last
            advantages[s, t], following = last, values[s, t]
    return advantages, advantages + values


def ppo(p, answers, reference, held):
    logs, values, said = look(p, answers)
    if "old" not in held:
        held["old"], held["values"] = logs.detach(), values.detach()
        advantages, held["returns"] = shaped(answers, held["old"], reference, held["values"], said)
        flat = advantages[said]
        held["advantages"] = (advantages - flat.mean()) / (flat.var() + 1e-8).sqrt()
    ratio, a = (logs - held["old"]).exp(), held["advantages"]
    policy = torch.max(-a * ratio, -a * ratio.clamp(0.8, 1.2))[said].mean()
    near = torch.clamp(values, held["values"] - 0.2, held["values"] + 0.2)
    value = 0.5 * torch.max((values - held["returns"]) ** 2, (near - held["returns"]) ** 2)[said].mean()
    return policy + 0.1 * value


def grpo(p, answers, reference, held):
    logs, _, said = look(p, answers)
    held.setdefault("old", logs.detach())
    rewards = torch.tensor([a["reward"] for a in answers]).view(-1, GROUP)
    a = ((rewards - rewards.mean(1, keepdim=True)) / (rewards.std(1, keepdim=True) + 1e-4)).view(-1, 1)
    ratio, x = (logs - held["old"]).exp(), reference - logs
    each = torch.max(-a * ratio, -a * ratio.clamp(0.8, 1.2)) + BETA * (x.exp() - x - 1)
    return ((each * said).sum(1) / said.sum(1)).mean()


def run(loss_of, rounds, critic):
    p = model.parameters()
    reference = {key: value.detach().clone() for key, value in p.items()}
    if critic:
        p |= {"value.weight": nn.Parameter(torch.zeros(1, model.D)), "value.bias": nn.Parameter(torch.zeros(1))}
    optimiser = torch.optim.Adam(p.values(), lr=3e-3, betas=(0.9, 0.999), eps=1e-8)
    losses = []
    for answers in rounds:
        with torch.no_grad():
            start, _, _ = look(reference, answers)
        held = {}
        for _ in range(TIMES):
            optimiser.zero_grad()
            loss = loss_of(p, answers, start, held)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(list(p.values()), 1.0)
            optimiser.step()
            losses.append(loss.item())
    ends = {key: model.felt(key, value.detach()).double() for key, value in p.items()}
    return {"losses": losses, "ends": {key: [x.sum().item(), x.norm().item()] for key, x in ends.items()}}


def main():
    rounds = draw()
    made = {"ppo": run(ppo, rounds, True), "grpo": run(grpo, rounds, False)}
    json.dump({"made by": "bench/peers/online_trajectories.py", "torch": torch.__version__.split("+")[0], "rounds": rounds, **made}, sys.stdout, separators=(",", ":"))
    print()


main()
