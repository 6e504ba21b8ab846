"""Models on vLLM, for texts and for chats."""

from evalkit.models.engine.in_model_kwargs import ModelKwargsEngine
from evalkit.models.engine.settings import EngineSettings
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


class VLLM(ModelKwargsEngine):
    """A base model on vLLM: prompts are texts, to be continued.

    `path` is a folder or a hub id; `lora_path` an adapter, `adapters` several by name.
    `model_kwargs` are vLLM's engine arguments; an unknown one is refused, `torch_dtype` is `dtype`,
    and unnamed it is float32 on a CPU. `max_seq_len` (tokens) is vLLM's `max_model_len`; a prompt
    that with its `max_out_len` exceeds it fails as 'context_length', unless `mode` names the part
    to drop: 'front', 'mid' or 'rear'. vLLM batches by itself and pads nothing: `batch_size` and
    `pad_token_id` do nothing. The model's `generation_config.json` decides nothing but the tokens
    that end an answer.
    """

    PACKAGE = 'vllm'
    CONTEXT_ARGUMENT = 'max_model_len'
    TRANSPORT_KEYS = ModelKwargsEngine.TRANSPORT_KEYS | NESTED_TRANSPORT_KEYS

    def start(self, settings: EngineSettings) -> VLLMPort:
        """Start vLLM, which may lower the context length."""
        engine, log = load(settings)
        port = VLLMPort(engine, log, self.frontend, settings.adapters)
        self.frontend.max_seq_len = port.max_seq_len
        return port


class VLLMwithChatTemplate(VLLM):
    """A chat model on vLLM: prompts are messages, rendered with the tokenizer's chat template.

    A text as prompt is one user message; a last message of the assistant is continued.
    `chat_template_kwargs` are handed to the template, whose clock stands still.
    """

    is_chat = True
