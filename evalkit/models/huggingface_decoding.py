"""Generates the answers of one batch with transformers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalkit.models.encoding import PromptEncoder
from evalkit.models.huggingface_sampling import processors, row_seed
from evalkit.models.stop import trim_stop
from evalkit.types import Completion, GenerationParams, Request, Usage

TAIL_MARGIN = 8  # tokens decoded beyond the longest stop word: halves of characters, specials


@dataclass(frozen=True, slots=True)
class GenerationRow:
    """A request and the token ids of its prompt, without the `num_cut` that did not fit."""

    request: Request
    ids: list[int]
    num_cut: int = 0

    @property
    def adapter(self) -> str | None:
        """Which adapter answers; None is the base model."""
        return self.request.adapter

    @property
    def num_tokens(self) -> int:
        """Tokens of the prompt and of the longest answer allowed."""
        return len(self.ids) + self.request.params.max_out_len


def generation_cost(rows: Sequence[GenerationRow]) -> int:
    """Return the tokens that a batch holds in memory at its end, padding included."""
    longest = max(len(row.ids) for row in rows)
    return len(rows) * (longest + max(row.request.params.max_out_len for row in rows))


def sampling_groups(rows: Sequence[GenerationRow]) -> list[list[GenerationRow]]:
    """Return the rows that may share a batch, longest prompt first, short answers before long.

    Seeds may differ within a batch; every other parameter is the same, and so is the adapter.
    """
    groups: dict[tuple[GenerationParams, str | None], list[GenerationRow]] = {}
    for row in rows:
        shared = replace(row.request.params, seed=None), row.adapter
        groups.setdefault(shared, []).append(row)
    ordered = sorted(groups.items(), key=lambda item: item[0][0].max_out_len)
    return [sorted(group, key=lambda row: -len(row.ids)) for _, group in ordered]


class Decoder:
    """Answers batches of rows of equal sampling parameters."""

    def __init__(
        self, model: Any, encoder: PromptEncoder, eos_ids: Collection[int], pad_id: int
    ) -> None:
        self.model = model
        self.encoder = encoder
        self.eos_ids = frozenset(eos_ids)
        self.pad_id = pad_id

    def __call__(self, rows: Sequence[GenerationRow]) -> list[Completion]:
        """Return the completions of a batch."""
        import torch

        params = rows[0].request.params
        prompts = [row.ids for row in rows]
        input_ids, mask = pad(prompts, self.pad_id, self.model.device, side='left')
        seeds = [row_seed(row.request.params.seed, row.request.key) for row in rows]
        stop_ids = self.encoder.special_ids(params.stop) | set(params.stop_token_ids)
        end_ids = self.eos_ids | stop_ids
        watch = StopWatch(self.encoder, params.stop, input_ids.shape[1], end_ids)
        with torch.inference_mode():
            output = self.model.generate(
                input_ids=input_ids,
                attention_mask=mask,
                generation_config=self._config(params, end_ids),
                logits_processor=processors(params, mask, seeds),
                stopping_criteria=[watch] if params.stop else None,
            )
        answers = output[:, input_ids.shape[1] :].tolist()
        return [
            self._completion(row, watch.cut(place, answer), end_ids)
            for place, (row, answer) in enumerate(zip(rows, answers, strict=True))
        ]

    def _config(self, params: GenerationParams, end_ids: Collection[int]) -> Any:
        """Return the lengths and the ids that end an answer; the sampling is in `processors`."""
        from transformers import GenerationConfig

        return GenerationConfig(
            max_new_tokens=params.max_out_len,
            min_new_tokens=params.min_out_len or None,
            do_sample=False,
            num_beams=1,
            use_cache=True,
            eos_token_id=sorted(end_ids) or None,
            pad_token_id=self.pad_id,
        )

    def _completion(
        self, row: GenerationRow, answer: list[int], end_ids: Collection[int]
    ) -> Completion:
        has_ended = bool(answer) and answer[-1] in end_ids
        text = self.encoder.decode(answer[:-1] if has_ended else answer)
        text, is_cut = trim_stop(text, row.request.params.stop)
        return Completion(
            key=row.request.key,
            text=text,
            finish_reason='stop' if has_ended or is_cut else 'length',
            usage=Usage(len(row.ids), len(answer), cut_tokens=row.num_cut),
            token_ids=tuple(answer),
        )


class StopWatch:
    """Ends a row once its text contains a stop string, and remembers where it ended."""

    def __init__(
        self,
        encoder: PromptEncoder,
        stop: Sequence[str],
        prompt_length: int,
        end_ids: Collection[int],
    ) -> None:
        self.encoder = encoder
        self.stop = stop
        self.prompt_length = prompt_length
        self.end_ids = end_ids
        self.num_tail = max((len(word.encode()) for word in stop), default=0) + TAIL_MARGIN
        self.ends: dict[int, int] = {}

    def __call__(self, input_ids: Any, scores: Any, **_: Any) -> Any:
        """Return which rows are done; only the last tokens of a row are looked at."""
        import torch

        length = input_ids.shape[1] - self.prompt_length
        tails = input_ids[:, -min(length, self.num_tail) :].tolist()
        for row, tail in enumerate(tails):
            if row in self.ends or not self._has_stop(tail):
                continue
            # The tail may read otherwise than the whole: a hit has to be one there, too.
            if self._has_stop(input_ids[row, self.prompt_length :].tolist()):
                self.ends[row] = length
        is_done = [row in self.ends for row in range(len(tails))]
        return torch.tensor(is_done, device=input_ids.device)

    def cut(self, row: int, answer: list[int]) -> list[int]:
        """Return the tokens that the row really generated, the one that ended it included."""
        ends = (place + 1 for place, token in enumerate(answer) if token in self.end_ids)
        return answer[: min(next(ends, len(answer)), self.ends.get(row, len(answer)))]

    def _has_stop(self, ids: list[int]) -> bool:
        text = self.encoder.decode(ids)
        return any(word in text for word in self.stop)


def pad(rows: Sequence[Sequence[int]], pad_id: int, device: Any, side: str) -> tuple[Any, Any]:
    """Return rectangular token ids and the mask of those that are real."""
    import torch

    width = max(len(row) for row in rows)
    ids = torch.full((len(rows), width), pad_id, dtype=torch.long)
    mask = torch.zeros((len(rows), width), dtype=torch.long)
    for place, row in enumerate(rows):
        span = slice(width - len(row), width) if side == 'left' else slice(0, len(row))
        ids[place, span] = torch.tensor(row)
        mask[place, span] = 1
    return ids.to(device), mask.to(device)
