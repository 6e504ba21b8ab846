"""From the body of a reply to a completion; whatever has no usable choice is a failure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalkit.models.openai.decoding import decode_json
from evalkit.models.openai.failures import (
    AttemptError,
    Blame,
    Failure,
    error_in_answer,
    garbled,
)
from evalkit.models.stop import trim_stop
from evalkit.types import Completion, Request, Usage

REASONS: Mapping[str, str] = {
    'length': 'length',
    'max_tokens': 'length',
    'content_filter': 'content_filter',
}
BROKEN_OFF = ('abort', 'error')
"""Reasons with which engines end an answer that they could not finish."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A decoded answer with status 200; `first_token` is in seconds, where it was streamed."""

    answer: Mapping[str, Any]
    body: bytes
    first_token: float | None = None


def decode_reply(body: bytes) -> Reply:
    """Return the reply in a body, or raise what is wrong with it."""
    answer = decode_json(body)
    if answer is None:
        raise garbled('the answer is no JSON', body)
    if not isinstance(answer, dict):
        raise garbled(f'the answer is a {type(answer).__name__}, not an object', body)
    failure = error_in_answer(answer, body)
    if failure is not None:
        raise AttemptError(failure)
    return Reply(answer, body)


def choices_of(reply: Reply) -> list[dict[str, Any]]:
    """Return the choices of a reply, of which there is at least one."""
    choices = reply.answer.get('choices')
    if not isinstance(choices, list) or not choices:
        raise garbled('the answer has no choices', reply.body)
    if not all(isinstance(choice, dict) for choice in choices):
        raise garbled('a choice is not an object', reply.body)
    return choices


def read_completion(reply: Reply, request: Request, think_tag: str) -> Completion:
    """Return the completion in a reply.

    The text is trimmed at stop words. What a reasoning model thought stands before it, ended by
    `think_tag`, as OpenCompass has it. Null content is an empty text.
    """
    choice = choices_of(reply)[0]
    reason = _finish_reason(choice, reply)
    text, reasoning = _texts(choice, reply)
    text, is_trimmed = trim_stop(text, request.params.stop)
    extra = _extra(choice, text or reasoning, reply)
    return Completion(
        key=request.key,
        text=f'{reasoning}{think_tag}{text}' if reasoning else text,
        finish_reason='stop' if is_trimmed else REASONS.get(reason, 'stop'),
        usage=read_usage(reply.answer.get('usage')),
        extra=extra,
    )


def read_usage(usage: Any) -> Usage:
    """Return the token counts of an answer; what a server does not count is 0."""
    if not isinstance(usage, dict):
        return Usage()
    details = usage.get('prompt_tokens_details')
    cached = details.get('cached_tokens') if isinstance(details, dict) else None
    counts = (usage.get('prompt_tokens'), usage.get('completion_tokens'), cached)
    return Usage(*(count if isinstance(count, int) else 0 for count in counts))


def _finish_reason(choice: Mapping[str, Any], reply: Reply) -> str:
    reason = choice.get('finish_reason')
    if reason in BROKEN_OFF:
        text = f'the server ended the answer with finish_reason={reason!r}'
        raise AttemptError(Failure(Blame.TRANSIENT, 'server', text))
    if reason is not None and not isinstance(reason, str):
        raise garbled('finish_reason is not a text', reply.body)
    return reason or 'stop'


def _texts(choice: Mapping[str, Any], reply: Reply) -> tuple[str, str]:
    """Return what was answered, and what was thought before."""
    message = choice.get('message', choice)
    if not isinstance(message, dict) or not message.keys() & {'content', 'text', 'refusal'}:
        raise garbled('the choice has no message with a content', reply.body)
    text = message.get('content' if 'message' in choice else 'text')
    reasoning = message.get('reasoning_content') or message.get('reasoning')
    if isinstance(text, list):
        text = _joined(text)
    if not isinstance(text, str | None):
        raise garbled(f'the content is a {type(text).__name__}, not a text', reply.body)
    return text or '', reasoning if isinstance(reasoning, str) else ''


def _joined(parts: list[Any]) -> str | None:
    texts = [part.get('text') for part in parts if isinstance(part, dict)]
    return ''.join(text for text in texts if isinstance(text, str))


def _extra(choice: Mapping[str, Any], text: str, reply: Reply) -> dict[str, Any]:
    """Keep what the text does not say: log-probabilities, and the raw reply of an empty answer."""
    extra: dict[str, Any] = {}
    if choice.get('logprobs'):
        extra['logprobs'] = choice['logprobs']
    if not text.strip():
        extra['raw'] = reply.body.decode('utf-8', 'replace')
    return extra
