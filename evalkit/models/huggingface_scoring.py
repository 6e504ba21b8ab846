"""Log-probabilities of continuations, with one forward pass a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.models.huggingface_decoding import pad
from evalkit.types import Scoring, ScoringRequest, Usage

CHUNK = 256  # positions whose logits are turned into float32 at a time


@dataclass(frozen=True, slots=True)
class Target:
    """The continuation of one request: `ids` from token `start` on; `is_whole` without context."""

    request: ScoringRequest
    ids: tuple[int, ...]
    start: int
    is_whole: bool

    @property
    def num_tokens(self) -> int:
        """Tokens of the continuation; of the whole text where there is no context."""
        return len(self.ids) if self.is_whole else len(self.ids) - self.start


@dataclass(frozen=True, slots=True)
class ScoringRow:
    """What the model reads once, for all `targets` that differ in their last token only."""

    ids: tuple[int, ...]
    targets: tuple[Target, ...]

    @property
    def adapter(self) -> str | None:
        """Which adapter scores; None is the base model."""
        return self.targets[0].request.adapter

    @property
    def start(self) -> int:
        """The first position whose prediction is needed."""
        return min(target.start for target in self.targets) - 1


def scoring_rows(targets: Sequence[Target]) -> list[ScoringRow]:
    """Return the rows to read, an adapter after another, each with its longest first.

    Options of one token share their context's row.
    """
    by_input: dict[tuple[tuple[int, ...], str | None], list[Target]] = {}
    for target in targets:
        by_input.setdefault((target.ids[:-1], target.request.adapter), []).append(target)
    rows = [ScoringRow(ids, tuple(shared)) for (ids, _), shared in by_input.items()]
    return sorted(rows, key=lambda row: (row.adapter or '', -len(row.ids), row.start))


class Scorer:
    """Scores batches of rows."""

    def __init__(self, model: Any, pad_id: int, *, keeps_logits: bool) -> None:
        self.model = model
        self.pad_id = pad_id
        self.keeps_logits = keeps_logits

    def __call__(self, rows: Sequence[ScoringRow]) -> list[list[Scoring]]:
        """Return the scorings of each row of a batch."""
        import torch

        # A causal model's padding on the right changes nothing on its left.
        input_ids, mask = pad([row.ids for row in rows], self.pad_id, self.model.device, 'right')
        first = min(row.start for row in rows)
        wanted: dict[str, Any] = {'use_cache': False}
        if self.keeps_logits:
            positions = torch.arange(first, input_ids.shape[1], device=input_ids.device)
            wanted['logits_to_keep'] = positions
        with torch.inference_mode():
            logits = self.model(input_ids=input_ids, attention_mask=mask, **wanted).logits
            offset = first if self.keeps_logits else 0
            return [
                [self._score(row_logits, target, offset) for target in row.targets]
                for row_logits, row in zip(logits, rows, strict=True)
            ]

    def _score(self, logits: Any, target: Target, offset: int) -> Scoring:
        import torch

        ids = torch.tensor(target.ids[target.start :], device=logits.device)
        first = target.start - 1 - offset
        logprob, is_greedy = continuation_logprob(logits[first : first + len(ids)], ids)
        return Scoring(
            key=target.request.key,
            logprob=logprob,
            num_tokens=target.num_tokens,
            is_greedy=is_greedy,
            usage=Usage(prompt_tokens=len(target.ids)),
        )


def scoring_cost(rows: Sequence[ScoringRow], logits_weight: float) -> int:
    """Return the tokens that a batch holds, one position of logits counting `logits_weight`."""
    width = max(len(row.ids) for row in rows)
    span = width - min(row.start for row in rows)
    return int(len(rows) * (width + span * logits_weight))


def continuation_logprob(logits: Any, ids: Any) -> tuple[float, bool]:
    """Return the summed log-probability of `ids`, in float32, and whether each was the likeliest.

    `logits` are positions x vocabulary; they are worked on in chunks, or a long text with a large
    vocabulary would need several times its logits' memory.
    """
    total, is_greedy = 0.0, True
    for chunk, tokens in zip(logits.split(CHUNK), ids.split(CHUNK), strict=True):
        scores = chunk.float()
        chosen = scores.gather(1, tokens[:, None])[:, 0] - scores.logsumexp(1)
        total += float(chosen.double().sum())
        is_greedy = is_greedy and bool((scores.argmax(1) == tokens).all())
    return total, is_greedy
