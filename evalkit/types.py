"""The records that flow from a dataset through a model into the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, str]
"""One chat message: `role` ('system', 'user' or 'assistant') and `content`."""

Prompt = str | list[Message]
"""Text for a base model, messages for a chat model."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of a dataset; `index` is its row in the full split, in every shard and subset."""

    index: int
    fields: Mapping[str, Any]
    reference: Any


@dataclass(frozen=True, slots=True)
class GenerationParams:
    """Every field that decides how an answer is sampled, explicit, the same for all backends.

    `temperature=0` is greedy, whatever `top_p` and `top_k` say; `top_k=0` means no limit.
    `stop_token_ids` end an answer besides the model's own end tokens.
    `max_seq_len` lowers the model's context length, in tokens, for this request.
    """

    max_out_len: int = 512
    min_out_len: int = 0
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    stop: tuple[str, ...] = ()
    stop_token_ids: tuple[int, ...] = ()
    seed: int | None = None
    max_seq_len: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts of one completion.

    `cached_tokens` are those of the prompt that were read from a cache, and `cut_tokens` those
    that were left out of it, since it did not fit the context.
    """

    prompt_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cut_tokens: int = 0

    def __add__(self, other: 'Usage') -> 'Usage':
        """Return the counts of both."""
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            self.cut_tokens + other.cut_tokens,
        )


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model; `key` is the identity of its answer.

    `adapter` names the one of a model's `adapters` that answers; without one the base model does.
    """

    key: str
    prompt: Prompt
    params: GenerationParams
    adapter: str | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's answer to a `Request`.

    `finish_reason` is 'stop', 'length', 'content_filter' or 'error'. `error` is None, or
    `'<kind>: <text>'` with a kind such as 'context_length', 'bad_request' or 'out_of_memory'.
    `extra` is what else an engine says of the answer, such as log-probabilities. `token_ids` are
    the generated ones, uncut; empty where only a server knows them.
    """

    key: str
    text: str
    finish_reason: str = 'stop'
    usage: Usage = Usage()
    error: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    token_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ScoringRequest:
    """Asks for the log-probability of `continuation` after `context`.

    An empty `context` scores the whole of `continuation`: all of its tokens but the first, which
    nothing predicts (the BOS, where there is one). `num_tokens` then counts that one, too, since
    OpenCompass divides a text's loss by the number of all its tokens.
    Both are rendered by the model; where `context` is a list of messages, `continuation` is the
    assistant's turn. A list of messages as `continuation` is scored whole, without a context.
    """

    key: str
    context: Prompt
    continuation: Prompt
    adapter: str | None = None


@dataclass(frozen=True, slots=True)
class Scoring:
    """The answer to a `ScoringRequest`: the summed log-probability (natural log) over
    `num_tokens` continuation tokens, and whether each was the most likely one.
    """

    key: str
    logprob: float
    num_tokens: int
    is_greedy: bool = False
    usage: Usage = Usage()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """A sample's record: one line of a predictions file.

    `output` is the text of a generation, or the chosen label of a scoring. `prompt` is what was
    sent: a text, messages, or for a scoring one prompt per label. `seconds` is the time since the
    previous answer of the task arrived, so that their sum is the time spent asking. `extra` holds
    what only some inferencers know, such as the log-probability of each label.
    """

    index: int
    key: str
    prompt: Any
    output: str
    reference: Any
    repeat: int = 0
    finish_reason: str = 'stop'
    usage: Usage = Usage()
    seconds: float = 0.0
    error: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_answer(self) -> bool:
        """Whether a resumed run may use this record instead of asking again."""
        return self.error is None

    @property
    def status(self) -> str:
        """One of 'ok', 'truncated', 'filtered', 'empty' and 'error' (docs/architecture.md)."""
        if self.error is not None:
            return 'error'
        by_reason = {'length': 'truncated', 'content_filter': 'filtered'}
        if self.finish_reason in by_reason:
            return by_reason[self.finish_reason]
        return 'ok' if self.output.strip() else 'empty'
