"""Whether a server answers, and with the model that is asked for."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

LIST_SECONDS = 5.0
ANSWER_SECONDS = 60.0
SHOWN = 300  # characters
CHAT = '/chat/completions', {'messages': [{'role': 'user', 'content': '1'}]}
TEXT = '/completions', {'prompt': '1'}


def is_listening(base: str) -> bool:
    """Tell whether anybody answers at the address; not every server can list its models."""
    status, _ = ask(f'{base}/models', None, LIST_SECONDS)
    return status is not None


def refusal(base: str, model: str, *, is_chat: bool) -> str | None:
    """Ask for one token; return why there is none, or None if there is one.

    An empty text means that the server is not there yet.
    """
    path, prompt = CHAT if is_chat else TEXT
    body = {'model': model, 'max_tokens': 1, 'temperature': 0, **prompt}
    status, text = ask(base + path, body, ANSWER_SECONDS)
    if status in (None, HTTPStatus.SERVICE_UNAVAILABLE):
        return ''
    return None if status == HTTPStatus.OK else f'{status}: {" ".join(text.split())[:SHOWN]}'


def ask(address: str, body: Mapping[str, Any] | None, seconds: float) -> tuple[int | None, str]:
    """Return the status and the text of an answer; None where nobody answers."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data, {'Content-Type': 'application/json'})
    try:
        # A proxy cannot know a server on this machine.
        with build_opener(ProxyHandler({})).open(request, timeout=seconds) as answer:
            return answer.status, answer.read().decode(errors='replace')
    except HTTPError as error:
        with error:
            return error.code, error.read().decode(errors='replace')
    except (URLError, OSError):
        return None, ''
