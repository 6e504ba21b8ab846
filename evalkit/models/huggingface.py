"""Models on Hugging Face transformers, for texts and for chats."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any

from evalkit.models.base import BaseModel
from evalkit.models.batching import BatchJob, release_memory, run_batches
from evalkit.models.context import check_mode
from evalkit.models.encoding import PromptEncoder
from evalkit.models.fitting import RequestFitter
from evalkit.models.huggingface_decoding import (
    Decoder,
    GenerationRow,
    generation_cost,
    sampling_groups,
)
from evalkit.models.huggingface_loading import (
    add_adapter,
    add_adapters,
    choose_adapter,
    context_length,
    find_pad_id,
    load_model,
    load_tokenizer,
    quiet,
    take_eos_ids,
)
from evalkit.models.huggingface_memory import (
    default_budget,
    keep_freed_memory,
    logits_weight,
    share_processors,
)
from evalkit.models.huggingface_prefixes import Limits, PrefixGroup
from evalkit.models.huggingface_scorer import Scorer, abilities
from evalkit.models.huggingface_scoring import Target, scoring_rows
from evalkit.models.huggingface_sharing import RowScoring, can_share
from evalkit.models.request_error import RequestError, failed_completion, failed_scoring
from evalkit.types import Completion, Request, Scoring, ScoringRequest

NESTED_TRANSPORT_KEYS = frozenset(
    f'model_kwargs.{key}'
    for key in (
        'cache_dir',
        'device_map',
        'force_download',
        'local_files_only',
        'low_cpu_mem_usage',
        'max_memory',
        'offload_folder',
        'offload_state_dict',
        'token',
        'use_safetensors',
    )
)


class HuggingFaceBaseModel(BaseModel):
    """A base model: prompts are texts, to be continued.

    `path` is a folder or a hub id; `peft_path` an adapter, `adapters` several by name.
    `model_kwargs` go to `from_pretrained`, and `torch_dtype` there is `dtype`; unnamed it is
    float32 on a CPU. `max_seq_len` (tokens) is the model's own context by default. A prompt that
    with its `max_out_len` exceeds it fails as 'context_length', unless `mode` names the part of it
    to drop: 'front', 'mid' or 'rear'.

    Batches hold at most `max_batch_tokens` tokens (prompt and answer, times rows; by default what
    fits the free memory) and `batch_size` rows. A batch that runs out of memory is halved; a single
    request that does fails as 'out_of_memory'. The model's `generation_config.json` decides nothing
    but the tokens that end an answer.
    """

    TRANSPORT_KEYS = BaseModel.TRANSPORT_KEYS | {'max_batch_tokens'} | NESTED_TRANSPORT_KEYS
    ADAPTER_KEY = 'peft_path'

    def __init__(  # noqa: PLR0913 - the keys of a config
        self,
        path: str,
        *,
        model_kwargs: Mapping[str, Any] | None = None,
        tokenizer_path: str | None = None,
        tokenizer_kwargs: Mapping[str, Any] | None = None,
        peft_path: str | None = None,
        peft_kwargs: Mapping[str, Any] | None = None,
        max_seq_len: int | None = None,
        pad_token_id: int | None = None,
        mode: str = 'none',
        batch_size: int | None = None,
        max_batch_tokens: int | None = None,
        chat_template_kwargs: Mapping[str, Any] | None = None,
        adapters: Mapping[str, str] | None = None,
    ) -> None:
        check_mode(mode)
        share_processors()
        quiet()
        keep_freed_memory()
        self.batch_size = batch_size
        tokenizer = load_tokenizer(
            tokenizer_path or path, tokenizer_kwargs or {}, model_kwargs or {}
        )
        self.encoder = PromptEncoder(
            tokenizer, is_chat=self.is_chat, chat_template_kwargs=chat_template_kwargs
        )
        self.model = load_model(path, model_kwargs or {})
        self.max_seq_len = context_length(self.model.config, max_seq_len)
        eos_ids = take_eos_ids(self.model, tokenizer)
        can = abilities(self.model)
        self.has_adapters = bool(adapters)
        self._adapt(peft_path, adapters or {}, peft_kwargs or {})
        vocab_size = self.model.get_input_embeddings().num_embeddings
        self.fitter = RequestFitter(self.encoder, vocab_size, self.max_seq_len, mode)
        pad_id = find_pad_id(self.model, tokenizer, pad_token_id)
        self.decoder = Decoder(self.model, self.encoder, eos_ids, pad_id)
        self.scorer = Scorer(self.model, pad_id, can)
        self.max_batch_tokens = max_batch_tokens or default_budget(self.model)

    def _adapt(
        self, peft_path: str | None, adapters: Mapping[str, str], peft_kwargs: Mapping[str, Any]
    ) -> None:
        """Add the adapter that always answers, or those that requests choose from."""
        if peft_path:
            self.model = add_adapter(self.model, peft_path, peft_kwargs)
        if adapters:
            self.model = add_adapters(self.model, adapters, peft_kwargs)

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield the completions of each batch as soon as it ends.

        `usage.output_tokens` counts every generated token, the one that ended the answer included.
        """
        rows: list[GenerationRow] = []
        for request in requests:
            try:
                rows.append(self.fitter.generation_row(request))
            except RequestError as error:
                yield failed_completion(request, str(error))
        job = BatchJob(
            run=self.decode_batch,
            cost=generation_cost,
            refuse=lambda row, reason: failed_completion(row.request, f'out_of_memory: {reason}'),
        )
        for group in sampling_groups(rows):
            yield from run_batches(group, job, self.max_batch_tokens, self.batch_size)

    def decode_batch(self, rows: Sequence[GenerationRow]) -> list[Completion]:
        """Answer rows that share their sampling parameters in one call of the engine."""
        self._choose(rows[0].adapter)
        return self.decoder(rows)

    def loglikelihood(self, requests: Iterable[ScoringRequest]) -> Iterator[Scoring]:
        """Yield the log-probability of each continuation, batch by batch.

        Without a context the sum leaves out the first token (the BOS, where there is one), which
        nothing predicts, but `num_tokens` counts it: OpenCompass divides a text's loss by that.
        """
        targets: list[Target] = []
        for request in requests:
            try:
                targets.append(self.fitter.target(request))
            except RequestError as error:
                yield failed_scoring(request, str(error))
        limits = Limits(self.max_batch_tokens, logits_weight(self.model), self.batch_size)
        score = RowScoring(self.score_batch, limits, self.can_share)
        for _, rows in groupby(scoring_rows(targets), key=lambda row: row.adapter or ''):
            yield from score(list(rows))

    def score_batch(self, groups: Sequence[PrefixGroup]) -> list[list[Scoring]]:
        """Score rows alone in one forward pass, or rows that share prefixes in two."""
        self._choose(groups[0].rows[0].adapter)
        return self.scorer(groups, shares=self.can_share)

    @cached_property
    def can_share(self) -> bool:
        """Whether texts that begin alike can share the reading of that."""
        return can_share(self.scorer)

    @property
    def prompt_encoder(self) -> PromptEncoder:
        """What renders prompts into token ids."""
        return self.encoder

    def describe(self) -> Mapping[str, Any]:
        """Say which versions run, where and with which dtype."""
        import torch
        import transformers

        return {
            'engine': 'transformers',
            'version': transformers.__version__,
            'torch': torch.__version__,
            'device': str(self.model.device),
            'dtype': str(self.model.dtype).removeprefix('torch.'),
            'max_seq_len': self.max_seq_len,
            'max_batch_tokens': self.max_batch_tokens,
        }

    def close(self) -> None:
        """Give the memory of the weights back; the model answers no more."""
        del self.model, self.decoder, self.scorer
        release_memory()

    def _choose(self, adapter: str | None) -> None:
        if self.has_adapters:
            choose_adapter(self.model, adapter)


class HuggingFacewithChatTemplate(HuggingFaceBaseModel):
    """A chat model: prompts are messages, rendered with the tokenizer's chat template.

    A text as prompt is one user message; a last message of the assistant is continued.
    `chat_template_kwargs` are handed to the template, whose clock stands still.
    """

    is_chat = True
