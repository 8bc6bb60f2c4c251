"""Merges that Hugging Face `tokenizers` learns from a text, as reference for packages/text.

Usage: python bpe_merges.py <text file> > packages/text/src/fixtures/war-and-peace-merges.json
The whole file is one document. Commits only hashes and the ends of the lists.
"""
import hashlib
import json
import sys
import time

import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers


def main():
    raw = open(sys.argv[1], "rb").read()
    text = raw.decode("utf-8").replace("\r\n", "\n")
    result = {"made by": "bench/peers/bpe_merges.py", "tokenizers": tokenizers.__version__, "sha256 of the text": hashlib.sha256(raw).hexdigest(), "runs": []}
    for size in (4096, 32768):
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
        trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=["<|endoftext|>"], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
        start = time.perf_counter()
        tokenizer.train_from_iterator([text], trainer)
        seconds = time.perf_counter() - start
        model = json.loads(tokenizer.to_str())["model"]
        merges = [" ".join(m) if isinstance(m, list) else m for m in model["merges"]]
        tokens = sorted(model["vocab"], key=model["vocab"].get)
        ids = tokenizer.encode(text[:200_000]).ids
        digest = lambda lines: hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()
        result["runs"].append({
            "vocabSize": size, "merges": len(merges), "seconds": round(seconds, 2),
            "sha256 of the merges": digest(merges), "sha256 of the vocabulary": digest(tokens),
            "sha256 of the first 200,000 characters' ids": digest([str(i) for i in ids]),
            "first": merges[:12], "last": merges[-12:],
        })
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)


main()
