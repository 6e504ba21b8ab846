"""What every backend shares: a model takes requests and yields answers as they are finished."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from evalkit.errors import ConfigError
from evalkit.models.encoding import PromptEncoder
from evalkit.types import Completion, Request, Scoring, ScoringRequest

PLAN_KEYS = frozenset(
    {
        'abbr',
        'adapter',
        'max_out_len',
        'min_out_len',
        'gen_config',
        'generation_kwargs',
        'stop_words',
        'run_cfg',
        'meta_template',
        'pred_postprocessor',
        'summarizer_abbr',
    }
)
"""Keys of a model config that plan the work; the rest are arguments of the model's class."""


class BaseModel(ABC):
    """A model behind one engine.

    Importing the module of a model class is cheap; its constructor imports the engine.
    """

    is_chat: ClassVar[bool] = False
    """Whether prompts are lists of messages (True) or texts (False)."""

    TRANSPORT_KEYS: ClassVar[frozenset[str]] = frozenset({'batch_size'})
    """Arguments that cannot change an answer, so that they are no part of its identity."""

    ADAPTER_KEY: ClassVar[str] = 'lora_path'
    """The argument that names the folder of a LoRA adapter, where a class has one."""

    @abstractmethod
    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield each completion as soon as it is finished, in any order.

        A request that fails alone becomes a completion with an `error`; `BackendError` means
        that no further request can be answered. `requests` may have more after its end, once
        answers have been taken (follow-ups in a conversation): who still works at others asks it
        again; what is left at the end is asked in another call.
        """

    def loglikelihood(self, requests: Iterable[ScoringRequest]) -> Iterator[Scoring]:
        """Yield the log-probability of each continuation, in any order."""
        raise ConfigError(
            f'{type(self).__name__} cannot return log-probabilities of a prompt: '
            'use a Hugging Face, vLLM, SGLang or LMDeploy model for this dataset'
        )

    @property
    def prompt_encoder(self) -> PromptEncoder | None:
        """What renders prompts into token ids; None where a server does, or nothing."""
        return None

    def describe(self) -> Mapping[str, Any]:
        """Say which engine really runs: its name, version, device and dtype."""
        return {}

    def usage(self) -> Mapping[str, Any]:
        """Return what a service was asked so far, to be added up over processes; {} for engines."""
        return {}

    def close(self) -> None:  # noqa: B027 - most engines need nothing
        """Give the engine's memory and processes back."""
