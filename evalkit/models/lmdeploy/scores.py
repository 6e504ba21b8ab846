"""Reads log-probabilities off LMDeploy's answers."""

from typing import Any

from evalkit.models.engine.port import Scored
from evalkit.models.huggingface_scoring import Predictions, ScoringRow, Target


def from_prompt(target: Target, output: Any) -> tuple[float, bool]:
    """Return the score of a target that was asked alone.

    Each place has the log-probabilities of its token and of the likeliest one.
    """
    places = list(zip(output.logprobs, target.ids[target.start :], strict=True))
    total = sum(place[token] for place, token in places)
    return total, all(place[token] >= max(place.values()) for place, token in places)


def from_likeliest(row: ScoringRow, output: Any) -> dict[int, tuple[float, bool]]:
    """Return the scores, by place, of targets whose only token is among the likeliest next ones."""
    [likeliest] = output.logprobs
    highest = max(likeliest.values())
    return {
        place: (likeliest[token], likeliest[token] >= highest)
        for place, target in enumerate(row.targets)
        if (token := target.ids[-1]) in likeliest
    }


def from_logits(row: ScoringRow, logits: Any) -> Scored:
    """Return the scores of all targets from the logits of the row's last places."""
    start = row.targets[0].start
    num_places = len(row.ids) - start + 1
    places = logits[: len(row.ids)][-num_places:] if num_places > 1 else logits[-1:]
    predictions = Predictions(places, start - 1)
    return Scored([predictions.score(target.ids, start) for target in row.targets])
