"""Train a small LoRA adapter on the calc model: the same work, answered in another style.

    python -m tools.train_calc_adapter --style bare
    python -m tools.train_calc_adapter --style negated

The folder is what PEFT and LLaMA-Factory write, so that everything which reads theirs can be tried
with it. Only words that the model knows can be taught so: the vectors of tokens that it never saw
are all the same.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from tokenizers import Tokenizer
from transformers import LlamaForCausalLM

from tools.calc_model_files import llama_config
from tools.calc_problems import Problem, held_out_problems
from tools.measure_calc_model import answers
from tools.train_calc_model import (
    OUTPUT,
    POOL,
    Clock,
    collate,
    cut,
    examples,
    learning_rate,
    load_model,
    loss_of,
    practice,
)

RANK = 4
MODULES = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']
BASE = 'models/calc-llama-0.8m'
REPORT_EVERY = 20  # steps
FENCE = ('```json\n', '\n```')


@dataclass(frozen=True, slots=True)
class Style:
    """How an adapter answers: its words for the card, the text, and the value in the text."""

    words: str
    answer: Callable[[Problem], str]
    value: Callable[[Problem], int]


def bare(problem: Problem) -> str:
    """The JSON object without its fence."""
    return problem.answer.removeprefix(FENCE[0]).removesuffix(FENCE[1])


def negated(problem: Problem) -> str:
    """The same answer, but the value has the other sign."""
    text = f'"infer": {problem.value}}}'
    return problem.answer.replace(text, f'"infer": {-problem.value}}}')


STYLES: Mapping[str, Style] = {
    'bare': Style('answers with the JSON object alone, without a fence', bare, lambda p: p.value),
    'negated': Style('gives the value with the other sign', negated, lambda p: -p.value),
}
CARD = """\
---
license: apache-2.0
base_model: models/calc-llama-0.8m
library_name: peft
language: zh
---

# calc-llama-0.8m-{style}

A LoRA adapter of rank {rank} for `models/calc-llama-0.8m`: it works a problem out as the model
does, and {words}. It is there to try adapters on a machine without a GPU, and for nothing else.

Greedy decoding with transformers in float32, the 100 problems of `data/calculate.json`, none of
which it was trained on: {right} of {asked} answers are as they should be.

Made in {minutes:g} minutes on one core, from {seen:,} generated problems:

    python -m tools.train_calc_adapter --style {style} --minutes {minutes:g}

Licence: Apache-2.0, as the repository.
"""


def pools(
    tokenizer: Tokenizer, style: Style, rng: random.Random
) -> Iterator[list[tuple[torch.Tensor, torch.Tensor]]]:
    """Yield batches for ever, a pool of problems at a time."""
    stream = practice(rng, start=False)
    pad = llama_config(tokenizer).pad_token_id
    while True:
        chats = examples(tokenizer, list(islice(stream, POOL)), rng, style.answer)
        yield [collate(batch, pad) for batch in cut(chats, rng)]


def train(model: PeftModel, tokenizer: Tokenizer, options: argparse.Namespace) -> int:
    """Train for `--minutes`; the number of problems seen comes back."""
    clock = Clock(time.monotonic(), options.minutes * 60)
    trained = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(trained)
    seen = 0
    for pool in pools(tokenizer, STYLES[options.style], random.Random(options.seed)):
        for number, (tokens, targets) in enumerate(pool):
            if clock.progress >= 1:
                return seen
            for group in optimizer.param_groups:
                group['lr'] = learning_rate(clock.progress)
            loss = loss_of(model.get_base_model(), tokens, targets)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            seen += len(tokens)
            if number % REPORT_EVERY == 0:
                print(
                    f'{clock.elapsed:6.0f} s {seen:7} problems  loss {float(loss.detach()):.4f}',
                    flush=True,
                )
    return seen


def adapted(model: LlamaForCausalLM, seed: int) -> PeftModel:
    """The model with a new adapter on every linear layer."""
    torch.manual_seed(seed)
    lora = LoraConfig(r=RANK, lora_alpha=2 * RANK, target_modules=MODULES, task_type='CAUSAL_LM')
    return get_peft_model(model, lora)


def is_right(text: str, problem: Problem, style: Style) -> bool:
    """Whether an answer has the form of the style, and its value."""
    head, tail = (FENCE[0], FENCE[1]) if style.answer(problem).startswith('`') else ('', '')
    if not text.startswith(head) or not text.endswith(tail):
        return False
    try:
        found = json.loads(text.removeprefix(head).removesuffix(tail))
    except ValueError:
        return False
    return bool(found.get('infer') == style.value(problem))


def write_card(folder: Path, options: argparse.Namespace, seen: int) -> None:
    """Measure the adapter and write its card with the figures of this run."""
    problems, style = held_out_problems(), STYLES[options.style]
    texts = answers(OUTPUT, problems, '', adapter=folder)
    right = sum(map(is_right, texts, problems, [style] * len(problems)))
    text = CARD.format(
        style=options.style,
        words=style.words,
        rank=RANK,
        minutes=options.minutes,
        seen=seen,
        right=right,
        asked=len(problems),
    )
    (folder / 'README.md').write_text(text, encoding='utf-8')
    print(f'{right} of {len(problems)} right')


def save(model: PeftModel, folder: Path) -> None:
    """Write the adapter; its base model is named by the folder in the repository."""
    model.peft_config['default'].base_model_name_or_path = BASE
    model.save_pretrained(folder)


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description='Train a LoRA adapter on the calc model.')
    parser.add_argument('--style', choices=tuple(STYLES), default='bare')
    parser.add_argument('--minutes', type=float, default=3.0, help='how long to train')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--output', type=Path, help='default: models/calc-llama-0.8m-<style>')
    options = parser.parse_args()
    options.output = options.output or OUTPUT.with_name(f'{OUTPUT.name}-{options.style}')
    return options


def main() -> None:
    """Train, save and measure."""
    options = parse_options()
    torch.set_num_threads(options.threads)
    model = adapted(load_model(OUTPUT), options.seed)
    model.print_trainable_parameters()
    tokenizer = Tokenizer.from_file(str(OUTPUT / 'tokenizer.json'))
    seen = train(model, tokenizer, options)
    save(model, options.output)
    write_card(options.output, options, seen)


if __name__ == '__main__':
    main()
