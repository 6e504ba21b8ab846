"""Reads log-probabilities off LMDeploy's answers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evalkit.models.engine.port import Scored
from evalkit.models.huggingface_scoring import Predictions, ScoringRow, Target
from evalkit.models.request_error import RequestError

Place = Mapping[int, float]
"""Tokens with their log-probability at one place."""


def told(parts: Iterable[Any], name: str) -> Any:
    """Return the last of an answer's parts that has something called `name`.

    The last part of all closes the answer and may say nothing more.
    """
    values = [getattr(part, name) for part in parts]
    found = [value for value in values if value is not None and len(value)]
    if not found:
        raise RequestError('engine', f'LMDeploy tells no {name}')
    return found[-1]


def from_prompt(target: Target, logprobs: Sequence[Place]) -> tuple[float, bool]:
    """Return the score of a target that was asked alone.

    Each place has the log-probabilities of its token and of the likeliest one.
    """
    places = list(zip(logprobs, target.ids[target.start :], strict=True))
    total = sum(place[token] for place, token in places)
    return total, all(place[token] >= max(place.values()) for place, token in places)


def from_likeliest(row: ScoringRow, logprobs: Sequence[Place]) -> dict[int, tuple[float, bool]]:
    """Return the scores, by place, of targets whose only token is among the likeliest next ones."""
    [likeliest] = logprobs
    highest = max(likeliest.values())
    return {
        place: (likeliest[token], likeliest[token] >= highest)
        for place, target in enumerate(row.targets)
        if (token := target.ids[-1]) in likeliest
    }


def from_logits(row: ScoringRow, logits: Any) -> Scored:
    """Return the scores of all targets from the logits of the row.

    Those are of its last place, and of all others if more than the last tokens are scored.
    """
    start = row.targets[0].start
    num_places = len(row.ids) if start < len(row.ids) else 1
    if len(logits) != num_places:
        raise RequestError(
            'engine', f'LMDeploy tells the logits of {len(logits)} places, not of {num_places}'
        )
    predictions = Predictions(logits[start - 1 - len(row.ids) :], start - 1)
    return Scored([predictions.score(target.ids, start) for target in row.targets])
