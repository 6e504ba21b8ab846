"""Prompts into token ids and tokens into answers: the same on our side for all engines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from evalkit.errors import ConfigError
from evalkit.models.context import check_mode, fit_context
from evalkit.models.encoding import PromptEncoder
from evalkit.models.engine.port import Generated
from evalkit.models.huggingface_decoding import GenerationRow
from evalkit.models.huggingface_loading import (
    context_length,
    load_config,
    load_tokenizer,
    quiet,
    saved_eos_ids,
)
from evalkit.models.huggingface_scoring import Target
from evalkit.models.request_error import RequestError
from evalkit.models.stop import trim_stop
from evalkit.types import Completion, GenerationParams, Request, ScoringRequest, Usage


@dataclass(frozen=True, slots=True)
class FrontendSettings:
    """The arguments of a model class that concern prompts and answers, not the engine."""

    path: str
    tokenizer_path: str | None = None
    tokenizer_kwargs: Mapping[str, Any] | None = None
    model_kwargs: Mapping[str, Any] | None = None
    max_seq_len: int | None = None
    mode: str = 'none'
    chat_template_kwargs: Mapping[str, Any] | None = None


class Frontend:
    """Renders and cuts prompts; decodes and cuts answers."""

    def __init__(self, settings: FrontendSettings, *, is_chat: bool) -> None:
        check_mode(settings.mode)
        if settings.chat_template_kwargs and not is_chat:
            raise ConfigError('a base model uses no chat template: chat_template_kwargs')
        quiet()
        self.mode = settings.mode
        self.trusts_remote_code = bool(
            {**(settings.tokenizer_kwargs or {}), **(settings.model_kwargs or {})}.get(
                'trust_remote_code'
            )
        )
        model_kwargs = settings.model_kwargs or {}
        self.tokenizer = load_tokenizer(
            settings.tokenizer_path or settings.path, settings.tokenizer_kwargs or {}, model_kwargs
        )
        self.encoder = PromptEncoder(
            self.tokenizer, is_chat=is_chat, chat_template_kwargs=settings.chat_template_kwargs
        )
        config = load_config(settings.path, model_kwargs)
        self.max_seq_len = context_length(config, settings.max_seq_len)
        self.vocab_size: int = config.get_text_config().vocab_size
        self.eos_ids = saved_eos_ids(settings.path, config, self.tokenizer)
        self.special_ids = lru_cache(self.encoder.special_ids)

    def generation_row(self, request: Request) -> GenerationRow:
        """Return the ids to generate from, with room for the answer."""
        ids = self.encoder.encode(request.prompt)
        if not ids:
            raise RequestError('bad_request', 'the prompt is empty')
        self._check_vocabulary(ids)
        params = request.params
        limits = [limit for limit in (self.max_seq_len, params.max_seq_len) if limit]
        limit = min(limits, default=None)
        bos = self.tokenizer.bos_token_id
        return GenerationRow(request, fit_context(ids, params.max_out_len, limit, self.mode, bos))

    def target(self, request: ScoringRequest) -> Target:
        """Return the ids of context and continuation, and where the latter begins."""
        ids, start = self.encoder.encode_pair(request.context, request.continuation)
        first = max(start, 1)
        if len(ids) <= first:
            raise RequestError('bad_request', 'the continuation has no token to score')
        self._check_vocabulary(ids)
        bos = self.tokenizer.bos_token_id
        rest = ids[first:]
        head = fit_context(ids[:first], len(rest), self.max_seq_len, self.mode, bos)
        return Target(request, (*head, *rest), len(head), is_whole=start == 0)

    def _check_vocabulary(self, ids: list[int]) -> None:
        if max(ids) >= self.vocab_size:
            raise RequestError(
                'bad_request',
                f"the tokenizer's token {max(ids)} is none of the model's {self.vocab_size}",
            )

    def end_ids(self, params: GenerationParams) -> list[int]:
        """Return the tokens that end an answer: the model's own, and those of the request.

        Those that the model cannot say are left out: some engines die of them.
        """
        ids = self.eos_ids | self.special_ids(params.stop) | set(params.stop_token_ids)
        return sorted(number for number in ids if 0 <= number < self.vocab_size)

    def has_stop(self, ids: Sequence[int], stop: tuple[str, ...]) -> bool:
        """Whether the text of an answer contains a stop word."""
        return bool(stop) and trim_stop(self.encoder.decode(ids), stop)[1]

    def completion(self, row: GenerationRow, output: Generated) -> Completion:
        """Return the answer that the tokens mean."""
        params = row.request.params
        stop, ends = params.stop, self.end_ids(params)
        ids = list(output.ids)
        has_ended = bool(ids) and output.finish_reason == 'stop' and ids[-1] in ends
        text, is_cut = trim_stop(self.encoder.decode(ids[:-1] if has_ended else ids), stop)
        return Completion(
            key=row.request.key,
            text=text,
            finish_reason='stop' if is_cut else output.finish_reason,
            usage=Usage(
                prompt_tokens=len(row.ids),
                output_tokens=output.num_tokens,
                cached_tokens=output.cached_tokens,
            ),
            token_ids=tuple(ids),
        )
