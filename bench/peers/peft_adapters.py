"""Adapters that PEFT itself made and trained on the committed folder tests/data/tiny-random-gpt2, with the logits that it computes.

    python bench/peers/peft_adapters.py            writes tests/data/peft-adapters/{lora,dora}/ and peft.json beside them
    python bench/peers/peft_adapters.py check DIR  loads the adapter folder DIR on that model and prints its logits as JSON

Needs torch (CPU), transformers 5 and peft 0.21. The output is committed: tests read it and need no Python.
A test of the slow suite runs `check` on a folder that Ingot wrote, where a Python with peft is named by INGOT_PEFT_PYTHON.
"""
import json
import pathlib
import sys

import peft
import torch
import transformers

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests/data/tiny-random-gpt2"
OUT = ROOT / "tests/data/peft-adapters"
IDS = [[(37 * t + 5) % 1000 for t in range(12)], [(t * t + 3 * t + 11) % 1000 for t in range(12)]]
CASES = {
    "lora": dict(r=4, lora_alpha=8, target_modules=["c_attn", "mlp.c_proj"], rank_pattern={"h.0.attn.c_attn": 2},
                 alpha_pattern={"h.1.attn.c_attn": 3}, use_rslora=True, modules_to_save=["ln_f"]),
    "dora": dict(r=3, lora_alpha=6, target_modules=["c_attn", "c_fc"], use_dora=True),
}


def base():
    return transformers.GPT2LMHeadModel.from_pretrained(FOLDER, attn_implementation="eager", dtype=torch.float32).eval()


def loss_of(model):
    ids = torch.tensor(IDS)
    logits = model(ids).logits[:, :-1]
    return torch.nn.functional.cross_entropy(logits.reshape(-1, 1000), ids[:, 1:].reshape(-1))


def numbers(values):
    return [float(f"{value:.8g}") for value in values.double().flatten().tolist()]


def gradient_sums(model):
    """Sum of g and of g * (1 + index mod 7) of every parameter that learns, under its key in the folder."""
    found = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad and parameter.grad is not None:
            g = parameter.grad.double().flatten()
            key = name.replace(".default", "").replace("modules_to_save.", "").replace("lora_magnitude_vector.weight", "lora_magnitude_vector")
            found[key] = [g.sum().item(), (g * (1 + torch.arange(g.numel()) % 7)).sum().item()]
    return found


def make():
    cases = {}
    for name, options in CASES.items():
        torch.manual_seed(1)
        model = peft.get_peft_model(base(), peft.LoraConfig(task_type="CAUSAL_LM", fan_in_fan_out=True, **options))
        model.eval()
        optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=0.05)
        for _ in range(3):
            loss = loss_of(model)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        optimiser.zero_grad()
        loss_of(model).backward()
        with torch.no_grad():
            logits = model(torch.tensor(IDS)).logits
        trainable, every = model.get_nb_trainable_parameters()
        model.save_pretrained(OUT / name)
        (OUT / name / "README.md").unlink(missing_ok=True)
        path = OUT / name / "adapter_config.json"
        config = json.loads(path.read_text())
        config["base_model_name_or_path"] = "tiny-random-gpt2"
        config["target_modules"] = sorted(config["target_modules"])
        path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
        cases[name] = {
            "trainable": trainable,
            "all": every,
            "sums": numbers(logits.double().sum(-1)),
            "first": numbers(logits[:, :, :4]),
            "gradients": gradient_sums(model),
        }
    (OUT / "peft.json").write_text(json.dumps({
        "source": "bench/peers/peft_adapters.py",
        "peft": peft.__version__,
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
        "what": "sums: sum over the vocabulary of each position's logits; first: logits[b, t, :4]; gradients of the mean next-token loss: [sum g, sum g * (1 + i mod 7)]",
        "ids": IDS,
        "cases": cases,
    }) + "\n")


def check(folder):
    model = peft.PeftModel.from_pretrained(base(), folder).eval()
    trained = peft.PeftModel.from_pretrained(base(), folder, is_trainable=True)
    with torch.no_grad():
        logits = model(torch.tensor(IDS)).logits
        merged = model.merge_and_unload()(torch.tensor(IDS)).logits
    trainable, every = trained.get_nb_trainable_parameters()
    json.dump({"trainable": trainable, "all": every, "sums": numbers(logits.double().sum(-1)), "first": numbers(logits[:, :, :4]),
               "merged": numbers(merged[:, :, :4])}, sys.stdout)


if __name__ == "__main__":
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    if sys.argv[1:2] == ["check"]:
        check(sys.argv[2])
    else:
        make()
