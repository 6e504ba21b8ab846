"""What vLLM and SGLang share: the engine's arguments stand in `model_kwargs`."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from evalkit.models.engine.adapter import named_adapters
from evalkit.models.engine.arguments import take_context
from evalkit.models.engine.frontend import Frontend, FrontendSettings
from evalkit.models.engine.model import EngineModel
from evalkit.models.engine.port import EnginePort
from evalkit.models.engine.settings import EngineSettings
from evalkit.models.engine.startup import require


class ModelKwargsEngine(EngineModel):
    """A model on an engine whose arguments are `model_kwargs`."""

    PACKAGE: ClassVar[str]
    """The package of the engine, and the extra that installs it."""

    CONTEXT_ARGUMENT: ClassVar[str]
    """How the engine calls the context length."""

    def __init__(  # noqa: PLR0913 - the keys of a config
        self,
        path: str,
        *,
        model_kwargs: Mapping[str, Any] | None = None,
        tokenizer_path: str | None = None,
        tokenizer_kwargs: Mapping[str, Any] | None = None,
        lora_path: str | None = None,
        adapters: Mapping[str, str] | None = None,
        max_seq_len: int | None = None,
        mode: str = 'none',
        pad_token_id: int | None = None,
        chat_template_kwargs: Mapping[str, Any] | None = None,
        batch_size: int | None = None,
        startup_timeout: float | None = None,
    ) -> None:
        require(self.PACKAGE, self.PACKAGE)
        limit, arguments = take_context(model_kwargs or {}, self.CONTEXT_ARGUMENT, max_seq_len)
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
        loras = named_adapters(lora_path, adapters, self.PACKAGE, self.frontend.hub)
        engine = self.frontend.engine_settings(arguments, loras, startup_timeout)
        self.port = self.start(engine)

    @abstractmethod
    def start(self, settings: EngineSettings) -> EnginePort:
        """Start the engine."""
