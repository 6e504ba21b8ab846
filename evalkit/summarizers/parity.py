"""Whether two backends read and answer the same: from probes to lines of a table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from evalkit.summarizers.parity_causes import Pair, What, likely_cause
from evalkit.tasks.probes import Probe

NUM_SHOWN = 4  # ids around the first that differs
NUM_CHARACTERS = 30


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing in which a backend differs from the reference, and why it probably does."""

    what: What
    place: str
    shown: str
    cause: str
    remedy: str

    def __str__(self) -> str:
        return f'{self.place}: {self.shown}; likely cause: {self.cause} ({self.remedy})'


@dataclass(frozen=True, slots=True)
class Agreement:
    """A backend beside the reference on one dataset; `max_gap` is of log-probabilities a token.

    Of each kind it has how many are equal, and how many could be compared.
    """

    model: str
    dataset: str
    backend: str
    engine: str = ''
    num_prompts_equal: int = 0
    num_prompts: int = 0
    num_texts_equal: int = 0
    num_texts: int = 0
    num_logprobs: int = 0
    max_gap: float | None = None
    difference: Difference | None = None
    note: str | None = None
    error: str | None = None

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs that could be compared."""
        return self.difference is None and self.error is None


def agreements(
    model: str, backend: str, reference: Probe, other: Probe, datasets: Iterable[str]
) -> list[Agreement]:
    """Compare a backend with the reference, dataset by dataset."""
    left = {item.key: item for item in reference.items}
    right = {item.key: item for item in other.items}
    pairs = [Pair(reference, other, left[key], right[key]) for key in left if key in right]
    return [
        agreement(model, dataset, backend, [p for p in pairs if p.left.dataset == dataset], other)
        for dataset in datasets
    ]


def agreement(
    model: str, dataset: str, backend: str, pairs: Sequence[Pair], other: Probe
) -> Agreement:
    """Return what is equal on one dataset."""
    prompts = [pair.is_prompt_equal for pair in pairs if pair.is_prompt_equal is not None]
    texts = [pair.is_text_equal for pair in pairs if pair.is_text_equal is not None]
    gaps = [pair.gap for pair in pairs if pair.gap is not None]
    return Agreement(
        model,
        dataset,
        backend,
        engine=' '.join(filter(None, (other.name, other.dtype))),
        num_prompts_equal=sum(prompts),
        num_prompts=len(prompts),
        num_texts_equal=sum(texts),
        num_texts=len(texts),
        num_logprobs=len(gaps),
        max_gap=max(gaps, default=None),
        difference=next(differences(pairs), None),
        note=other.no_logprobs,
    )


def differences(pairs: Sequence[Pair]) -> Iterator[Difference]:
    """Yield the differences, those first that others follow from."""
    for what, is_there in IS_DIFFERENT.items():
        for pair in pairs:
            if is_there(pair):
                yield difference(pair, what)


def difference(pair: Pair, what: What) -> Difference:
    """Describe a difference."""
    cause = likely_cause(pair, what)
    item = pair.left
    place = f'sample {item.index}' + (f', request {item.number}' if item.number else '')
    return Difference(what, place, SHOW[what](pair), cause.name, cause.remedy)


def show_error(pair: Pair) -> str:
    """Say which request failed."""
    if pair.left.error:
        return f'the reference failed: {pair.left.error}'
    return f'it failed: {pair.right.error}'


def show_prompts(pair: Pair) -> str:
    """Show the first token that differs; of a server only the number of tokens is known."""
    left, right = pair.left.prompt_ids, pair.right.prompt_ids
    if left is None or right is None:
        sizes = [
            len(item.prompt_ids or ()) or item.prompt_tokens for item in (pair.left, pair.right)
        ]
        return f'the prompt has {sizes[1]} tokens, and {sizes[0]} on the reference'
    place = first_difference(left, right)
    shown = [list(ids[place : place + NUM_SHOWN]) for ids in (left, right)]
    return f'prompt token {place}: {shown[1]}, and {shown[0]} on the reference'


def show_texts(pair: Pair) -> str:
    """Show both answers from where they differ."""
    left, right = pair.left.text, pair.right.text
    place = first_difference(left, right)
    shown = [
        f'{item.text[place : place + NUM_CHARACTERS]!r} ({item.finish_reason})'
        for item in (pair.left, pair.right)
    ]
    where = f'answer from character {place}{token_place(pair)}'
    return f'{where}: {shown[1]}, and {shown[0]} on the reference'


def token_place(pair: Pair) -> str:
    """Say which generated token is the first that differs, where both are known."""
    left, right = pair.left.token_ids, pair.right.token_ids
    if not left or not right:
        return ''
    return f' (token {first_difference(left, right)})'


def show_logprobs(pair: Pair) -> str:
    """Show both log-probabilities."""
    left, right = pair.left, pair.right
    return (
        f'log-probability {right.logprob:.4f}, and {left.logprob:.4f} on the reference, '
        f'over {left.num_tokens} tokens'
    )


def first_difference(left: Sequence[Any], right: Sequence[Any]) -> int:
    """Return the place where two sequences begin to differ."""
    missing = object()
    pairs = enumerate(zip_longest(left, right, fillvalue=missing))
    return next((place for place, (one, other) in pairs if one != other), len(left))


IS_DIFFERENT: Mapping[What, Callable[[Pair], bool]] = {
    'error': lambda pair: bool(pair.left.error or pair.right.error),
    'prompt': lambda pair: pair.is_prompt_equal is False,
    'text': lambda pair: pair.is_text_equal is False,
    'logprob': lambda pair: pair.is_gap_small is False,
}
SHOW: Mapping[What, Callable[[Pair], str]] = {
    'error': show_error,
    'prompt': show_prompts,
    'text': show_texts,
    'logprob': show_logprobs,
}
