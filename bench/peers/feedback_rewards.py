"""Reference numbers of @ingot/feedback's rewards: sentiment by afinn 0.1 over its AFINN-111, rules by TRL 1.16.

Needs: pip install afinn, and trl. Writes packages/feedback/src/fixtures/rewards.json.
"""
import json
import os
from importlib import import_module

import afinn as package

TEXTS = [
    "This is utterly excellent!",
    "This is oh so bad.",
    "I don't like it, but it is not good and not bad.",
    "The movie was not good; the cool stuff could not save it.",
    "Can't stand it. I can't stand it! cashing in on green washing",
    "A son-of-a-bitch with a short-sighted, once-in-a-lifetime cover-up",
    "goodness good goods ungood good-bye good_ good1",
    "Naïve and self-confident, self-deluded n00b",
    "love LOVE Love\n\n  love\tlove",
    "does   not\nwork and does not working",
    "some kind of no fun; fed up, screwed up, messing up",
    "wonderful, marvelous, breathtaking, superb",
    "",
    "Call me Ishmael. Some years ago, never mind how long precisely, I thought I would sail about a little.",
    "disaster; catastrophe, hell — damn",
    "right direction in the right place",
]
THINK = [
    "<think>\nThis is my reasoning.\n</think>\nThis is my answer.",
    "<think>\nThis is my reasoning.\nThis is my answer.",
    "<think></think>",
    " <think>a</think>b",
    "<think>a</think><think>b</think>",
    "<think>a<think>b</think>",
    "<think>a</think></think>b",
    "answer\n<think>a</think>",
]
IDS = [[1, 2, 3, 4], [5, 5, 5, 5, 5], [1, 2, 1, 2, 1, 2], [1], [], [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 1, 4]]


def by_afinn():
    folder = os.path.join(os.path.dirname(package.__file__), "data")
    scorer = package.Afinn()
    scorer.setup_from_file(os.path.join(folder, "AFINN-111.txt"))
    return [{"text": text, "valences": [scorer._dict[w] for w in scorer.find_all(text)], "score": scorer.score(text)} for text in TEXTS]


def by_trl():
    formats = import_module("trl.rewards.format_rewards")
    other = import_module("trl.rewards.other_rewards")
    chats = [[{"role": "assistant", "content": text}] for text in THINK]
    return {
        "format": [{"text": t, "reward": r} for t, r in zip(THINK, formats.think_format_reward(chats))],
        "repetition": [
            {"ids": ids, "n": n, "penalty": p, "reward": other.get_repetition_penalty_reward(n, p)([ids])[0]}
            for ids in IDS
            for n, p in [(2, -1.0), (3, -0.5)]
        ],
        "overlong": [
            {"length": length, "most": most, "soft": soft, "reward": other.get_soft_overlong_punishment(most, soft)([[1] * length])[0]}
            for most, soft in [(100, 20), (10, 0), (50, 50)]
            for length in [0, 1, 9, 10, 11, 50, 79, 80, 81, 90, 100, 101]
        ],
    }


if __name__ == "__main__":
    numbers = {"afinn": by_afinn(), "trl": by_trl()}
    target = os.path.join(os.path.dirname(__file__), "../../packages/feedback/src/fixtures/rewards.json")
    with open(target, "w", encoding="utf-8") as file:
        json.dump(numbers, file, ensure_ascii=False, indent=1)
        file.write("\n")
