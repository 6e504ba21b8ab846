"""Reads log-probabilities off LMDeploy's answers."""

from collections.abc import Sequence
from typing import Any

from evalkit.models.engine.port import Scored
from evalkit.models.huggingface_scoring import ScoringRow, continuation_logprob


def from_prompt(row: ScoringRow, outputs: Sequence[Any]) -> Scored:
    """Return the scores of targets that were asked one by one.

    Each place has the log-probabilities of its token and of the likeliest one.
    """
    targets = []
    for target, output in zip(row.targets, outputs, strict=True):
        places = list(zip(output.logprobs, target.ids[target.start :], strict=True))
        total = sum(place[token] for place, token in places)
        is_greedy = all(place[token] >= max(place.values()) for place, token in places)
        targets.append((total, is_greedy))
    return Scored(targets, cached_tokens=outputs[0].cached_tokens)


def from_logits(row: ScoringRow, logits: Any) -> Scored:
    """Return the scores of all targets from the logits of the row's last places."""
    import torch

    start = row.targets[0].start
    num_places = len(row.ids) - start + 1
    rows = logits[: len(row.ids)][-num_places:] if num_places > 1 else logits[-1:]
    targets = []
    for target in row.targets:
        ids = torch.tensor(target.ids[start:], device=rows.device)
        targets.append(continuation_logprob(rows, ids))
    return Scored(targets)
