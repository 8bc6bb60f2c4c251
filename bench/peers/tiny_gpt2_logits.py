"""Logits of transformers' GPT2LMHeadModel for the committed folder tests/data/tiny-random-gpt2 (hf-internal-testing/tiny-random-gpt2).

    python bench/peers/tiny_gpt2_logits.py > tests/parity/data/tiny-gpt2-logits.json

Needs torch (CPU) and transformers 5.23.0. The output is committed: tests read it and need no Python.
"""
import json
import pathlib
import sys

import torch
import transformers

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests/data/tiny-random-gpt2"
# Ids as a formula for short, long and single-token inputs, and one text through the folder's own tokenizer.
FORMULAS = {"short": [(37 * t + 5) % 1000 for t in range(7)], "long": [(t * t + 3 * t + 11) % 1000 for t in range(64)], "one": [98]}
TEXT = "Call me Ishmael. Some years ago -- never mind how long precisely"


def main() -> None:
    torch.set_num_threads(1)
    model = transformers.GPT2LMHeadModel.from_pretrained(FOLDER, attn_implementation="eager", dtype=torch.float32).eval()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(FOLDER / "tokenizer.json"))
    inputs = dict(FORMULAS, text=tokenizer(TEXT, add_special_tokens=False)["input_ids"])
    cases = []
    for name, ids in inputs.items():
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0]  # (T, V)
        cases.append({
            "name": name,
            "ids": ids,
            "argmax": logits.argmax(-1).tolist(),
            "sums": [float(f"{value:.7g}") for value in logits.double().sum(-1)],
            "first": [[float(f"{value:.8g}") for value in row[:4]] for row in logits],
            "last": [float(f"{value:.8g}") for value in logits[-1]],
        })
    json.dump({
        "what": "first: logits[t, :4]; sums: sum over the vocabulary of each position; last: all logits of the last position",
        "source": "bench/peers/tiny_gpt2_logits.py",
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
        "text": TEXT,
        "cases": cases,
    }, sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
