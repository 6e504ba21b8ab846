"""Reads log-probabilities off SGLang's answers."""

from collections.abc import Mapping
from typing import Any

from evalkit.models.engine.port import Scored
from evalkit.models.huggingface_scoring import ScoringRow


def scored(row: ScoringRow, meta: Mapping[str, Any]) -> Scored:
    """Return the scores of the row's targets; SGLang gives (log-probability, token, text)."""
    start = row.targets[0].start
    total, is_greedy = 0.0, True
    if start < len(row.ids):
        # The first entry, at place `start - 1`, has no value: nothing predicts it here.
        tokens = meta['input_token_logprobs'][1:]
        tops = meta['input_top_logprobs'][1:]
        total = sum(logprob for logprob, _, _ in tokens)
        is_greedy = all(token == top[0][1] for (_, token, _), top in zip(tokens, tops, strict=True))
    sampled = meta['output_token_logprobs'][0][1]
    lasts = {token: logprob for logprob, token, _ in meta['output_token_ids_logprobs'][0]}
    targets = [
        (total + lasts[target.ids[-1]], is_greedy and sampled == target.ids[-1])
        for target in row.targets
    ]
    return Scored(targets, cached_tokens=meta.get('cached_tokens') or 0)
