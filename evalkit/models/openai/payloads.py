"""From a request to the body of a call: every field that decides an answer is sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evalkit.errors import ConfigError
from evalkit.models.openai.decoding import encode_json
from evalkit.models.tools import offered_tools, without_tools
from evalkit.types import GenerationParams, Prompt

MAX_OPENAI_STOPS = 4
REASONING_MODELS = re.compile(r'^(?:o\d|gpt-5)')

DIALECTS = ('full', 'top_k from 0', 'openai', 'sparse', 'llamafactory')
"""What a server understands, from most to least.

'full' sends each engine field, or a server's `generation_config.json` would decide it in silence;
'top_k from 0' writes no limit as 0 and not as -1; 'openai' has no fields but OpenAI's; 'sparse'
leaves out penalties that are 0, and asks a model with the name of one of OpenAI's reasoning models
as OpenAI is asked. 'llamafactory' is for LLaMA-Factory's server alone, which reads
`presence_penalty` as a repetition penalty and knows neither `top_k` nor `seed`.
"""
FULL, TOP_K_FROM_0, OPENAI, SPARSE, LLAMA_FACTORY = range(len(DIALECTS))

REFUSALS = (
    'top_k',
    'min_p',
    'repetition_penalty',
    'presence_penalty',
    'frequency_penalty',
    'unexpected key',
    'unrecognized',
    'unknown field',
    'extra_forbidden',
    'extra inputs',
    "'max_completion_tokens' instead",
    "'temperature' does not support",
)
"""How servers say that they do not know a field, in lower case."""


@dataclass(frozen=True)
class PayloadWriter:
    """Writes the bodies of one model's calls.

    `extra` are fields that the config adds or overrides, `temperature` overrides the
    dataset's, and `max_completion_tokens` its length.
    """

    model: str
    is_chat: bool
    is_openai: bool = False
    stream: bool = False
    temperature: float | None = None
    max_completion_tokens: int | None = None
    logprobs: bool = False
    top_logprobs: int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def generation(self, prompt: Prompt, params: GenerationParams, dialect: int) -> bytes:
        """Return the body that asks for an answer, in a dialect of `DIALECTS`."""
        self._check_stops(params.stop)
        body = {
            'model': self.model,
            **self._prompt(prompt),
            **self._sampling(params, dialect),
            **self._engine_fields(params, dialect),
            **self._logprobs(),
        }
        if self.stream:
            body |= {'stream': True, 'stream_options': {'include_usage': True}}
        return encode_json({**body, **self.extra})

    def echo(self, prompts: list[str]) -> bytes:
        """Return the body that asks for the log-probabilities of texts, and no answer."""
        fixed = {'max_tokens': 0, 'echo': True, 'logprobs': 1, 'temperature': 0.0}
        return encode_json({**self.extra, 'model': self.model, 'prompt': prompts, **fixed})

    def _check_stops(self, stop: tuple[str, ...]) -> None:
        """Refuse stop words that OpenAI's service would drop."""
        if self.is_openai and len(stop) > MAX_OPENAI_STOPS:
            words = ', '.join(repr(word) for word in stop)
            raise ConfigError(
                f'OpenAI takes {MAX_OPENAI_STOPS} stop words at most, and these are {len(stop)}: '
                f'{words}; leave some out of stop_words or stopping_criteria'
            )

    def _prompt(self, prompt: Prompt) -> dict[str, Any]:
        if not self.is_chat:
            if not isinstance(prompt, str):
                raise ConfigError(
                    'OpenAICompletions takes texts, not messages: use OpenAISDK for a chat'
                )
            return {'prompt': prompt}
        if isinstance(prompt, str):
            return {'messages': [{'role': 'user', 'content': prompt}]}
        tools = offered_tools(prompt)
        return {'messages': without_tools(prompt), **({'tools': tools} if tools else {})}

    def _sampling(self, params: GenerationParams, dialect: int) -> dict[str, Any]:
        if dialect == LLAMA_FACTORY:
            return self._for_llama_factory(params)
        stop = {'stop': list(params.stop)} if params.stop else {}
        length = self._length(params, dialect)
        if self._is_fixed(dialect):
            return length  # these models sample in one way only and refuse the other fields
        temperature = params.temperature if self.temperature is None else self.temperature
        penalties = {
            'frequency_penalty': params.frequency_penalty,
            'presence_penalty': params.presence_penalty,
        }
        if dialect == SPARSE:
            penalties = {name: value for name, value in penalties.items() if value}
        return {
            **length,
            'temperature': temperature,
            'top_p': params.top_p,
            **penalties,
            **({} if params.seed is None else {'seed': params.seed}),
            **stop,
        }

    def _for_llama_factory(self, params: GenerationParams) -> dict[str, Any]:
        temperature = params.temperature if self.temperature is None else self.temperature
        lacking = {
            'min_p': params.min_p,
            'top_k': params.top_k if temperature else 0,
            'seed': params.seed if temperature else None,
            'frequency_penalty': params.frequency_penalty,
            'presence_penalty': params.presence_penalty,
            'min_out_len': params.min_out_len,
        }
        for name, value in lacking.items():
            if value:
                raise ConfigError(f"LLaMA-Factory's server has no {name}: leave it out")
        return {
            **self._length(params, LLAMA_FACTORY),
            'do_sample': temperature > 0,
            'temperature': temperature,
            'top_p': params.top_p,
            'presence_penalty': params.repetition_penalty,
            **({'stop': list(params.stop)} if params.stop else {}),
        }

    def _length(self, params: GenerationParams, dialect: int) -> dict[str, int]:
        if self.max_completion_tokens is not None:
            return {'max_completion_tokens': self.max_completion_tokens}
        is_new = (self.is_openai and self.is_chat) or self._is_fixed(dialect)
        return {'max_completion_tokens' if is_new else 'max_tokens': params.max_out_len}

    def _is_fixed(self, dialect: int) -> bool:
        """Whether OpenAI fixes the sampling of this model; a gateway has to refuse it first."""
        is_reasoning = REASONING_MODELS.match(self.model.rpartition('/')[2]) is not None
        return is_reasoning and (self.is_openai or dialect == SPARSE)

    def _engine_fields(self, params: GenerationParams, dialect: int) -> dict[str, Any]:
        fields = {
            'top_k': (params.top_k, 0),
            'min_p': (params.min_p, 0.0),
            'repetition_penalty': (params.repetition_penalty, 1.0),
            'min_tokens': (params.min_out_len, 0),
            'stop_token_ids': (list(params.stop_token_ids), []),
        }
        chosen = {name: value for name, (value, neutral) in fields.items() if value != neutral}
        if dialect == LLAMA_FACTORY:
            return {}
        if dialect >= OPENAI:
            return chosen
        temperature = params.temperature if self.temperature is None else self.temperature
        no_limit = 1 if temperature == 0 else 0 if dialect == TOP_K_FROM_0 else -1
        neutral = {'top_k': no_limit, 'min_p': 0.0, 'repetition_penalty': 1.0}
        return {**neutral, **chosen}

    def _logprobs(self) -> dict[str, Any]:
        if not self.logprobs:
            return {}
        if not self.is_chat:
            return {'logprobs': self.top_logprobs or 1}
        top = {} if self.top_logprobs is None else {'top_logprobs': self.top_logprobs}
        return {'logprobs': True, **top}


def names_a_field(refusal: str) -> bool:
    """Whether the text of a refused request blames a field that not every server knows."""
    return any(mark in refusal.lower() for mark in REFUSALS)
