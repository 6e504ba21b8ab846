"""Models on vLLM, for texts and for chats."""

from collections.abc import Mapping
from typing import Any

from evalkit.models.engine import EngineModel
from evalkit.models.engine.arguments import take_context
from evalkit.models.engine.frontend import Frontend, FrontendSettings
from evalkit.models.engine.startup import require
from evalkit.models.vllm.loading import load
from evalkit.models.vllm.port import VLLMPort

NESTED_TRANSPORT_KEYS = frozenset(
    f'model_kwargs.{key}'
    for key in (
        'async_scheduling',
        'block_size',
        'cpu_offload_gb',
        'data_parallel_size',
        'disable_custom_all_reduce',
        'disable_log_stats',
        'distributed_executor_backend',
        'download_dir',
        'enable_chunked_prefill',
        'enable_prefix_caching',
        'enforce_eager',
        'gpu_memory_utilization',
        'hf_token',
        'kv_cache_memory_bytes',
        'load_format',
        'max_loras',
        'max_lora_rank',
        'max_num_batched_tokens',
        'max_num_seqs',
        'max_parallel_loading_workers',
        'pipeline_parallel_size',
        'tensor_parallel_size',
        'use_tqdm_on_load',
    )
)


class VLLM(EngineModel):
    """A base model on vLLM: prompts are texts, to be continued.

    `path` is a folder or a hub id; `lora_path` an adapter. `model_kwargs` are vLLM's engine
    arguments; an unknown one is refused, `torch_dtype` is `dtype`, and unnamed it is float32 on a
    CPU. `max_seq_len` (tokens) is vLLM's `max_model_len`; a prompt that with its `max_out_len`
    exceeds it fails as 'context_length', unless `mode` names the part to drop: 'front', 'mid' or
    'rear'. vLLM batches by itself and pads nothing: `batch_size` and `pad_token_id` do nothing.
    The model's `generation_config.json` decides nothing but the tokens that end an answer.
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
        require('vllm', 'vllm')
        limit, arguments = take_context(model_kwargs or {}, 'max_model_len', max_seq_len)
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
        engine, log = load(settings, lora_path, self.frontend.max_seq_len)
        self.port = VLLMPort(engine, log, self.frontend, lora_path)
        self.frontend.max_seq_len = self.port.max_seq_len


class VLLMwithChatTemplate(VLLM):
    """A chat model on vLLM: prompts are messages, rendered with the tokenizer's chat template.

    A text as prompt is one user message; a last message of the assistant is continued.
    `chat_template_kwargs` are handed to the template, whose clock stands still.
    """

    is_chat = True
