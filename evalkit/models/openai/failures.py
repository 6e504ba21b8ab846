"""What a failed attempt means: who is to blame, and whether asking again can help."""

import math
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from http import HTTPStatus
from typing import Any

from evalkit.models.openai.decoding import decode_json

MAX_RETRY_AFTER = 600.0  # seconds; a longer wait would look like a hang
SHOWN_BYTES = 500


class Blame(Enum):
    """What went wrong, as the one owner of retries distinguishes it."""

    FATAL = 'the key, the address or the model: no request can succeed'
    SAMPLE = 'the request itself: the same request fails again'
    RATE = 'too many requests: wait'
    TRANSIENT = 'the server or the connection: ask again'
    DEADLINE = 'the answer took too long: ask again, but not often'
    GARBLED = 'status 200 without a usable answer: ask again, but not often'


@dataclass(frozen=True, slots=True)
class Failure:
    """One attempt that brought no answer; `kind` is the first word of a sample's error.

    `retry_after` is what the server asked to wait, in seconds.
    """

    blame: Blame
    kind: str
    text: str
    retry_after: float | None = None

    @property
    def error(self) -> str:
        """The sample's error: `'<kind>: <text>'`."""
        return f'{self.kind}: {self.text}'


class AttemptError(Exception):
    """Carries a `Failure` to the owner of retries."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.error)
        self.failure = failure


CLASS_NAMES: Mapping[int, str] = {
    400: 'BadRequestError',
    401: 'AuthenticationError',
    403: 'PermissionDeniedError',
    404: 'NotFoundError',
    409: 'ConflictError',
    422: 'UnprocessableEntityError',
    429: 'RateLimitError',
}
"""The `openai` package's class for each status, so that its documentation can be searched."""

BY_STATUS: Mapping[int, tuple[Blame, str]] = {
    401: (Blame.FATAL, 'auth'),
    402: (Blame.FATAL, 'auth'),
    403: (Blame.FATAL, 'forbidden'),
    404: (Blame.FATAL, 'model_not_found'),
    405: (Blame.FATAL, 'model_not_found'),
    407: (Blame.FATAL, 'auth'),
    408: (Blame.TRANSIENT, 'timeout'),
    409: (Blame.TRANSIENT, 'server'),
    425: (Blame.TRANSIENT, 'server'),
    429: (Blame.RATE, 'rate_limit'),
}

CONTEXT_MARKS = (
    'context_length',
    'context length',
    'context window',
    'maximum model length',
    'max_model_len',
    'maximum input length',
    'longer than the model',
)
"""How servers say that a prompt is too long, in lower case."""

EXHAUSTED = ('insufficient_quota', 'billing_hard_limit_reached')
"""Codes of a 429 that no waiting cures."""


def http_failure(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """Return what an answer with an error status means."""
    message, code = error_message(body)
    text = f'{status} {class_name(status)}: {message}'
    blame, kind = _blame(status, message, code)
    wait = retry_after(headers) if blame in (Blame.RATE, Blame.TRANSIENT) else None
    return Failure(blame, kind, text, wait)


def class_name(status: int) -> str:
    """Return the class that the `openai` package raises for a status."""
    default = 'InternalServerError' if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 'APIError'
    return CLASS_NAMES.get(status, default)


def error_message(body: bytes) -> tuple[str, str]:
    """Return the message and the code of an error's body, whatever its shape."""
    decoded = decode_json(body)
    error = decoded.get('error', decoded) if isinstance(decoded, dict) else decoded
    if not isinstance(error, dict):
        return (str(error)[:SHOWN_BYTES] if error is not None else shown(body)), ''
    message = error.get('message') or error.get('detail') or error
    return str(message)[:SHOWN_BYTES], str(error.get('code') or error.get('type') or '')


def shown(body: bytes) -> str:
    """Return the first bytes of a body as one line."""
    return ' '.join(body[:SHOWN_BYTES].decode('utf-8', 'replace').split())


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that a server asks to wait, given as such or as a date; at most 600."""
    milliseconds = _number(headers.get('retry-after-ms'))
    if milliseconds is not None:
        return _bounded(milliseconds / 1000)
    value = headers.get('retry-after')
    seconds = _number(value)
    if seconds is not None or value is None:
        return None if seconds is None else _bounded(seconds)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return _bounded((date - (now or datetime.now(UTC))).total_seconds())


def garbled(reason: str, body: bytes) -> AttemptError:
    """Return the failure of an answer with status 200 that cannot be used."""
    return AttemptError(Failure(Blame.GARBLED, 'bad_response', f'{reason}: {shown(body)}'))


def connection_failure(error: OSError | Exception) -> Failure:
    """Return what a broken or impossible connection means."""
    text = f'{type(error).__name__}: {error}'
    inner = getattr(error, 'os_error', error)
    unknown_host = isinstance(inner, socket.gaierror) and inner.errno == socket.EAI_NONAME
    return Failure(Blame.FATAL if unknown_host else Blame.TRANSIENT, 'connection', text)


def _blame(status: int, message: str, code: str) -> tuple[Blame, str]:
    if status == HTTPStatus.TOO_MANY_REQUESTS and code in EXHAUSTED:
        return Blame.FATAL, 'auth'
    if status in BY_STATUS:
        return BY_STATUS[status]
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Blame.TRANSIENT, 'server'
    if 'content_filter' in code or 'ResponsibleAIPolicyViolation' in message:
        return Blame.SAMPLE, 'content_filter'
    said = f'{code} {message}'.lower()
    too_long = any(mark in said for mark in CONTEXT_MARKS)
    return Blame.SAMPLE, 'context_length' if too_long else 'bad_request'


def _number(value: str | None) -> float | None:
    try:
        return float(value) if value else None
    except ValueError:
        return None


def _bounded(seconds: float) -> float:
    return 0.0 if math.isnan(seconds) else min(max(seconds, 0.0), MAX_RETRY_AFTER)


def error_in_answer(answer: Mapping[str, Any], body: bytes) -> Failure | None:
    """Return the failure that an answer with status 200 carries, as some gateways send it."""
    error = answer.get('error')
    if not error and answer.get('object') != 'error':
        return None
    code = (error if isinstance(error, dict) else answer).get('code')
    if isinstance(code, int) and code >= HTTPStatus.BAD_REQUEST:
        return http_failure(code, {}, body)
    return Failure(Blame.GARBLED, 'bad_response', f'an error with status 200: {shown(body)}')
