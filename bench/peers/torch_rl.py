"""A GRPO and a PPO step in plain PyTorch, fp32: transformers' GPT-2 and its `generate` with a key-value cache; PEFT for the adapter.

Usage: python torch_rl.py <grpo | ppo> <folder> <full | lora> <threads>     prints one JSON object
Answers are padded to the right for the update, where causal attention never looks; the head reads the scored positions alone.
GRPO: loss dapo, k3 in the loss, beta 0.04, one update a round; the log-probabilities of the rollout are the update's own, held still.
PPO: k1 in the reward, beta 0.05, gamma 1, lambda 0.95, whitened advantages, a value head on the policy's trunk, four updates a round.
"""
import copy
import os
import sys
import time
from contextlib import nullcontext

import torch
import torch.nn as nn
import torch.nn.functional as F
import transformers
from peft import get_peft_model

from rl_problem import SETTINGS, adapter, problem, report, share_of_e
from torch_step import gemm_gflops, peak_resident, resident

idle = resident()
transformers.utils.logging.set_verbosity_error()


def trunk_of(model):
    return (model.get_base_model() if hasattr(model, "get_base_model") else model).transformer


def hidden_of(model, ids, scored):
    return trunk_of(model)(ids[:, :-1], use_cache=False).last_hidden_state[scored]


def logs_of(model, hidden, targets):
    return -F.cross_entropy(F.linear(hidden, trunk_of(model).wte.weight), targets, reduction="none")


def padded(rows, fill, side="right"):
    width = max(map(len, rows))
    return torch.tensor([row + [fill] * (width - len(row)) if side == "right" else [fill] * (width - len(row)) + row for row in rows])


def white(x):
    return (x - x.mean()) * torch.rsqrt(x.var() + 1e-8)


def main():
    name, folder, what, threads = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    given = problem(folder)
    how, method, end = given["rl"], given["rl"]["methods"][name], given["end"]
    T = how["tokens"]
    model_folder = os.path.join(folder, "model")
    model = transformers.AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32, attn_pdrop=0.0, embd_pdrop=0.0, resid_pdrop=0.0)
    tokenizer = transformers.AutoTokenizer.from_pretrained(model_folder)
    reference = copy.deepcopy(model).requires_grad_(False) if what == "full" else None
    if what == "lora":
        model = get_peft_model(model, adapter())
    value = nn.Linear(model.config.n_embd, 1)
    nn.init.zeros_(value.weight)
    learnt = [p for p in model.parameters() if p.requires_grad] + (list(value.parameters()) if name == "ppo" else [])
    optimiser = torch.optim.AdamW(learnt, **SETTINGS, fused=True)

    def update(loss):
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(learnt, 1.0)
        optimiser.step()

    before, made = gemm_gflops(), []
    for step in range(how["warmup"] + how["timed"]):
        prompts = [p["ids"] for p in given["prompts"][step * method["prompts"] : (step + 1) * method["prompts"]] for _ in range(method["generations"])]
        start = time.perf_counter()
        asked = padded(prompts, end, "left")
        mask = padded([[1] * len(prompt) for prompt in prompts], 0, "left")
        with torch.no_grad():
            out = model.generate(input_ids=asked, attention_mask=mask, max_new_tokens=T, do_sample=True, top_k=0, top_p=1.0, temperature=1.0, pad_token_id=end)
        answers = out[:, asked.shape[1] :]
        assert answers.shape[1] == T and not (answers == end).any(), "an answer ended by itself"
        generated = time.perf_counter()

        rewards = torch.tensor(share_of_e(tokenizer.batch_decode(answers)))
        ids = padded([prompt + answer for prompt, answer in zip(prompts, answers.tolist())], end)
        columns = torch.arange(1, ids.shape[1])
        lengths = torch.tensor([len(prompt) for prompt in prompts])[:, None]
        scored = (columns >= lengths) & (columns < lengths + T)
        targets = ids[:, 1:][scored]
        S = len(prompts)
        with torch.no_grad():
            with model.disable_adapter() if what == "lora" else nullcontext():
                held = reference if what == "full" else model
                reference_logs = logs_of(held, hidden_of(held, ids, scored), targets)
        if name == "grpo":
            groups = rewards.view(-1, method["generations"])
            advantages = ((groups - groups.mean(1, keepdim=True)) / (groups.std(1, keepdim=True) + 1e-4)).flatten().repeat_interleave(T)
            logs = logs_of(model, hidden_of(model, ids, scored), targets)
            ratio = torch.exp(logs - logs.detach())
            surrogate = -torch.min(ratio * advantages, ratio.clamp(0.8, 1.2) * advantages)
            x = reference_logs - logs
            update((surrogate + 0.04 * (torch.exp(x) - x - 1)).mean())
        else:
            with torch.no_grad():
                hidden = hidden_of(model, ids, scored)
                old, values = logs_of(model, hidden, targets), value(hidden)[:, 0]
            del hidden
            shaped = (-0.05 * (old - reference_logs)).view(S, T)
            shaped[:, -1] += rewards
            V, last, backwards = values.view(S, T), torch.zeros(S), []
            for t in reversed(range(T)):
                last = shaped[:, t] + (V[:, t + 1] if t + 1 < T else 0.0) - V[:, t] + 0.95 * last
                backwards.append(last)
            advantages = torch.stack(backwards[::-1], 1)
            returns, advantages = (advantages + V).flatten(), white(advantages.flatten())
            for _ in range(method["updates"]):
                hidden = hidden_of(model, ids, scored)
                ratio = torch.exp(logs_of(model, hidden, targets) - old)
                surrogate = torch.max(-ratio * advantages, -ratio.clamp(0.8, 1.2) * advantages).mean()
                now = value(hidden)[:, 0]
                kept = now.clamp(values - 0.2, values + 0.2)
                update(surrogate + 0.1 * 0.5 * torch.max((now - returns) ** 2, (kept - returns) ** 2).mean())
        made.append((answers.numel(), sum(map(len, prompts)), generated - start, time.perf_counter() - generated))
    peak = peak_resident()
    report(f"torch {torch.__version__} eager, transformers {transformers.__version__}", made, method["updates"], how["warmup"], before, gemm_gflops(), idle, peak)


main()
