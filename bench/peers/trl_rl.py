"""Estimators and policy losses of online RL by TRL's own code, where TRL has them, on 100 batches of 8 answers; by independent PyTorch otherwise.

    python trl_rl.py > ../../packages/align-rlhf/src/fixtures/trl-rl.json

Needs trl 1.16.0 and torch (CPU). The output is committed: tests read it and need no Python.
The losses are methods of TRL's trainers, run on stand-ins for the trainer and the model. TRL computes advantages in the middle of a long method:
those lines of its source are cut out and run as they are. TRL 1.16 has no PPO any more: what belongs to PPO alone is PyTorch written here.
Log-probabilities, rewards and values are drawn here by a generator that the tests repeat, in steps of powers of two.
"""
import collections
import inspect
import json
import sys
import textwrap
import types

import torch
import torch.nn.functional as F
import trl
from trl.experimental.online_dpo.online_dpo_trainer import OnlineDPOTrainer
from trl.trainer.grpo_trainer import GRPOTrainer
from trl.trainer.rloo_trainer import RLOOTrainer

BATCHES, S, GROUP, T, GRADIENTS = 100, 8, 4, 12, 3
BETAS = (0.0, 0.04, 0.5)
Space = types.SimpleNamespace


class Drawn:
    """x <- 1664525 x + 1013904223 mod 2^32, the upper 24 bits."""
    def __init__(self, seed):
        self.x = seed

    def below(self, n):
        self.x = (1664525 * self.x + 1013904223) % 2**32
        return (self.x >> 8) % n


def draw(drawn):
    batch = Space(lengths=[], mask=torch.zeros(S, T), rewards=torch.zeros(S), scored=torch.zeros(S))
    for name in ("policy", "old", "reference", "values", "old_values"):
        setattr(batch, name, torch.zeros(S, T))
    for s in range(S):
        batch.lengths.append(1 + drawn.below(T))
        batch.rewards[s] = (drawn.below(1024) - 512) / 256
        for t in range(batch.lengths[-1]):
            batch.mask[s, t] = 1
            old = -(1 + drawn.below(16384))
            batch.old[s, t] = old / 4096
            batch.policy[s, t] = min(-1, old + drawn.below(4096) - 2048) / 4096
            batch.reference[s, t] = min(-1, old + drawn.below(8192) - 4096) / 4096
            batch.old_values[s, t] = (drawn.below(2048) - 1024) / 512
            batch.values[s, t] = batch.old_values[s, t] + (drawn.below(512) - 256) / 512
    return batch


def lines(method, first, last, **names):
    """Runs TRL's own lines from the one that begins with `first` to the one that begins with `last`; gives their variables."""
    source = inspect.getsource(method).split("\n")
    start = next(i for i, line in enumerate(source) if line.strip().startswith(first))
    end = next(i for i, line in enumerate(source) if i >= start and line.strip().startswith(last))
    scope = {**vars(sys.modules[method.__module__]), **names}
    exec(textwrap.dedent("\n".join(source[start:end + 1])), scope)
    return scope


def group_advantages(batch, scale):
    self = Space(scale_rewards=scale, multi_objective_aggregation="sum_then_normalize", reward_weights=torch.ones(1))
    return lines(GRPOTrainer._generate_and_score_completions, 'if self.multi_objective_aggregation == "sum_then', "advantages = torch.nan_to_num",
                 self=self, rewards_per_func=batch.rewards[:, None], num_generations=GROUP, device="cpu",
                 unscorable_mask=torch.zeros(S, dtype=torch.bool))["advantages"]


def rloo_advantages(batch, beta):
    """KL in the reward, then the baseline of the others: two pieces of one method."""
    self = Space(beta=beta, normalize_advantages=False)
    rewards = lines(RLOOTrainer._generate_and_score_completions, "per_token_kl = old_per_token_logps", "rewards = rewards - self.beta",
                    self=self, old_per_token_logps=batch.old, ref_per_token_logps=batch.reference, completion_mask=batch.mask,
                    gather=lambda x: x, rewards=batch.rewards)["rewards"]
    return lines(RLOOTrainer._generate_and_score_completions, "grouped_rewards = rewards.view", "advantages = torch.nan_to_num",
                 self=self, rewards=rewards, num_generations=GROUP)["advantages"]


def trainer(policy, **more):
    return Space(
        _get_per_token_logps_and_entropies=lambda *_, **__: (policy, torch.zeros_like(policy), None),
        aux_loss_enabled=False, top_entropy_quantile=1.0, off_policy_mask_threshold=None, use_vllm=False, max_completion_length=T,
        vllm_importance_sampling_correction=False, _entropy_bonus_enabled=False, current_gradient_accumulation_steps=1,
        model=Space(training=True), _metrics=collections.defaultdict(lambda: collections.defaultdict(list)),
        accelerator=Space(gather=lambda x: x, reduce=lambda x, reduction: x, num_processes=1, sync_gradients=True),
        **more)


def grpo(batch, policy, advantages, beta, loss_type, level="token", high=0.2, delta=None, limit=None):
    self = trainer(policy, beta=beta, loss_type=loss_type, importance_sampling_level=level, epsilon_low=0.2,
                   epsilon_high=high if limit is None else limit, get_gamma_weights=GRPOTrainer.get_gamma_weights,
                   args=Space(delta=delta, use_bias_correction_kl=False, sapo_temperature_pos=1.0, sapo_temperature_neg=1.05, steps_per_generation=1,
                              vespo_k_pos=2.0, vespo_lambda_pos=3.0, vespo_k_neg=3.0, vespo_lambda_neg=2.0))
    ids = torch.zeros(S, T, dtype=torch.long)
    inputs = dict(prompt_ids=ids[:, :1], prompt_mask=ids[:, :1] + 1, completion_ids=ids, completion_mask=batch.mask, advantages=advantages,
                  old_per_token_logps=batch.old, ref_per_token_logps=batch.reference, num_items_in_batch=batch.mask.sum())
    return GRPOTrainer._compute_loss(self, None, inputs)


def rloo(batch, policy, advantages):
    self = trainer(policy, beta=0.0, epsilon_low=0.2, epsilon_high=0.2)
    ids = torch.zeros(S, T, dtype=torch.long)
    inputs = dict(prompt_ids=ids[:, :1], prompt_mask=ids[:, :1] + 1, completion_ids=ids, completion_mask=batch.mask, advantages=advantages,
                  old_logps=(batch.old * batch.mask).sum(1))
    return RLOOTrainer._compute_loss(self, None, inputs)


def masked(x, batch):
    return x[batch.mask.bool()]


def gae(batch, rewards):
    """Backwards over each answer; γ 1, λ 0.95, as in PPO's table."""
    advantages = torch.zeros(S, T, dtype=torch.float64)
    for s, length in enumerate(batch.lengths):
        last = 0.0
        for t in reversed(range(length)):
            following = batch.old_values[s, t + 1].double() if t + 1 < length else 0.0
            delta = rewards[s, t] + following - batch.old_values[s, t].double()
            last = delta + 0.95 * last
            advantages[s, t] = last
    return advantages


def ppo_parts(batch):
    kl = (batch.old - batch.reference).double()
    rewards = -0.05 * kl * batch.mask
    for s, length in enumerate(batch.lengths):
        rewards[s, length - 1] += batch.rewards[s]
    advantages = gae(batch, rewards)
    flat = masked(advantages, batch)
    white = (flat - flat.mean()) * torch.rsqrt(flat.var() + 1e-8)
    return rewards, advantages, advantages + batch.old_values.double() * batch.mask, white


def ppo_loss(batch, policy, advantages):
    ratio = torch.exp(policy - batch.old)
    a, b = -advantages * ratio, -advantages * torch.clamp(ratio, 0.8, 1.2)
    return masked(torch.max(a, b), batch).mean()


def value_loss(batch, values, returns):
    clipped = torch.clamp(values, batch.old_values - 0.2, batch.old_values + 0.2)
    return 0.5 * masked(torch.max((values - returns) ** 2, (clipped - returns) ** 2), batch).mean()


def reinforce(batch, policy, advantages):
    return -(advantages * (policy * batch.mask).sum(1)).mean()


def online_dpo(batch, policy, which):
    """Rows 2i and 2i + 1 are the chosen and the rejected answer of pair i."""
    sums, reference = (policy * batch.mask).sum(1), (batch.reference * batch.mask).sum(1)
    self = Space(beta=0.1, args=Space(loss_type=which))
    return lines(OnlineDPOTrainer.training_step, "pi_logratios = ", "loss = losses.mean()", self=self, F=F,
                 chosen_logprobs_sum=sums[0::2], rejected_logprobs_sum=sums[1::2],
                 chosen_ref_logprobs_sum=reference[0::2], rejected_ref_logprobs_sum=reference[1::2])["loss"]


def white_of(batch):
    padded = torch.zeros(S, T)
    padded[batch.mask.bool()] = ppo_parts(batch)[3].float()
    return padded


LOSSES = {
    **{name: (lambda name: lambda b, p, beta: grpo(b, p, group_advantages(b, "group"), beta, name))(name)
       for name in ("grpo", "bnpo", "dr_grpo", "dapo", "sapo", "vespo")},
    "dapo clip-higher": lambda b, p, beta: grpo(b, p, group_advantages(b, "batch"), beta, "dapo", high=0.28),
    "grpo two-sided": lambda b, p, beta: grpo(b, p, group_advantages(b, "none"), beta, "grpo", delta=1.3),
    "gspo": lambda b, p, beta: grpo(b, p, group_advantages(b, "group"), beta, "grpo", level="sequence"),
    "luspo": lambda b, p, beta: grpo(b, p, group_advantages(b, "group"), beta, "luspo", level="sequence"),
    "cispo": lambda b, p, beta: grpo(b, p, group_advantages(b, "group"), beta, "cispo", limit=1.2),
    "rloo": lambda b, p, beta: rloo(b, p, rloo_advantages(b, 0.05)),
    "reinforce": lambda b, p, beta: reinforce(b, p, b.rewards - b.rewards.mean()),
    "ppo": lambda b, p, beta: ppo_loss(b, p, white_of(b)),
    "online-dpo sigmoid": lambda b, p, beta: online_dpo(b, p, "sigmoid"),
    "online-dpo ipo": lambda b, p, beta: online_dpo(b, p, "ipo"),
}


def gradient(loss, x, batch):
    (slope,) = torch.autograd.grad(loss, x)
    return masked(slope, batch).tolist()


def main():
    torch.manual_seed(0)
    drawn = Drawn(7)
    batches = [draw(drawn) for _ in range(BATCHES)]
    losses = {name: {"losses": [], "gradients": []} for name in (*LOSSES, "value")}
    estimates = collections.defaultdict(list)
    for index, batch in enumerate(batches):
        beta = BETAS[index % len(BETAS)]
        for name, loss_of in LOSSES.items():
            policy = batch.policy.clone().requires_grad_()
            loss = loss_of(batch, policy, beta)
            losses[name]["losses"].append(loss.item())
            if index < GRADIENTS:
                losses[name]["gradients"].append(gradient(loss, policy, batch))
        rewards, advantages, returns, white = ppo_parts(batch)
        values = batch.values.clone().requires_grad_()
        loss = value_loss(batch, values, returns.float())
        losses["value"]["losses"].append(loss.item())
        if index < GRADIENTS:
            losses["value"]["gradients"].append(gradient(loss, values, batch))
        for scale in ("group", "batch", "none"):
            estimates[f"advantages {scale}"].append(group_advantages(batch, scale).tolist())
        estimates["leave-one-out"].append(rloo_advantages(batch, 0.05).tolist())
        estimates["gae"].append(masked(advantages, batch).tolist())
        estimates["whitened"].append(white.tolist())
        flat, around = masked(advantages, batch), masked(advantages, batch).mean()
        estimates["whitened, mean kept"].append(((flat - around) * torch.rsqrt(flat.var() + 1e-8) + around).tolist())
        x = masked(batch.reference - batch.old, batch).double()
        estimates["k3"].append((torch.exp(x) - x - 1).tolist())
        value, target = masked(batch.old_values, batch).double(), masked(returns, batch)
        estimates["explained variance"].append([(1 - (target - value).var() / target.var()).item() if len(value) > 1 else 0.0])
    rounded = {name: [[float(f"{x:.7g}") for x in row] for row in rows] for name, rows in estimates.items()}
    json.dump({"made by": "bench/peers/trl_rl.py", "trl": trl.__version__, "torch": torch.__version__.split("+")[0], "seed": 7, "batches": BATCHES,
               "answers": S, "group": GROUP, "tokens": T, "betas": BETAS, "losses": losses, "estimates": rounded}, sys.stdout, separators=(",", ":"))
    print()


main()
