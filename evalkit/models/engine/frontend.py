"""Prompts into token ids and tokens into answers: the same on our side for all engines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from evalkit.models.encoding import PromptEncoder
from evalkit.models.engine.adapter import Adapters
from evalkit.models.engine.overrides import read_overrides, with_overrides
from evalkit.models.engine.port import Generated
from evalkit.models.engine.settings import EngineSettings
from evalkit.models.fitting import RequestFitter
from evalkit.models.hub import hub_options, local_path
from evalkit.models.huggingface_decoding import GenerationRow
from evalkit.models.huggingface_loading import (
    checkpoint_dtype,
    context_length,
    load_config,
    load_tokenizer,
    quiet,
    saved_eos_ids,
)
from evalkit.models.own_config import completed, lengthened, override
from evalkit.models.stop import trim_stop
from evalkit.types import Completion, GenerationParams, Usage


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


class Frontend(RequestFitter):
    """Renders and cuts prompts; decodes and cuts answers.

    `dtype` is the one in which the weights are stored, `hub` says how files are downloaded, and
    `overrides` are of the model's own config.
    """

    def __init__(self, settings: FrontendSettings, *, is_chat: bool) -> None:
        quiet()
        model_kwargs = settings.model_kwargs or {}
        tokenizer_kwargs = settings.tokenizer_kwargs or {}
        self.hub = hub_options(model_kwargs, tokenizer_kwargs)
        tokenizer = load_tokenizer(
            settings.tokenizer_path or settings.path, tokenizer_kwargs, self.hub
        )
        encoder = PromptEncoder(
            tokenizer, is_chat=is_chat, chat_template_kwargs=settings.chat_template_kwargs
        )
        config = load_config(settings.path, self.hub)
        overrides = completed(config, read_overrides(model_kwargs))
        override(config, overrides)
        length = context_length(config, settings.max_seq_len)
        super().__init__(encoder, config.get_text_config().vocab_size, length, settings.mode)
        self.settings = settings
        self.dtype = checkpoint_dtype(settings.path, config)
        self.overrides = lengthened(config, overrides, length)
        self.eos_ids = saved_eos_ids(settings.path, self.hub, config, tokenizer)
        self.special_ids = lru_cache(self.encoder.special_ids)

    def engine_settings(
        self, arguments: Mapping[str, Any], adapters: Adapters, startup_timeout: float | None
    ) -> EngineSettings:
        """Return how to start the engine that gets the prompts."""
        return EngineSettings(
            path=local_path(self.settings.path),
            arguments=with_overrides(arguments, self.overrides),
            dtype=self.dtype,
            tokenizer_path=local_path(self.settings.tokenizer_path or '') or None,
            adapters=adapters,
            max_seq_len=self.max_seq_len,
            trusts_remote_code=bool(self.hub.get('trust_remote_code')),
            startup_timeout=startup_timeout,
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
                cut_tokens=row.num_cut,
            ),
            token_ids=tuple(ids),
        )
