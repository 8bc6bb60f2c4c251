"""Small texts on which Hugging Face `tokenizers` learns merges and encodes: ties, minimum frequency, three split patterns, odd white space.

Usage: python bpe_cases.py > packages/text/src/fixtures/bpe-cases.json
The patterns are those of packages/text/src/split-patterns.ts.
"""
import json
import random
import sys

import tokenizers
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

PATTERNS = {
    "gpt2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "cl100k": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "o200k": "|".join([
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+",
    ]),
}
ALPHABETS = ["ab", "abc ", "ab c\n", "xyé🙂 '", "aA1 \t'sS\u017f", "a \u0085\ufeff\u00a0\u2028!.\n", "日本 語。1２"]


def main():
    random.seed(4)
    cases = []
    for number in range(63):
        alphabet = ALPHABETS[number % len(ALPHABETS)]
        pattern = list(PATTERNS)[number % 3]
        text = "".join(random.choice(alphabet) for _ in range(random.choice([20, 120, 400])))
        special = [["<|endoftext|>"], [], ["<s>", "</s>"]][number % 3 if number % 2 else 0]
        frequency = random.choice([0, 2, 3])
        size = 256 + len(special) + random.choice([4, 20, 60, 300])
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = (
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True) if pattern == "gpt2"
            else pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(PATTERNS[pattern]), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
        )
        trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=special, min_frequency=frequency, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
        tokenizer.train_from_iterator([text], trainer)
        merges = json.loads(tokenizer.to_str())["model"]["merges"]
        other = "".join(random.choice(alphabet) for _ in range(60))
        cases.append({"pattern": pattern, "special": special, "minFrequency": frequency, "vocabSize": size, "text": text, "merges": [" ".join(pair) for pair in merges], "other": other, "ids": tokenizer.encode(other).ids})
    json.dump({"made by": "bench/peers/bpe_cases.py", "tokenizers": tokenizers.__version__, "cases": cases}, sys.stdout, ensure_ascii=True, separators=(",", ":"))


main()
