"""The tools that a prompt offers: a system message carries them as JSON under `tools`."""

import json
from collections.abc import Sequence
from typing import Any

from evalkit.models.request_error import RequestError
from evalkit.types import Message


def offered_tools(messages: Sequence[Message]) -> list[Any] | None:
    """Return the tools as OpenAI and chat templates take them; None where there are none."""
    text = next((message['tools'] for message in messages if 'tools' in message), None)
    if text is None:
        return None
    try:
        tools = json.loads(text)
    except ValueError as error:
        raise RequestError('bad_request', f'its tools are not JSON: {error}') from error
    listed = tools if isinstance(tools, list) else [tools]
    return [tool if 'function' in tool else as_function(tool) for tool in listed]


def as_function(tool: Any) -> dict[str, Any]:
    """Return a bare description of a function as a tool."""
    return {'type': 'function', 'function': tool}


def without_tools(messages: Sequence[Message]) -> list[Message]:
    """Return the messages alone; one that only carries tools is none."""
    return [
        {key: value for key, value in message.items() if key != 'tools'}
        for message in messages
        if message['content'] or 'tools' not in message
    ]
