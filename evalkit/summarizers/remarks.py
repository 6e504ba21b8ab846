"""What a reader of the table must know, in lines below it: failures, doubtful answers, the cost."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from evalkit.summarizers.summary import Summary
from evalkit.summarizers.usage import usage_line

TRUNCATED_WARNING = 0.01
"""From this share of truncated answers on, a line below the table warns of them."""

UNEXTRACTED_WARNING = 0.05
"""Above this share of answers in which no answer was found, a line warns of them, too."""

MAX_LINES = 3
"""Above this number of datasets about which the same is said, one line says it of all."""


class Doubt(NamedTuple):
    """Why a score may not be what it seems; `%s` in it stands for "`affected` of `number`"."""

    text: str
    affected: int = 0
    number: int = 0


def remarks(summary: Summary) -> list[str]:
    """Return the lines: what has failed, what is doubtful, what it cost."""
    failed = [
        f'FAILED {model} on {name}: {why.text}'
        for model, found in by_model({key: [Doubt(why)] for key, why in summary.errors.items()})
        for name, why in gathered(found)
    ]
    doubts = {key: list(doubts_about(result)) for key, result in summary.results.items()}
    doubtful = [
        f'{model} on {name}: {told(doubt)}'
        for model, found in by_model(doubts)
        for name, doubt in gathered(found)
    ]
    usage = [usage_line(model, counts) for model, counts in summary.usage.items()]
    judges = [usage_line(f'judge {name}', counts) for name, counts in summary.judge_usage.items()]
    return [*failed, *doubtful, *usage, *judges]


def by_model(
    doubts: Mapping[tuple[str, str], Iterable[Doubt]],
) -> Iterable[tuple[str, list[tuple[str, Doubt]]]]:
    """Return each model with its datasets and what is said of each."""
    found: dict[str, list[tuple[str, Doubt]]] = {}
    for (dataset, model), each in doubts.items():
        found.setdefault(model, []).extend((dataset, doubt) for doubt in each)
    return found.items()


def gathered(found: Iterable[tuple[str, Doubt]]) -> Iterator[tuple[str, Doubt]]:
    """Yield a dataset and what is said of it; or all of them, where it is said of many."""
    same: dict[str, list[tuple[str, Doubt]]] = {}
    for dataset, doubt in found:
        same.setdefault(doubt.text, []).append((dataset, doubt))
    for text, pairs in same.items():
        if len(pairs) <= MAX_LINES:
            yield from pairs
        else:
            first = ', '.join(dataset for dataset, _ in pairs[:MAX_LINES])
            name = f'{len(pairs)} datasets ({first} and {len(pairs) - MAX_LINES} more)'
            counts = [sum(each) for each in zip(*(doubt[1:] for _, doubt in pairs), strict=True)]
            yield name, Doubt(text, *counts)


def told(doubt: Doubt) -> str:
    """Return a doubt in words."""
    if not doubt.number:
        return doubt.text
    return doubt.text.replace('%s', f'{doubt.affected} of {doubt.number}')


def doubts_about(result: Mapping[str, Any]) -> Iterator[Doubt]:
    """Yield why the score of a result may not be what it seems."""
    yield from map(Doubt, result.get('remarks', ()))
    number = result.get('n', 0)
    if failed := result.get('failed'):
        yield Doubt('%s samples failed and are not in the score', failed, number)
    truncated = result.get('truncated', 0)
    if truncated >= max(1, TRUNCATED_WARNING * number):
        yield Doubt('%s answers were cut at max_out_len', truncated, number)
    if cut := result.get('cut_prompts'):
        text = "%s prompts did not fit the context and were cut, as the model's mode says"
        yield Doubt(text, cut, number)
    unextracted = result.get('unextracted', 0)
    if unextracted > UNEXTRACTED_WARNING * number:
        text = 'the postprocessor found nothing in %s answers; the score may be its own'
        yield Doubt(text, unextracted, number)
