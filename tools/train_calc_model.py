"""Train the small model of the repository on the calc problems.

    python -m tools.train_calc_model --minutes 60 --threads 2 --bfloat16

Everything is made from the seed: the tokenizer, the problems (never one of the test set) and the
first weights. The learning rate follows the clock, so that a run ends trained whatever the machine;
how far it gets in that time, and so the weights, still depend on the machine.
"""

import argparse
import math
import random
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import LlamaForCausalLM

from tools.calc_model_files import (
    EOS,
    build_tokenizer,
    llama_config,
    render_chat,
    save_weights,
    write_configs,
)
from tools.calc_problems import Problem, training_problems
from tools.measure_calc_model import measure, write_card

OUTPUT = Path(__file__).resolve().parent.parent / 'models' / 'calc-llama-0.8m'
PEAK_LEARNING_RATE = 2e-3
WARMUP = 0.03  # of the time
TOKENS_A_BATCH = 6000
POOL = 1024  # problems that are sorted by length before they are cut into batches
WIDTH_STEP = 32
SHARED = 32  # tokens at the start that every question has
IGNORED = -100
START = 0.04  # of the time, on problems that are mostly sums and differences
SAVE_EVERY = 180.0  # seconds
# How often a problem with 0, 1 and 2 products is kept, to practise products more than nature does.
KEPT = {0: 0.75, 1: 0.75, 2: 1.0}
RARE = 0.2  # of the numbers are drawn by their length, since few have 1 or 3 digits


@dataclass(frozen=True, slots=True)
class Example:
    """The tokens of one chat, and how many of them are the question."""

    tokens: list[int]
    num_asked: int


def practice(rng: random.Random, start: bool) -> Iterator[Problem]:
    """Training problems with more products and rare lengths; mostly sums at the start."""
    for problem in training_problems(rng, RARE):
        kept = (1.0, 0.1, 0.0)[problem.num_products] if start else KEPT[problem.num_products]
        if rng.random() < kept:
            yield problem


def examples(
    tokenizer: Tokenizer,
    problems: Sequence[Problem],
    rng: random.Random,
    style: Callable[[Problem], str] = lambda problem: problem.answer,
) -> list[Example]:
    """Tokenize chats; servers differ in whether a question ends with a newline, so it may."""
    asked = [render_chat(problem.prompt + rng.choice(('', '\n'))) for problem in problems]
    answered = [style(problem) + EOS for problem in problems]
    questions = tokenizer.encode_batch(asked, add_special_tokens=False)
    answers = tokenizer.encode_batch(answered, add_special_tokens=False)
    return [
        Example(question.ids + answer.ids, len(question.ids))
        for question, answer in zip(questions, answers, strict=True)
    ]


def cut(pool: Sequence[Example], rng: random.Random) -> list[list[Example]]:
    """Cut a pool into batches of similar lengths, in random order.

    The last batch is filled up with examples of the one before, since kernels are made anew for
    each shape; without that, examples would be lost, and always the shortest.
    """
    longest_first = sorted(pool, key=lambda example: len(example.tokens), reverse=True)
    batches: list[list[Example]] = []
    first = 0
    while first < len(longest_first):
        size = TOKENS_A_BATCH // padded_width(longest_first[first : first + 1])
        first = max(0, min(first, len(longest_first) - size))
        batches.append(longest_first[first : first + size])
        first += size
    rng.shuffle(batches)
    return batches


def padded_width(batch: Sequence[Example]) -> int:
    """The length of the longest, rounded up to have few different shapes."""
    longest = max(len(example.tokens) for example in batch)
    return -(-longest // WIDTH_STEP) * WIDTH_STEP


def collate(batch: Sequence[Example], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Pad on the right, where a causal model does not look; only answers are targets."""
    width = padded_width(batch)
    tokens = torch.full((len(batch), width), pad)
    targets = torch.full((len(batch), width), IGNORED)
    for index, example in enumerate(batch):
        length = len(example.tokens)
        tokens[index, :length] = torch.tensor(example.tokens)
        targets[index, example.num_asked - 1 : length - 1] = torch.tensor(
            example.tokens[example.num_asked :]
        )
    return tokens, targets


def loss_of(model: LlamaForCausalLM, tokens: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The mean loss of the answers' tokens; no logits are made for what all questions share."""
    hidden = model.model(input_ids=tokens, use_cache=False).last_hidden_state
    logits = model.lm_head(hidden[:, SHARED:])
    return functional.cross_entropy(logits.flatten(0, 1).float(), targets[:, SHARED:].flatten())


def learning_rate(progress: float) -> float:
    """Rise in the warm-up, then fall along a cosine."""
    if progress < WARMUP:
        return PEAK_LEARNING_RATE * max(progress / WARMUP, 0.01)
    rest = (min(progress, 1.0) - WARMUP) / (1 - WARMUP)
    return PEAK_LEARNING_RATE * max((1 + math.cos(math.pi * rest)) / 2, 0.005)


def optimizer_for(model: LlamaForCausalLM) -> torch.optim.Optimizer:
    """AdamW, which decays matrices but not the scales of norms."""
    decayed = [weight for weight in model.parameters() if weight.ndim > 1]
    others = [weight for weight in model.parameters() if weight.ndim == 1]
    groups = [{'params': decayed, 'weight_decay': 0.05}, {'params': others, 'weight_decay': 0.0}]
    return torch.optim.AdamW(groups, lr=PEAK_LEARNING_RATE, betas=(0.9, 0.98), fused=True)


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells how much of the time is over."""

    started: float
    seconds: float

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def progress(self) -> float:
        """The share of the time that is over; more than 1 after its end."""
        return self.elapsed / self.seconds


def batches(
    tokenizer: Tokenizer, rng: random.Random, clock: Clock, start_share: float
) -> Iterator[list[Example]]:
    """Batches until the time is over; for `start_share` of it, those of the start."""
    start, later = practice(rng, start=True), practice(rng, start=False)
    while clock.progress < 1:
        stream = start if clock.progress < start_share else later
        yield from cut(examples(tokenizer, list(islice(stream, POOL)), rng), rng)


def step(
    model: LlamaForCausalLM,
    optimizer: torch.optim.Optimizer,
    batch: tuple[torch.Tensor, torch.Tensor],
    bfloat16: bool,
) -> float:
    """Improve the model by one batch; the loss comes back."""
    with torch.autocast('cpu', dtype=torch.bfloat16, enabled=bfloat16):
        loss = loss_of(model, *batch)
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


class Every:
    """Calls a function when enough seconds have passed since the last time."""

    def __init__(self, seconds: float, call: Callable[[], None]) -> None:
        self.seconds = seconds
        self.call = call
        self.last = time.monotonic()

    def __call__(self) -> None:
        """Call if it is time."""
        if time.monotonic() - self.last >= self.seconds:
            self.last = time.monotonic()
            self.call()


def train(model: LlamaForCausalLM, tokenizer: Tokenizer, options: argparse.Namespace) -> int:
    """Train for `--minutes`, print a line a minute; the number of problems seen comes back."""
    clock = Clock(time.monotonic(), options.minutes * 60)
    optimizer = optimizer_for(model)
    losses: deque[float] = deque(maxlen=100)
    seen = 0

    def report() -> None:
        loss = sum(losses) / len(losses)
        print(f'{clock.elapsed / 60:6.1f} min {seen:8} problems  loss {loss:.4f}', flush=True)

    reminders = [Every(60, report), Every(SAVE_EVERY, lambda: save_weights(options.output, model))]
    start_share = 0.0 if options.resume else START
    for batch in batches(tokenizer, random.Random(options.seed), clock, start_share):
        if clock.progress >= 1:
            break
        for group in optimizer.param_groups:
            group['lr'] = learning_rate(clock.progress)
        tensors = collate(batch, model.config.pad_token_id)
        losses.append(step(model, optimizer, tensors, options.bfloat16))
        seen += len(batch)
        for remind in reminders:
            remind()
    report()
    return seen


def new_model(tokenizer: Tokenizer) -> LlamaForCausalLM:
    """A model with random weights."""
    return LlamaForCausalLM(llama_config(tokenizer))


def load_model(folder: Path) -> LlamaForCausalLM:
    """The model of an earlier run."""
    return LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32)


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description='Train the calc model.')
    parser.add_argument('--minutes', type=float, default=60.0, help='how long to train')
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--output', type=Path, default=OUTPUT)
    parser.add_argument('--eval', action='store_true', help='only measure the model in --output')
    parser.add_argument('--resume', action='store_true', help='go on from the weights in --output')
    parser.add_argument('--bfloat16', action='store_true', help='faster where the CPU has it')
    return parser.parse_args()


def main() -> None:
    """Train, save and measure; with `--eval`, only measure."""
    options = parse_options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    if options.eval:
        print(measure(options.output).table)
        return
    tokenizer = build_tokenizer()
    model = load_model(options.output) if options.resume else new_model(tokenizer)
    print(f'{model.num_parameters()} parameters', flush=True)
    write_configs(options.output, model.config, tokenizer)
    seen = train(model, tokenizer, options)
    save_weights(options.output, model)
    write_card(options.output, model.num_parameters(), seen, options.minutes)


if __name__ == '__main__':
    main()
