"""What a probe finds out about one backend: plain data, to be compared with another's."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evalkit.store import read_json, write_json


@dataclass(frozen=True, slots=True)
class Probed:
    """One request: the prompt as the backend read it, its greedy answer, and a log-probability.

    `prompt_ids` is None where only a server knows them; `prompt_tokens` is the engine's own count.
    `logprob` is that of the reference's answer (of the continuation, where one is given to be
    scored) over `num_tokens` tokens, and `is_greedy` tells whether each was the likeliest.
    """

    dataset: str
    index: int
    number: int
    is_generation: bool
    prompt_text: str = ''
    prompt_ids: Sequence[int] | None = None
    prompt_tokens: int = 0
    text: str = ''
    token_ids: Sequence[int] = ()
    finish_reason: str = ''
    error: str | None = None
    logprob: float | None = None
    num_tokens: int = 0
    is_greedy: bool = False

    @property
    def key(self) -> str:
        """The same for all backends."""
        return f'{self.dataset}/{self.index}/{self.number}'


@dataclass(frozen=True, slots=True)
class Probe:
    """All requests of one model on one backend, and what decides how it reads and answers."""

    engine: Mapping[str, Any]
    bos_token_id: int | None
    items: Sequence[Probed]
    no_logprobs: str | None = None

    @property
    def dtype(self) -> str:
        """The dtype that the engine says it runs in; empty if it does not say."""
        return str(self.engine.get('dtype') or '')

    @property
    def name(self) -> str:
        """The engine and its version."""
        return ' '.join(str(self.engine[k]) for k in ('engine', 'version') if self.engine.get(k))

    def write(self, path: Path) -> None:
        """Write the probe as JSON."""
        write_json(path, asdict(self))

    @classmethod
    def read(cls, path: Path) -> 'Probe':
        """Read a probe that was written."""
        fields = read_json(path)
        items = [Probed(**item) for item in fields.pop('items')]
        return cls(items=items, **fields)
