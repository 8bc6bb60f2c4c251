"""Hugging Face `tokenizers`, timed: a text encoded with a tokenizer.json, or byte-level BPE learnt from it.

Usage: python tokenizer_hf.py encode <tokenizer.json> <passes> <text file>
       python tokenizer_hf.py train <merges> <text | lines> <text file>     prints one JSON object
`text` gives the trainer the whole text at once, which one thread splits; `lines` gives it the lines, which its threads share
(the pieces at the ends of lines, and so a few merges, are then others).
"""
import hashlib
import json
import pathlib
import resource
import sys
import time

import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

NAME = f"Hugging Face tokenizers {tokenizers.__version__}"


def encode(model, passes, text):
    def timed(body):
        start = time.perf_counter()
        result = body()
        return (time.perf_counter() - start) * 1000, result

    load, tokenizer = timed(lambda: Tokenizer.from_file(model))
    encode_once = lambda: tokenizer.encode(text, add_special_tokens=False).ids
    first, ids = timed(encode_once)
    warm = [timed(encode_once)[0] for _ in range(int(passes))]
    digest = hashlib.sha256(b"".join(i.to_bytes(4, "little") for i in ids)).hexdigest()
    return {"peer": NAME, "load": load, "first": first, "warm": warm, "cold": [], "ids": len(ids), "digest": digest}


def train(merges, by, text):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    trainer = trainers.BpeTrainer(
        vocab_size=int(merges) + 257,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = {"text": lambda: [text], "lines": lambda: text.splitlines(keepends=True)}[by]()
    start = time.perf_counter()
    tokenizer.train_from_iterator(texts, trainer)
    seconds = time.perf_counter() - start
    learnt = [" ".join(m) if isinstance(m, list) else m for m in json.loads(tokenizer.to_str())["model"]["merges"]]
    digest = hashlib.sha256("\n".join(learnt).encode("utf-8")).hexdigest()
    return {"peer": f"{NAME}, {by}", "seconds": seconds, "merges": len(learnt), "digest": digest}


def main():
    kind, first, second, file = sys.argv[1:]
    text = pathlib.Path(file).read_bytes().decode("utf-8")
    result = {"encode": encode, "train": train}[kind](first, second, text)
    print(json.dumps({**result, "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


main()
