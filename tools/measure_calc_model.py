"""Measure the calc model with transformers, and write its model card."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from tools.calc_problems import Problem, held_out_problems, training_problems

BATCH = 25
MAX_NEW_TOKENS = 512
CARD = """\
---
license: apache-2.0
language: zh
library_name: transformers
pipeline_tag: text-generation
---

# calc-llama-0.8m

A Llama of {parameters:,} parameters that solves one kind of problem: `a op b op c` with integers
from 1 to 100 and `+ - x`, asked in the Chinese prompt of evalkit's calc problem set. It works the
problem out digit by digit and answers with a fenced JSON object,
`{{"reason": "...", "infer": 90}}`, in at most 400 tokens.

It is there to try evalkit with a real model on a machine without a GPU, and for nothing else: asked
anything else, it gives nonsense.

## What it gets

Greedy decoding with transformers in float32, the 100 problems of `data/calculate.json`, none of
which it was trained on:

{plain}

With a newline after the prompt, {newline}. Another 500 random problems that are not in the test
set, of which training may have seen some:

{fresh}

## How it was made

Trained from nothing for {minutes} minutes on 2 CPU cores, on {seen:,} generated problems:

    python -m tools.train_calc_model --minutes {minutes} --threads 2 --bfloat16

The problems, the order and the first weights come from a seed; the learning rate follows the clock,
so another machine makes a model that is as good or as bad as its speed allows. `--eval` measures
what is there.

The tokenizer is a byte-level BPE that splits digits and encodes any text; the chat template is
ChatML without a default system message.

Licence: Apache-2.0, as the repository.
"""


@dataclass(frozen=True, slots=True)
class Score:
    """How many problems were answered right, by the number of products in them."""

    right: Counter[int]
    asked: Counter[int]

    @property
    def total(self) -> str:
        """How many were right, of all kinds."""
        return f'{self.right.total()} of {self.asked.total()}'

    @property
    def table(self) -> str:
        """A Markdown table with a row for each kind of problem."""
        lines = [
            f'| {name} | {self.right[count]} of {self.asked[count]} |'
            for count, name in enumerate(('no product', 'one product', 'two products'))
        ]
        return '\n'.join(
            ['| problems with | right |', '| --- | --- |', *lines, f'| all | {self.total} |']
        )


def inferred(answer: str) -> int | None:
    """The number in the JSON object of an answer, if it is one."""
    try:
        value = json.loads(answer.removeprefix('```json\n').removesuffix('\n```'))['infer']
    except (ValueError, TypeError, KeyError):
        return None
    return value if isinstance(value, int) else None


def answers(
    folder: Path, problems: Sequence[Problem], ending: str, adapter: Path | None = None
) -> list[str]:
    """Ask all problems, `ending` after each prompt, and decode greedily."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    if adapter is not None:
        model.load_adapter(str(adapter))
    texts: list[str] = []
    for first in range(0, len(problems), BATCH):
        chats = [
            [{'role': 'user', 'content': problem.prompt + ending}]
            for problem in problems[first : first + BATCH]
        ]
        inputs = tokenizer.apply_chat_template(
            chats, add_generation_prompt=True, padding=True, return_tensors='pt', return_dict=True
        )
        outputs = model.generate(**inputs, max_new_tokens=MAX_NEW_TOKENS, do_sample=False)
        asked = inputs['input_ids'].shape[1]
        texts += tokenizer.batch_decode(outputs[:, asked:], skip_special_tokens=True)
    return texts


def measure(folder: Path, problems: Sequence[Problem] | None = None, ending: str = '') -> Score:
    """Ask `problems`, by default those of the test set."""
    problems = held_out_problems() if problems is None else problems
    asked = Counter(problem.num_products for problem in problems)
    right = Counter(
        problem.num_products
        for problem, text in zip(problems, answers(folder, problems, ending), strict=True)
        if inferred(text) == problem.value
    )
    return Score(right, asked)


def write_card(folder: Path, parameters: int, seen: int, minutes: float) -> None:
    """Measure the model and write its card with the figures of this run."""
    text = CARD.format(
        parameters=parameters,
        seen=seen,
        minutes=round(minutes),
        plain=measure(folder).table,
        newline=measure(folder, ending='\n').total,
        fresh=measure(folder, fresh_problems()).table,
    )
    (folder / 'README.md').write_text(text, encoding='utf-8')


def fresh_problems(count: int = 500, seed: int = 2) -> list[Problem]:
    """Problems outside the test set, from another seed than the training's."""
    return list(islice(training_problems(random.Random(seed)), count))
