"""Conversations as transformers spells them: text, ids and the assistant's mask, to compare @ingot/text with.

Reads the formats as JSON from standard input and writes the fixture to standard output:
  node -e "import('@ingot/text').then((t) => console.log(JSON.stringify(t.chatFormats)))" \
    | python bench/peers/chat_templates.py > packages/text/src/chat/fixtures/transformers.json
(in packages/data after `npm run build`, where @ingot/text is found). Needs transformers and tokenizers.
"""

import hashlib
import json
import sys

import tokenizers
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

USER = {"role": "user", "content": "Hello there, naïve 🙂"}
ANSWER = {"role": "assistant", "content": "Hi!\n\nHow are you?"}
CHATS = [
    [USER],
    [USER, ANSWER],
    [{"role": "system", "content": "Be kind."}, USER, ANSWER],
    [USER, ANSWER, {"role": "user", "content": "Fine.\n"}, {"role": "assistant", "content": "  Good  "}],
    [{"role": "user", "content": "  blanks around \n"}, {"role": "assistant", "content": "\n\n yes \t"}],
    [USER, USER],
    [USER, ANSWER, {"role": "system", "content": "late"}],
]
# ChatML with the marks that say what is learnt, in the layouts that whitespace control tells apart.
MARKED = {
    "tight": "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' }}{% if m['role'] == 'assistant' %}{% generation %}{{ m['content'] + '<|im_end|>' }}{% endgeneration %}{{ '\\n' }}{% else %}{{ m['content'] + '<|im_end|>\\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
    "lines": "{%- for m in messages %}\n    {{- '<|im_start|>' + m['role'] + '\\n' }}\n    {%- if m['role'] == 'assistant' %}\n        {%- generation %}\n        {{- m['content'] + '<|im_end|>' }}\n        {%- endgeneration %}\n        {{- '\\n' }}\n    {%- else %}\n        {{- m['content'] + '<|im_end|>\\n' }}\n    {%- endif %}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}",
    "loose": "{% for m in messages %}\n{{ '<|im_start|>' + m['role'] }}\n{% if m['role'] == 'assistant' %}\n    {% generation %}\n{{ m['content'] + '<|im_end|>' }}\n    {% endgeneration %}\n{% else %}\n{{ m['content'] + '<|im_end|>' }}\n{% endif %}\n{% endfor %}\n{% if add_generation_prompt %}\n{{ '<|im_start|>assistant' }}\n{% endif %}",
}


# Joined by blanks and single line ends, so that merges cross the borders of contents and plain text of the templates where they may.
TEXT = " ".join(["Hello there, naïve how are you? Hi! Fine. Good yes", " blanks around be kind user\nassistant\nmodel\nsystem\nHi Hello"] * 20)


def trained(special):
    """A small byte-level BPE of all formats' special tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=len(special) + 256 + 60,
        special_tokens=list(special),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([TEXT], trainer)
    return tokenizer


def with_template(template, begin, end):
    named = {"bos_token": begin} if begin else {}
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=TOKENIZER, chat_template=template, eos_token=end, **named
    )


def rendered(tokenizer, chat, generate):
    try:
        text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=generate)
    except Exception as error:  # the template refuses: raise_exception
        return {"error": str(error)}
    return {"text": text, "ids": tokenizer(text, add_special_tokens=False)["input_ids"]}


SPECIAL = [
    "<|endoftext|>",
    *("<|im_start|>", "<|im_end|>"),
    *("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
    *("<bos>", "<start_of_turn>", "<end_of_turn>"),
    *("<s>", "</s>", "[INST]", "[/INST]"),
    *("<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
]
TOKENIZER = trained(SPECIAL)

formats = json.load(sys.stdin)
result = {
    "made": f"bench/peers/chat_templates.py with transformers {transformers.__version__}, tokenizers {tokenizers.__version__}",
    "tokenizer": json.loads(TOKENIZER.to_str()),
    "chats": CHATS,
    "formats": {},
    "marked": {},
}
for name, chat_format in formats.items():
    tokenizer = with_template(chat_format["template"], chat_format.get("beginOfText"), chat_format["endOfTurn"])
    result["formats"][name] = {
        "template": hashlib.sha256(chat_format["template"].encode()).hexdigest(),
        "asked": [rendered(tokenizer, chat, True) for chat in CHATS],
        "told": [rendered(tokenizer, chat, False) for chat in CHATS],
    }
for name, template in MARKED.items():
    tokenizer = with_template(template, None, "<|im_end|>")
    made = [
        tokenizer.apply_chat_template(chat, tokenize=True, return_dict=True, return_assistant_tokens_mask=True)
        for chat in CHATS[1:5]
    ]
    result["marked"][name] = {
        "template": template,
        "examples": [{"ids": row["input_ids"], "mask": row["assistant_masks"]} for row in made],
    }
json.dump(result, sys.stdout, ensure_ascii=False, separators=(",", ":"))
print()
