"""Models on SGLang, for texts and for chats."""

from collections.abc import Mapping
from typing import Any

from evalkit.models.engine import EngineModel
from evalkit.models.engine.arguments import take_context
from evalkit.models.engine.frontend import Frontend, FrontendSettings
from evalkit.models.engine.startup import require
from evalkit.models.sglang.loading import load
from evalkit.models.sglang.port import SGLangPort

NESTED_TRANSPORT_KEYS = frozenset(
    f'model_kwargs.{key}'
    for key in (
        'chunked_prefill_size',
        'device',
        'disable_cuda_graph',
        'disable_overlap_schedule',
        'disable_radix_cache',
        'download_dir',
        'dp_size',
        'load_format',
        'log_level',
        'max_lora_rank',
        'max_prefill_tokens',
        'max_queued_requests',
        'max_running_requests',
        'max_total_tokens',
        'mem_fraction_static',
        'page_size',
        'pp_size',
        'schedule_conservativeness',
        'schedule_policy',
        'tp_size',
        'watchdog_timeout',
    )
)


class SGLang(EngineModel):
    """A base model on SGLang: prompts are texts, to be continued.

    `path` is a folder or a hub id; `lora_path` an adapter. `model_kwargs` are SGLang's server
    arguments; an unknown one is refused, `torch_dtype` is `dtype`, and unnamed it is float32 on a
    CPU. `max_seq_len` (tokens) is SGLang's `context_length`; a prompt that with its `max_out_len`
    exceeds it fails as 'context_length', unless `mode` names the part to drop: 'front', 'mid' or
    'rear'. SGLang batches by itself and pads nothing: `batch_size` and `pad_token_id` do nothing.
    The model's `generation_config.json` decides nothing but the tokens that end an answer. A
    `seed` has an effect with `enable_deterministic_inference=True` only (SGLang's rule).
    """

    TRANSPORT_KEYS = EngineModel.TRANSPORT_KEYS | NESTED_TRANSPORT_KEYS

    def __init__(  # noqa: PLR0913 - the keys of a config
        self,
        path: str,
        *,
        model_kwargs: Mapping[str, Any] | None = None,
        tokenizer_path: str | None = None,
        tokenizer_kwargs: Mapping[str, Any] | None = None,
        lora_path: str | None = None,
        max_seq_len: int | None = None,
        mode: str = 'none',
        pad_token_id: int | None = None,
        chat_template_kwargs: Mapping[str, Any] | None = None,
        batch_size: int | None = None,
    ) -> None:
        require('sglang', 'sglang')
        limit, arguments = take_context(model_kwargs or {}, 'context_length', max_seq_len)
        settings = FrontendSettings(
            path=path,
            tokenizer_path=tokenizer_path,
            tokenizer_kwargs=tokenizer_kwargs,
            model_kwargs=arguments,
            max_seq_len=limit,
            mode=mode,
            chat_template_kwargs=chat_template_kwargs,
        )
        self.frontend = Frontend(settings, is_chat=self.is_chat)
        started = load(settings, lora_path, self.frontend.max_seq_len)
        self.port = SGLangPort(started, self.frontend)
        self.frontend.max_seq_len = self.port.max_seq_len


class SGLangwithChatTemplate(SGLang):
    """A chat model on SGLang: prompts are messages, rendered with the tokenizer's chat template.

    A text as prompt is one user message; a last message of the assistant is continued.
    `chat_template_kwargs` are handed to the template, whose clock stands still.
    """

    is_chat = True
