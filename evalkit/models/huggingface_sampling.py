"""How the next token is drawn: every parameter from the request, none from the model's files."""

import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from evalkit.types import GenerationParams


def row_seed(seed: int | None, key: str) -> int:
    """Return the seed of one request: the same alone and in any batch, another for each key."""
    if seed is None:
        return secrets.randbits(63)
    return int.from_bytes(sha256(f'{seed}:{key}'.encode()).digest()[:8], 'big') >> 1


def processors(params: GenerationParams, prompt_mask: Any, seeds: Sequence[int]) -> list[Any]:
    """Return what turns the logits of a step into scores whose largest is the next token."""
    steps: list[Any] = []
    penalties = (params.frequency_penalty, params.presence_penalty)
    if params.repetition_penalty != 1.0 or any(penalties):
        steps.append(Penalties(params, prompt_mask))
    if params.temperature > 0:
        steps += [*_warpers(params), GumbelNoise(seeds, prompt_mask.device)]
    return steps


class Penalties:
    """Repetition penalty (Keskar et al. 2019) on prompt and output; OpenAI's two on the output.

    transformers' own repetition penalty also strikes the padding, so that it depends on the batch.
    """

    def __init__(self, params: GenerationParams, prompt_mask: Any) -> None:
        self.params = params
        self.prompt_mask = prompt_mask
        self.counts: Any = None
        self.is_in_prompt: Any = None

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Return the scores, `logit - count * frequency - (count > 0) * presence`."""
        if self.counts is None:
            self._begin(input_ids, scores)
        elif input_ids.shape[1] > self.prompt_mask.shape[1]:
            last = input_ids[:, -1:]
            self.counts.scatter_add_(1, last, self.counts.new_ones(last.shape))
        params = self.params
        if params.repetition_penalty != 1.0:
            weaker = scores.where(scores > 0, scores * params.repetition_penalty)
            weaker = weaker.where(scores <= 0, scores / params.repetition_penalty)
            scores = weaker.where(self.is_in_prompt | (self.counts > 0), scores)
        scores = scores - self.counts * params.frequency_penalty
        return scores - (self.counts > 0) * params.presence_penalty

    def _begin(self, input_ids: Any, scores: Any) -> None:
        self.counts = scores.new_zeros(scores.shape)
        mask = self.prompt_mask.to(scores)
        self.is_in_prompt = self.counts.scatter_add(1, input_ids, mask) > 0


class GumbelNoise:
    """Makes the largest score a draw from the softmax of the scores.

    Each row has a generator of its own, so that a request's answer does not depend on the batch
    that it is in, nor on its being halved.
    """

    def __init__(self, seeds: Sequence[int], device: Any) -> None:
        import torch

        self.generators = [torch.Generator(device=device).manual_seed(seed) for seed in seeds]

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Return `scores + g`, where g is standard Gumbel noise."""
        for row, generator in zip(scores, self.generators, strict=True):
            noise = row.new_empty(row.shape).exponential_(generator=generator)
            row -= noise.clamp_min_(1e-30).log_()
        return scores


def _warpers(params: GenerationParams) -> list[Any]:
    from transformers import (
        MinPLogitsWarper,
        TemperatureLogitsWarper,
        TopKLogitsWarper,
        TopPLogitsWarper,
    )

    steps: list[Any] = [TemperatureLogitsWarper(float(params.temperature))]
    if params.top_k > 0:
        steps.append(TopKLogitsWarper(params.top_k))
    if params.top_p < 1.0:
        steps.append(TopPLogitsWarper(params.top_p))
    if params.min_p > 0:
        steps.append(MinPLogitsWarper(params.min_p))
    return steps
