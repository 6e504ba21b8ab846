"""Models on LMDeploy, for texts and for chats."""

from collections.abc import Mapping
from typing import Any

from evalkit.models.engine import EngineModel
from evalkit.models.engine.adapter import named_adapters
from evalkit.models.engine.arguments import take_context
from evalkit.models.engine.frontend import Frontend, FrontendSettings
from evalkit.models.engine.startup import require
from evalkit.models.lmdeploy.loading import load
from evalkit.models.lmdeploy.port import LMDeployPort

NESTED_TRANSPORT_KEYS = frozenset(
    f'engine_config.{key}'
    for key in (
        'async_',
        'block_size',
        'cache_block_seq_len',
        'cache_max_entry_count',
        'communicator',
        'cudagraph_capture_batch_sizes',
        'device_type',
        'devices',
        'download_dir',
        'eager_mode',
        'enable_metrics',
        'enable_prefix_caching',
        'max_batch_size',
        'max_prefill_iters',
        'max_prefill_token_num',
        'num_cpu_blocks',
        'num_gpu_blocks',
        'num_tokens_per_iter',
        'prefill_interval',
        'tp',
    )
)


class TurboMindModel(EngineModel):
    """A base model on LMDeploy: prompts are texts, to be continued.

    `backend` is 'turbomind' or 'pytorch'; where TurboMind is not available or does not know the
    model, the PyTorch engine runs, and the record of the run says so. `engine_config` holds the
    arguments of `TurbomindEngineConfig` or `PytorchEngineConfig`; an unknown one is refused.
    `lora_path` (an adapter) and `adapters` (several by name) need the PyTorch engine. `max_seq_len`
    (tokens) is LMDeploy's `session_len`; a prompt that with its `max_out_len` exceeds it fails as
    'context_length', unless `mode` names the part to drop: 'front', 'mid' or 'rear'
    (`drop_middle=True` is 'mid'). LMDeploy batches by itself: `batch_size` and `concurrency` do
    nothing. It computes in float16 or bfloat16 only, and the PyTorch engine rounds each log-
    probability to that. What `gen_config` says of sampling, the inferencers write into each
    request.
    """

    TRANSPORT_KEYS = EngineModel.TRANSPORT_KEYS | NESTED_TRANSPORT_KEYS | {'concurrency'}

    def __init__(  # noqa: PLR0913 - the keys of a config
        self,
        path: str,
        *,
        backend: str = 'turbomind',
        engine_config: Mapping[str, Any] | None = None,
        gen_config: Mapping[str, Any] | None = None,
        tokenizer_path: str | None = None,
        tokenizer_kwargs: Mapping[str, Any] | None = None,
        lora_path: str | None = None,
        adapters: Mapping[str, str] | None = None,
        max_seq_len: int | None = None,
        mode: str = 'none',
        drop_middle: bool = False,
        chat_template_kwargs: Mapping[str, Any] | None = None,
        batch_size: int | None = None,
        concurrency: int | None = None,
        startup_timeout: float | None = None,
    ) -> None:
        require('lmdeploy', 'lmdeploy')
        limit, arguments = take_context(engine_config or {}, 'session_len', max_seq_len)
        settings = FrontendSettings(
            path=path,
            tokenizer_path=tokenizer_path,
            tokenizer_kwargs=tokenizer_kwargs,
            model_kwargs=arguments,
            max_seq_len=limit,
            mode='mid' if drop_middle and mode == 'none' else mode,
            chat_template_kwargs=chat_template_kwargs,
        )
        self.frontend = Frontend(settings, is_chat=self.is_chat)
        loras = named_adapters(lora_path, adapters, 'lmdeploy', self.frontend.hub)
        engine = self.frontend.engine_settings(arguments, loras, startup_timeout)
        self.port = LMDeployPort(load(engine, backend), self.frontend)
        self.frontend.max_seq_len = self.port.max_seq_len


class TurboMindModelwithChatTemplate(TurboMindModel):
    """A chat model on LMDeploy: prompts are messages, rendered with the tokenizer's chat template.

    A text as prompt is one user message; a last message of the assistant is continued.
    `chat_template_kwargs` are handed to the template, whose clock stands still. LMDeploy's own chat
    templates are not used.
    """

    is_chat = True
