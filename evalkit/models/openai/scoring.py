"""Log-probabilities of texts over `/v1/completions`, by `echo` and `logprobs`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from evalkit.errors import ConfigError
from evalkit.models.openai.failures import Failure, garbled
from evalkit.models.openai.jobs import CHARACTERS_PER_TOKEN, Job
from evalkit.models.openai.payloads import PayloadWriter
from evalkit.models.openai.replies import Reply, choices_of, read_usage
from evalkit.models.request_error import failed_scoring
from evalkit.types import Prompt, Scoring, ScoringRequest, Usage

MAX_TEXTS = 32  # of one call
TIE = 1e-6


@dataclass(frozen=True, slots=True)
class EchoedText:
    """A text as the server tokenised it; the first token has no log-probability."""

    tokens: Sequence[str]
    logprobs: Sequence[float | None]
    is_top: Sequence[bool]

    def scoring(self, key: str, start: int, usage: Usage) -> Scoring:
        """Return the scoring of the tokens from number `start` on; 0 scores the whole text."""
        first = max(start, 1)
        values = [value for value in self.logprobs[first:] if value is not None]
        return Scoring(
            key=key,
            logprob=sum(values),
            num_tokens=len(self.tokens) - start,
            is_greedy=all(self.is_top[first:]),
            usage=usage,
        )


class EchoJob(Job[list[Scoring]]):
    """Asks for all continuations of one context in one call, and for the context alone.

    The tokens that a continuation shares with its context alone are the context's: so a token that
    reaches over the boundary counts as part of the continuation, as with the other backends.
    """

    def __init__(self, requests: Sequence[ScoringRequest], writer: PayloadWriter) -> None:
        super().__init__()
        self.requests = requests
        self.writer = writer
        context = _text(requests[0].context)
        self.texts = [context + _text(request.continuation) for request in requests]
        self.texts += [context.rstrip()] if context.rstrip() else []

    @property
    def prompt_tokens(self) -> int:
        """A quarter of the characters."""
        return sum(len(text) for text in self.texts) // CHARACTERS_PER_TOKEN

    def body(self, dialect: int) -> bytes:
        """Return the call; scoring has no sampling fields, so the dialect does not matter."""
        return self.writer.echo(self.texts)

    def read(self, reply: Reply) -> list[Scoring]:
        """Return a scoring for each continuation."""
        choices = choices_of(reply)
        if len(choices) != len(self.texts):
            raise garbled(f'{len(self.texts)} texts have {len(choices)} choices', reply.body)
        choices.sort(key=lambda choice: choice.get('index', 0))
        echoed = [_echoed(choice, reply) for choice in choices]
        has_context = len(self.texts) > len(self.requests)
        head = echoed[-1].tokens if has_context else ()
        usage = read_usage(reply.answer.get('usage'))
        share = Usage(usage.prompt_tokens // len(self.requests))
        return [
            text.scoring(request.key, num_shared(text.tokens, head), share)
            for request, text in zip(self.requests, echoed, strict=False)
        ]

    def fail(self, failure: Failure) -> list[Scoring]:
        """Return a scoring with an error for each continuation."""
        return [failed_scoring(request, failure.error) for request in self.requests]


def echo_jobs(requests: Iterable[ScoringRequest], writer: PayloadWriter) -> Iterator[EchoJob]:
    """Yield a job for neighbours that share a context."""
    for _, group in groupby(requests, key=lambda request: request.context):
        options = list(group)
        for start in range(0, len(options), MAX_TEXTS):
            yield EchoJob(options[start : start + MAX_TEXTS], writer)


def num_shared(tokens: Sequence[str], head: Sequence[str]) -> int:
    """Return how many of the first tokens are those of `head`."""
    pairs = zip(tokens, head, strict=False)
    differing = (place for place, (one, other) in enumerate(pairs) if one != other)
    return next(differing, min(len(tokens), len(head)))


def _echoed(choice: Mapping[str, Any], reply: Reply) -> EchoedText:
    logprobs = choice.get('logprobs')
    if not isinstance(logprobs, dict) or not logprobs.get('tokens'):
        raise ConfigError(
            'the server returns no log-probabilities of a prompt on /v1/completions (vLLM and '
            'SGLang do): run this dataset on the model itself, without an API'
        )
    values, tops = logprobs.get('token_logprobs'), logprobs.get('top_logprobs')
    tokens = logprobs['tokens']
    if not isinstance(values, list) or len(values) != len(tokens):
        raise garbled('tokens and log-probabilities differ in number', reply.body)
    tops = tops if isinstance(tops, list) else [None] * len(tokens)
    return EchoedText(tokens, values, [_is_top(*pair) for pair in zip(values, tops, strict=False)])


def _is_top(value: float | None, top: Mapping[str, float | None] | None) -> bool:
    known = [other for other in (top or {}).values() if other is not None]
    return value is not None and bool(known) and value >= max(known) - TIE


def _text(prompt: Prompt) -> str:
    if isinstance(prompt, str):
        return prompt
    raise ConfigError('OpenAICompletions scores texts, not messages')
