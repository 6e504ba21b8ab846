"""Models on SGLang, for texts and for chats."""

from evalkit.models.engine.in_model_kwargs import ModelKwargsEngine
from evalkit.models.engine.settings import EngineSettings
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


class SGLang(ModelKwargsEngine):
    """A base model on SGLang: prompts are texts, to be continued.

    `path` is a folder or a hub id; `lora_path` an adapter, `adapters` several by name.
    `model_kwargs` are SGLang's server arguments; an unknown one is refused, `torch_dtype` is
    `dtype`, and unnamed it is float32 on a CPU. `max_seq_len` (tokens) sets SGLang's
    `context_length`; a prompt that with its `max_out_len` exceeds it, or what SGLang's memory
    holds, fails as 'context_length', unless `mode` names the part to drop: 'front', 'mid' or
    'rear'. SGLang batches by itself and pads nothing: `batch_size` and `pad_token_id` do nothing.
    The model's `generation_config.json` decides nothing but the tokens that end an answer. A `seed`
    has an effect with `enable_deterministic_inference=True` only (SGLang's rule).
    """

    PACKAGE = 'sglang'
    CONTEXT_ARGUMENT = 'context_length'
    TRANSPORT_KEYS = ModelKwargsEngine.TRANSPORT_KEYS | NESTED_TRANSPORT_KEYS

    def start(self, settings: EngineSettings) -> SGLangPort:
        """Start SGLang, which may lower the context length."""
        started = load(settings)
        port = SGLangPort(started, self.frontend)
        self.frontend.max_seq_len = port.max_seq_len
        return port


class SGLangwithChatTemplate(SGLang):
    """A chat model on SGLang: prompts are messages, rendered with the tokenizer's chat template.

    A text as prompt is one user message; a last message of the assistant is continued.
    `chat_template_kwargs` are handed to the template, whose clock stands still.
    """

    is_chat = True
