"""Reads log-probabilities off vLLM's answers."""

from typing import Any

from evalkit.models.engine.port import Scored
from evalkit.models.huggingface_scoring import ScoringRow


def reads_too_much(row: ScoringRow, output: Any) -> bool:
    """Whether vLLM took a token that had to be scored from its prefix cache.

    The token at place p is predicted at place p - 1, which must have been computed.
    """
    start = row.targets[0].start
    return start < len(row.ids) and (output.num_cached_tokens or 0) >= start


def scored(row: ScoringRow, output: Any) -> Scored:
    """Return the scores of the row's targets."""
    answer = output.outputs[0]
    start = row.targets[0].start
    scores = output.prompt_logprobs[start - len(row.ids) :] if start < len(row.ids) else []
    shared = [position[token] for position, token in zip(scores, row.ids[start:], strict=True)]
    total = sum(score.logprob for score in shared)
    is_greedy = all(score.rank == 1 for score in shared)
    last = answer.logprobs[0]
    targets = [
        (
            total + last[target.ids[-1]].logprob,
            is_greedy and answer.token_ids[0] == target.ids[-1],
        )
        for target in row.targets
    ]
    return Scored(targets, cached_tokens=output.num_cached_tokens or 0)
