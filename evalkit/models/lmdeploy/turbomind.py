"""Scores on TurboMind, which sums up a text or tells its logits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from evalkit.models.engine.port import Scored
from evalkit.models.huggingface_scoring import ScoringRow
from evalkit.models.lmdeploy.budget import Budget
from evalkit.models.lmdeploy.scores import from_logits

LOGIT_BYTES = 4


class Reader(Protocol):
    """What asks TurboMind."""

    async def total(self, ids: Sequence[int]) -> float:
        """Return the summed log-probability of a text from its second token on."""

    async def logits(self, ids: Sequence[int], which: str) -> Any:
        """Return the logits of 'all' places, or of the last one, from which it would generate."""


@dataclass(frozen=True, slots=True)
class TurboMindScorer:
    """Scores texts such that the logits of those that are read at once fit the host's memory."""

    reader: Reader
    vocab_size: int
    memory: Budget

    async def score(self, row: ScoringRow) -> Scored:
        """Return the scores of a row's targets.

        A text without context stays on the GPU, which tells its sum and not whether it is greedy:
        the logits of all its places would be gigabytes.
        """
        if row.start > 0 or len(row.ids) == 1:
            return await self._by_logits(row)
        if len(row.targets) == 1:
            return Scored([(await self.reader.total(row.targets[0].ids), False)])
        shared = await self.reader.total(row.ids)
        lasts = [replace(target, start=len(row.ids)) for target in row.targets]
        scored = await self._by_logits(ScoringRow(row.ids, tuple(lasts)))
        return Scored([(shared + last, False) for last, _ in scored.targets])

    async def _by_logits(self, row: ScoringRow) -> Scored:
        if row.start == len(row.ids) - 1:
            return from_logits(row, await self.reader.logits(row.ids, 'generation'))
        async with self.memory.taking(len(row.ids) * self.vocab_size * LOGIT_BYTES):
            return from_logits(row, await self.reader.logits(row.ids, 'all'))
