"""Asks a fault server through the front door: a model and its requests."""

from collections.abc import Iterable, Iterator
from typing import Any

from evalkit.errors import EvalkitError
from evalkit.models import OpenAICompletions, OpenAISDK
from evalkit.types import Completion, GenerationParams, Prompt, Request
from tests.models.openai.fault_server import FaultServer

PARAMS = GenerationParams(max_out_len=16)
QUICK: dict[str, Any] = {'path': 'm', 'key': 'secret', 'backoff_seconds': 0.01}


def chat(server: FaultServer, **kwargs: Any) -> OpenAISDK:
    """A chat model that waits but briefly between retries."""
    return OpenAISDK(**{**QUICK, 'openai_api_base': server.base, **kwargs})


def completions(server: FaultServer, **kwargs: Any) -> OpenAICompletions:
    """A base model that waits but briefly between retries."""
    return OpenAICompletions(**{**QUICK, 'openai_api_base': server.base, **kwargs})


def user(text: str) -> Prompt:
    """One user message."""
    return [{'role': 'user', 'content': text}]


def questions(number: int, params: GenerationParams = PARAMS) -> Iterator[Request]:
    """Yield requests q0, q1, ..."""
    for index in range(number):
        yield Request(f'q{index}', user(f'q{index}'), params)


def ask(
    model: OpenAISDK, number: int = 1, params: GenerationParams = PARAMS
) -> dict[str, Completion]:
    """Return the completions by key."""
    return {answer.key: answer for answer in model.generate(questions(number, params))}


def ask_one(model: OpenAISDK, prompt: Prompt, params: GenerationParams = PARAMS) -> Completion:
    """Return the completion of one prompt."""
    [answer] = model.generate([Request('q', prompt, params)])
    return answer


def errors(answers: dict[str, Completion]) -> dict[str, str]:
    """Return the kinds of the errors by key."""
    return {key: answer.error.partition(':')[0] for key, answer in answers.items() if answer.error}


def drain(model: OpenAISDK, requests: Iterable[Request]) -> tuple[list[Completion], str]:
    """Return what was answered before an error ended it, and that error's name and text."""
    answers: list[Completion] = []
    try:
        for answer in model.generate(requests):
            answers.append(answer)
    except EvalkitError as error:
        return answers, f'{type(error).__name__}: {error}'
    return answers, ''
