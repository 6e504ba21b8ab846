"""Log-probabilities of continuations, read off the logits of a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evalkit.types import Scoring, ScoringRequest, Usage

CHUNK = 256  # positions whose logits are turned into float32 at a time


@dataclass(frozen=True, slots=True)
class Target:
    """The continuation of one request: `ids` from token `start` on; `is_whole` without context.

    `num_cut` tokens of the context did not fit.
    """

    request: ScoringRequest
    ids: tuple[int, ...]
    start: int
    is_whole: bool
    num_cut: int = 0

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
    """Return the rows to read, an adapter after another and else in the order given.

    Options of one token share their context's row.
    """
    by_input: dict[tuple[tuple[int, ...], str | None], list[Target]] = {}
    for target in targets:
        by_input.setdefault((target.ids[:-1], target.request.adapter), []).append(target)
    rows = [ScoringRow(ids, tuple(shared)) for (ids, _), shared in by_input.items()]
    return sorted(rows, key=lambda row: row.adapter or '')


class Predictions:
    """What a model says of the tokens behind its places `first`, `first` + 1, ... of a text.

    `logits` are places x vocabulary. They are turned into float32 in chunks, or a long text with a
    large vocabulary would need several times its logits' memory; and once for all targets.
    """

    def __init__(self, logits: Any, first: int) -> None:
        self.logits = logits
        self.first = first

    @cached_property
    def tops(self) -> Any:
        """The largest logit of each place."""
        return self.logits.amax(1)

    @cached_property
    def norms(self) -> Any:
        """The logarithm of the sum over the vocabulary, at each place.

        The largest logit's distance from it tells it, since torch has a fast kernel for those.
        """
        import torch

        chunks = self.logits.split(CHUNK)
        distances = [chunk.float().log_softmax(1).amax(1) for chunk in chunks]
        return self.tops.float() - torch.cat(distances)

    def score(self, ids: Sequence[int], start: int) -> tuple[float, bool]:
        """Return the summed log-probability of those of `ids[start:]` that are predicted here.

        And whether each of them is the most likely one.
        """
        import torch

        first = max(start - 1, self.first)
        last = min(len(ids) - 1, self.first + len(self.logits))
        if first >= last:
            return 0.0, True
        places = slice(first - self.first, last - self.first)
        tokens = torch.tensor(ids[first + 1 : last + 1], device=self.logits.device)
        chosen = self.logits[places].gather(1, tokens[:, None])[:, 0]
        total = float((chosen.float() - self.norms[places]).double().sum())
        return total, self._is_likeliest(places, tokens, chosen)

    def score_next(self, tokens: Sequence[int]) -> list[tuple[float, bool]]:
        """Return the same of each of some tokens behind the last place."""
        import torch

        chosen = self.logits[-1, torch.tensor(tokens, device=self.logits.device)]
        logprobs = (chosen.float() - self.norms[-1]).tolist()
        likeliest = int(self.logits[-1].argmax()) if bool((chosen == self.tops[-1]).any()) else None
        return [
            (logprob, token == likeliest) for logprob, token in zip(logprobs, tokens, strict=True)
        ]

    def _is_likeliest(self, places: slice, tokens: Any, chosen: Any) -> bool:
        """Whether the tokens are the most likely ones; of equal logits it is the first token.

        To find which one is the largest takes much longer than how large that is.
        """
        is_top = bool((chosen == self.tops[places]).all())
        return is_top and bool((self.logits[places].argmax(1) == tokens).all())


def row_scorings(row: ScoringRow, parts: Sequence[Predictions]) -> list[Scoring]:
    """Return the scores of a row's targets, predicted by one part of the text after another.

    What stands behind the row differs from target to target, and is read in one go.
    """
    end = next(part for part in reversed(parts) if len(part.logits))
    nexts = end.score_next([target.ids[-1] for target in row.targets])
    return [
        target_scoring(target, [*(part.score(row.ids, target.start) for part in parts), last])
        for target, last in zip(row.targets, nexts, strict=True)
    ]


def target_scoring(target: Target, scores: Sequence[tuple[float, bool]]) -> Scoring:
    """Return the score of a target from those of its parts."""
    return Scoring(
        key=target.request.key,
        logprob=sum(logprob for logprob, _ in scores),
        num_tokens=target.num_tokens,
        is_greedy=all(is_greedy for _, is_greedy in scores),
        usage=Usage(len(target.ids), cut_tokens=target.num_cut),
    )
