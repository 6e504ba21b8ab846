"""Scores a batch of rows: what they share is read in one forward pass, the rest in another."""

from collections.abc import Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

from evalkit.models.huggingface_decoding import pad
from evalkit.models.huggingface_prefixes import PrefixGroup
from evalkit.models.huggingface_scoring import Predictions, row_scorings
from evalkit.types import Scoring


@dataclass(frozen=True, slots=True)
class Abilities:
    """Whether a model can leave logits out, and can be told where padded tokens stand."""

    keeps_logits: bool
    takes_positions: bool


def abilities(model: Any) -> Abilities:
    """Return what a model without adapters can do; they hide it."""
    takes = signature(model.forward).parameters
    return Abilities(model._supports_logits_to_keep(), takes_positions='position_ids' in takes)


class Scorer:
    """Scores batches of groups, which are rows alone or rows that share a prefix."""

    def __init__(self, model: Any, pad_id: int, can: Abilities) -> None:
        self.model = model
        self.pad_id = pad_id
        self.can = can

    def __call__(
        self, groups: Sequence[PrefixGroup], *, shares: bool = True
    ) -> list[list[Scoring]]:
        """Return the scorings of each group, row by row.

        Without `shares` all rows are alone, and nothing is asked of the model but to be causal.
        """
        import torch

        with torch.inference_mode():
            parts = iter(self._read_shared(groups) if shares else self._read_alone(groups))
            return [
                [
                    scoring
                    for row, predictions in zip(group.rows, parts, strict=False)
                    for scoring in row_scorings(row, predictions)
                ]
                for group in groups
            ]

    def _read_alone(self, groups: Sequence[PrefixGroup]) -> list[list[Predictions]]:
        """Return what the model predicts in each row."""
        # A causal model's padding on the right changes nothing on its left.
        ids, mask = self._pad([group.prefix for group in groups], 'right')
        first = min(group.start for group in groups)
        logits = self._logits(ids, mask, first)
        return [
            [Predictions(places[group.start - first : group.num_shared - first], group.start)]
            for places, group in zip(logits, groups, strict=True)
        ]

    def _read_shared(self, groups: Sequence[PrefixGroup]) -> list[list[Predictions]]:
        """Return what the model predicts in each row: in the prefix, and behind it.

        Padding stands before the prefixes and after the rows, so that none is between tokens, and
        logits are computed for few places that are not needed.
        """
        import torch
        from transformers import DynamicCache

        cache = DynamicCache() if any(group.num_behind for group in groups) else None
        mask, before = self._read_prefixes(groups, cache)
        if cache is None:
            return [[prediction] for prediction in before]
        places = [place for place, group in enumerate(groups) for _ in group.rows]
        cache.reorder_cache(torch.tensor(places))
        after = self._read_ends(groups, cache, mask[places])
        return [[before[place], end] for place, end in zip(places, after, strict=True)]

    def _read_prefixes(
        self, groups: Sequence[PrefixGroup], cache: Any
    ) -> tuple[Any, list[Predictions]]:
        """Fill `cache`; return the mask of what is real in it, and what the model predicts."""
        ids, mask = self._pad([group.prefix for group in groups], 'left')
        width = ids.shape[1]
        first = width - max(group.num_shared - group.start for group in groups)
        logits = self._logits(ids, mask, first, cache, _positions(mask))
        if cache is not None and cache.get_seq_length() != width:
            raise ValueError('the model does not use the cache that it is given')
        offsets = [width - group.num_shared + group.start - first for group in groups]
        return mask, [
            Predictions(places[offset:], group.start)
            for places, offset, group in zip(logits, offsets, groups, strict=True)
        ]

    def _read_ends(self, groups: Sequence[PrefixGroup], cache: Any, mask: Any) -> list[Predictions]:
        """Return the predictions behind the prefix of each row."""
        import torch

        rows = [(row, group.num_shared) for group in groups for row in group.rows]
        ids, is_end = self._pad([row.ids[num_shared:] for row, num_shared in rows], 'right')
        first = max(0, min(row.start - num_shared for row, num_shared in rows))
        mask = torch.cat([mask, is_end], 1)
        positions = _positions(mask)[:, -ids.shape[1] :]
        logits = self._logits(ids, mask, first, cache, positions)
        return [
            Predictions(places[: len(row.ids) - num_shared - first], num_shared + first)
            for places, (row, num_shared) in zip(logits, rows, strict=True)
        ]

    def _logits(
        self, ids: Any, mask: Any, first: int, cache: Any = None, positions: Any = None
    ) -> Any:
        """Return the logits behind `ids`, from the place `first` of them on."""
        import torch

        wanted: dict[str, Any] = {'use_cache': cache is not None}
        if cache is not None:
            wanted['past_key_values'] = cache
        if positions is not None and self.can.takes_positions:
            wanted['position_ids'] = positions
        if self.can.keeps_logits:
            wanted['logits_to_keep'] = torch.arange(first, ids.shape[1], device=ids.device)
        logits = self.model(input_ids=ids, attention_mask=mask, **wanted).logits
        return logits if self.can.keeps_logits else logits[:, first:]

    def _pad(self, rows: Sequence[Sequence[int]], side: str) -> tuple[Any, Any]:
        return pad(rows, self.pad_id, self.model.device, side)


def _positions(mask: Any) -> Any:
    """Return where tokens stand when padding is not counted."""
    return (mask.cumsum(1) - 1).clamp(min=0)
