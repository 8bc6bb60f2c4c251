"""Log-likelihoods, rolling log-likelihoods, multiple choice and greedy generation of transformers' GPT2LMHeadModel on tests/data/tiny-random-gpt2.

    python bench/peers/evaluation_reference.py > tests/parity/data/evaluation.json

Needs torch (CPU) and transformers 5.23.0. Requests are spelt as EleutherAI's lm-evaluation-harness spells them (`_encode_pair`: spaces at the
context's end move to the continuation, the whole is encoded once and split at the context's tokens; what is too long loses its beginning).
Rolling windows overlap by half of the context; the first token follows <|endoftext|>. Sums in double precision. Tests need no Python.
"""
import json
import math
import pathlib
import sys

import torch
import transformers

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests/data/tiny-random-gpt2"
END = 0  # <|endoftext|> of tokenizer.json
LONG = "The whale swam on, and the ship followed the whale; the sea was wide. " * 40
PAIRS = [
    ("Call me", " Ishmael."),
    ("Call me ", "Ishmael."),
    ("Call me  \n", "Ishmael."),
    ("", "Some years ago"),
    ("   ", "never mind"),
    ("Some years ago", "-- never mind how long precisely"),
    (LONG, " and the whale sank."),
    ("naïve", " whalers: Ismaël"),
    ("a", "b"),
    ("The whale swam on", "j"),
    ("1 + 1 =", " ="),
]
ITEMS = [
    {"prompt": "Question: what swims?\nAnswer:", "choices": ["a whale", "the mountain of Tibet", "no", "two stones"], "answer": 0},
    {"prompt": "Question: who tells the tale?\nAnswer:", "choices": ["Ahab", "Ishmaël, whom we call so", "x"], "answer": 1},
    {"prompt": "1 + 1 =", "choices": ["1", "2", "33333333", "four", "five and a half"], "answer": 1},
    {"prompt": "", "choices": ["yes", "no, never in my life"], "answer": 1},
    {"prompt": "Choose.\nA. one\nB. two\nAnswer:", "choices": ["A", "B"], "answer": 0},
    {"prompt": "Éclair", "choices": ["ééééé", "eeeeeeeee"], "answer": 0},
]
TEXTS = ["Call me Ishmael.", "a", LONG, "Näive whales, naïve whalers: Ismaël and Ahab; all of them swam. ", "The " * 700]
PROMPTS = ["Call me", "The whale swam on", "1 + 1 ="]
NEW_TOKENS = 12


def encode_pair(tokenizer, context, continuation):
    spaces = len(context) - len(context.rstrip())
    if spaces > 0:
        continuation = context[-spaces:] + continuation
        context = context[:-spaces]
    if context == "":
        return [END], tokenizer(continuation, add_special_tokens=False)["input_ids"]
    whole = tokenizer(context + continuation, add_special_tokens=False)["input_ids"]
    before = tokenizer(context, add_special_tokens=False)["input_ids"]
    if len(whole) <= len(before):  # the border vanished in one token: the harness would score nothing, we encode the two apart
        return before, tokenizer(continuation, add_special_tokens=False)["input_ids"]
    return whole[: len(before)], whole[len(before) :]


def main() -> None:
    torch.set_num_threads(1)
    model = transformers.GPT2LMHeadModel.from_pretrained(FOLDER, attn_implementation="eager", dtype=torch.float32).eval()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=str(FOLDER / "tokenizer.json"))
    longest = model.config.n_positions

    def rows(ids):
        with torch.no_grad():
            return torch.log_softmax(model(torch.tensor([ids])).logits[0].double(), -1)  # (T, V)

    def likelihood(context, continuation):
        before, after = encode_pair(tokenizer, context, continuation)
        ids = (before + after)[-(longest + 1) :]
        scored = rows(ids[:-1])[-len(after) :]
        target = torch.tensor(after)
        return {
            "logProbability": float(scored.gather(1, target[:, None]).sum()),
            "tokens": len(after),
            "greedy": bool((scored.argmax(-1) == target).all()),
        }

    def rolling(text):
        ids = [END] + tokenizer(text, add_special_tokens=False)["input_ids"]
        total, scored, begin = 0.0, 0, 0
        while scored < len(ids) - 1:
            window = ids[begin : begin + longest + 1]
            table = rows(window[:-1])
            for i in range(scored - begin, len(window) - 1):
                total += float(table[i, window[i + 1]])
            scored = begin + len(window) - 1
            begin += longest // 2
        return {"logProbability": total, "tokens": len(ids) - 1, "bytes": len(text.encode())}

    def choose(item):
        scores = [likelihood(item["prompt"], " " + choice)["logProbability"] for choice in item["choices"]]
        by = lambda length: max(range(len(scores)), key=lambda i: scores[i] / length(item["choices"][i]))
        taken = {"acc": by(lambda _: 1), "acc_norm": by(len), "acc_bytes": by(lambda choice: len(choice.encode()))}
        return {**item, "scores": scores, "taken": taken}

    def generate(prompt):
        ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        with torch.no_grad():
            said = model.generate(torch.tensor([ids]), max_new_tokens=NEW_TOKENS, do_sample=False, eos_token_id=END, pad_token_id=END)
        return {"prompt": prompt, "text": tokenizer.decode(said[0, len(ids) :], skip_special_tokens=True)}

    rolled = [rolling(text) for text in TEXTS]
    json.dump({
        "source": "bench/peers/evaluation_reference.py",
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
        "pairs": [{"context": context, "continuation": continuation, **likelihood(context, continuation)} for context, continuation in PAIRS],
        "choices": [choose(item) for item in ITEMS],
        "rolling": [{"text": text, **score} for text, score in zip(TEXTS, rolled)],
        "bits_per_byte": -sum(one["logProbability"] for one in rolled) / (sum(one["bytes"] for one in rolled) * math.log(2)),
        "newTokens": NEW_TOKENS,
        "generated": [generate(prompt) for prompt in PROMPTS],
    }, sys.stdout, ensure_ascii=True, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
