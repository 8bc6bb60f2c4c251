"""Preference losses by TRL's own trainers, where TRL has them, on 100 batches of 8 pairs; by independent PyTorch otherwise.

    python trl_losses.py > ../../packages/align-dpo/src/fixtures/trl-losses.json

Needs trl 1.16.0 and torch (CPU). The output is committed: tests read it and need no Python.
The trainers' methods run on stand-ins for the trainer and the model: the model gives log-probabilities that are drawn here, by a
generator that the tests repeat, in steps of 1/4096, so that sums are exact in fp32 whatever their order.
"""
import collections
import json
import sys
import types

import torch
import torch.nn.functional as F
import trl
from trl.experimental.cpo import CPOTrainer
from trl.experimental.orpo import ORPOTrainer
from trl.trainer.dpo_trainer import DPOTrainer
from trl.trainer.kto_trainer import KTOTrainer

BATCHES, B, T, GRADIENTS = 100, 8, 12, 3
BETAS = (0.1, 0.3, 0.5)
Space = types.SimpleNamespace


class Drawn:
    """x <- 1664525 x + 1013904223 mod 2^32, the upper 24 bits."""
    def __init__(self, seed):
        self.x = seed

    def below(self, n):
        self.x = (1664525 * self.x + 1013904223) % 2**32
        return (self.x >> 8) % n


def draw_side(draw):
    """Lengths, and log-probabilities (B, T) under policy and reference, 0 beyond the length."""
    lengths, policy, reference = [], torch.zeros(B, T), torch.zeros(B, T)
    for row in range(B):
        lengths.append(1 + draw.below(T))
        for t in range(lengths[-1]):
            p = -(1 + draw.below(16384))
            policy[row, t] = p / 4096
            reference[row, t] = min(-1, p + draw.below(8192) - 4096) / 4096
    return Space(lengths=lengths, policy=policy, reference=reference)


class Given(torch.nn.Module):
    """A model whose log-probabilities are a table, one row for each first token id."""
    is_gradient_checkpointing = False

    def __init__(self, table):
        super().__init__()
        self.table = table

    def forward(self, input_ids, **_):
        log_probs = self.table[input_ids[:, 0]]
        log_probs = torch.cat([torch.zeros(len(log_probs), 1), log_probs], 1)  # the second token of the prompt
        zeros = torch.zeros_like(log_probs)
        return Space(log_probs=log_probs, entropy=zeros, mean_logits=zeros, is_top1=zeros.bool(), log_sum_sq_probs=zeros)


def inputs_of(sides, first=0):
    lengths = [n for side in sides for n in side.lengths]
    ids = torch.ones(len(lengths), T + 2, dtype=torch.long)
    ids[:, 0] = torch.arange(first, first + len(lengths))
    mask = torch.tensor([[0, 0] + [1] * n + [0] * (T - n) for n in lengths])
    return ids, mask


same = lambda x: x
accelerator = Space(device=torch.device("cpu"), gather=same, gather_for_metrics=same, unwrap_model=same)
common = dict(accelerator=accelerator, aux_loss_enabled=False, precompute_ref_logps=False, _total_train_tokens=0, _tp_size=1)


def trainer(policy, reference, **more):
    return Space(**common, _metrics=collections.defaultdict(lambda: collections.defaultdict(list)),
                 model=policy, ref_model=reference, **more)


def dpo(*types_, weights=None, f="reverse_kl", alpha=0.5, ld=None, smoothing=0.0, tau=0.05):
    def run(batch, beta, table):
        sides = (batch.chosen, batch.rejected)
        ids, mask = inputs_of(sides)
        policy, reference = Given(table), Given(torch.cat([side.reference for side in sides]))
        fake = trainer(policy, reference, ld_alpha=ld, f_divergence_type=f, f_alpha_divergence_coef=alpha, beta=beta,
                       loss_types=list(types_), loss_weights=weights or [1.0] * len(types_), label_smoothing=smoothing,
                       use_weighting=False, args=Space(gradient_checkpointing_kwargs=None, discopop_tau=tau))
        inputs = dict(input_ids=ids, attention_mask=torch.ones_like(ids), completion_mask=mask)
        return DPOTrainer._compute_loss(fake, policy, inputs, False)
    return run


def kto(desirable=1.0, undesirable=1.0):
    def run(batch, beta, table):
        sides = (batch.chosen, batch.rejected)
        ids, mask = inputs_of(sides)
        kl_ids, kl_mask = inputs_of((batch.mismatched,), first=2 * B)
        policy = Given(torch.cat([table, batch.mismatched.policy]))
        reference = Given(torch.cat([side.reference for side in (*sides, batch.mismatched)]))
        fake = trainer(policy, reference, beta=beta, loss_type="kto", calculate_KL=True, desirable_weight=desirable,
                       undesirable_weight=undesirable, args=Space(gradient_checkpointing_kwargs=None))
        fake._compute_kl_logps = types.MethodType(KTOTrainer._compute_kl_logps, fake)
        inputs = dict(input_ids=ids, attention_mask=torch.ones_like(ids), completion_mask=mask,
                      label=torch.tensor([True] * B + [False] * B), KL_input_ids=kl_ids,
                      KL_attention_mask=torch.ones_like(kl_ids), KL_completion_mask=kl_mask)
        return KTOTrainer._compute_loss(fake, policy, inputs, False)
    return run


def reference_free(cls, loss_name, averaged, **more):
    """CPO and ORPO: their loss on given sums or averages, and the token mean of -log p of the chosen completions."""
    def run(batch, beta, table):
        lengths = torch.tensor(batch.chosen.lengths + batch.rejected.lengths)
        logps = table.sum(1) / (lengths if averaged else 1)
        nll = -table[:B].sum() / lengths[:B].sum()
        fake = Space(**common, beta=beta, **more)
        setattr(fake, loss_name, types.MethodType(getattr(cls, loss_name), fake))
        fake.concatenated_forward = lambda *_: (logps[:B], logps[B:], torch.zeros(1), torch.zeros(1), nll)
        return cls.get_batch_loss_metrics(fake, None, {})[0]
    return run


def cpo(loss_type, **more):
    defaults = dict(alpha=0.0, simpo_gamma=0.5, label_smoothing=0.0, cpo_alpha=1.0)
    return reference_free(CPOTrainer, "cpo_loss", loss_type == "simpo", **{**defaults, **more, "loss_type": loss_type})


def log_ratios(batch, table):
    ratio = table.sum(1) - torch.cat([batch.chosen.reference, batch.rejected.reference]).sum(1)
    return ratio[:B], ratio[B:]


def cdpo(epsilon):
    """Mitchell's note: TRL moved label smoothing out of its sigmoid loss."""
    def run(batch, beta, table):
        c, r = log_ratios(batch, table)
        x = beta * (c - r)
        return (-(1 - epsilon) * F.logsigmoid(x) - epsilon * F.logsigmoid(-x)).mean()
    return run


class Bco:
    """The BCO paper's loss with a running mean over all completions so far: TRL 1.16 has no BCO trainer any more."""
    def __init__(self):
        self.mean, self.count = 0.0, 0

    def __call__(self, batch, beta, table):
        c, r = log_ratios(batch, table)
        rewards = beta * torch.cat([c, r]).detach().double()
        self.mean = (self.mean * self.count + rewards.sum().item()) / (self.count + len(rewards))
        self.count += len(rewards)
        return torch.cat([-F.logsigmoid(beta * c - self.mean), -F.logsigmoid(self.mean - beta * r)]).mean()


D, K = "DPOTrainer", "KTOTrainer"
CASES = {
    "sigmoid": (D, dpo("sigmoid")),
    "sigmoid forward-kl": (D, dpo("sigmoid", f="forward_kl")),
    "sigmoid js": (D, dpo("sigmoid", f="js_divergence")),
    "sigmoid alpha 0.5": (D, dpo("sigmoid", f="alpha_divergence")),
    "sigmoid alpha 1": (D, dpo("sigmoid", f="alpha_divergence", alpha=1.0)),
    "sigmoid ld 0.5": (D, dpo("sigmoid", ld=0.5)),
    "sigmoid ld 0": (D, dpo("sigmoid", ld=0.0)),
    "hinge": (D, dpo("hinge")),
    "ipo": (D, dpo("ipo")),
    "ipo js ld 0.3": (D, dpo("ipo", f="js_divergence", ld=0.3)),
    "exo": (D, dpo("exo_pair", smoothing=1e-3)),
    "nca": (D, dpo("nca_pair")),
    "robust": (D, dpo("robust", smoothing=0.1)),
    "bco-pair": (D, dpo("bco_pair")),
    "sppo": (D, dpo("sppo_hard")),
    "aot": (D, dpo("aot")),
    "aot smoothed": (D, dpo("aot", smoothing=0.1)),
    "aot-unpaired": (D, dpo("aot_unpaired")),
    "apo-zero": (D, dpo("apo_zero")),
    "apo-down": (D, dpo("apo_down")),
    "discopop": (D, dpo("discopop")),
    "sft": (D, dpo("sft")),
    "rpo": (D, dpo("sigmoid", "sft", weights=[1.0, 0.7])),
    "sigmoid-norm": (D, dpo("sigmoid_norm")),
    "sigmoid-norm forward-kl": (D, dpo("sigmoid_norm", f="forward_kl")),
    "kto": (K, kto()),
    "kto weighted": (K, kto(1.33, 0.8)),
    "cpo": ("experimental CPOTrainer", cpo("sigmoid")),
    "cpo smoothed": ("experimental CPOTrainer", cpo("sigmoid", label_smoothing=0.1)),
    "simpo": ("experimental CPOTrainer", cpo("simpo", cpo_alpha=0.0)),
    "orpo": ("experimental ORPOTrainer", reference_free(ORPOTrainer, "odds_ratio_loss", True)),
    "cdpo": ("independent", cdpo(0.1)),
    "bco": ("independent", Bco()),
}


def digits(x):
    return float(f"{x:.8g}")


def main():
    draw = Drawn(20260601)
    cases = {name: {"by": by, "losses": [], "gradients": []} for name, (by, _) in CASES.items()}
    for index in range(BATCHES):
        batch = Space(chosen=draw_side(draw), rejected=draw_side(draw), mismatched=draw_side(draw))
        beta = BETAS[index % len(BETAS)]
        for name, (_, run) in CASES.items():
            table = torch.cat([batch.chosen.policy, batch.rejected.policy]).requires_grad_()
            loss = run(batch, beta, table)
            cases[name]["losses"].append(digits(loss.item()))
            if index < GRADIENTS:  # of the first token's log-probability, which is that of the sum
                (gradient,) = torch.autograd.grad(loss, table, allow_unused=True)
                cases[name]["gradients"].append([digits(g) for g in gradient[:, 0].tolist()])
    made = f"bench/peers/trl_losses.py, trl {trl.__version__}, torch {torch.__version__.split('+')[0]}, fp32"
    head = {"made": made, "seed": 20260601, "batches": BATCHES, "rows": B, "tokens": T, "betas": BETAS}
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in cases.items())
    sys.stdout.write(json.dumps(head)[:-1] + ',\n"cases": {\n' + lines + "\n}}\n")


main()
