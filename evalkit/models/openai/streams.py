"""Answers that arrive piece by piece, put together into the reply of an unstreamed call."""

import time
from collections.abc import AsyncIterator
from typing import Any

from evalkit.models.openai.decoding import decode_json, encode_json
from evalkit.models.openai.failures import AttemptError, Blame, Failure, error_in_answer, garbled
from evalkit.models.openai.replies import Reply

TEXT_KEYS = ('content', 'reasoning_content', 'reasoning', 'refusal', 'text')
MAX_LINE = 16_000_000  # bytes


async def read_stream(chunks: AsyncIterator[bytes], began: float) -> Reply:
    """Return the whole reply of a stream that began to be asked for at `began`.

    A stream that ends without `[DONE]` or a finish_reason was cut off, and is asked again.
    """
    answer = StreamedAnswer(began)
    async for data in events(chunks):
        if data == b'[DONE]':
            answer.is_done = True
            break
        answer.add(data)
    return answer.reply()


async def events(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the data of each server-sent event."""
    rest = b''
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b'\n')
        if len(rest) > MAX_LINE:
            raise garbled('a line of the stream does not end', rest)
        for line in lines:
            if line.startswith(b'data:'):
                yield line[5:].strip()


class StreamedAnswer:
    """The pieces of one answer."""

    def __init__(self, began: float) -> None:
        self.began = began
        self.is_done = False
        self.first_token: float | None = None
        self.texts: dict[str, list[str]] = {}
        self.finish_reason: str | None = None
        self.head: dict[str, Any] = {}
        self.is_chat = True

    def add(self, data: bytes) -> None:
        """Add the data of one event."""
        event = decode_json(data)
        if not isinstance(event, dict):
            raise garbled('an event of the stream is no JSON object', data)
        failure = error_in_answer(event, data)
        if failure is not None:
            raise AttemptError(failure)
        self.head |= {key: event[key] for key in ('model', 'usage') if event.get(key)}
        for choice in event.get('choices') or ():
            self._add_choice(choice, data)

    def _add_choice(self, choice: Any, data: bytes) -> None:
        if not isinstance(choice, dict):
            raise garbled('a choice of the stream is not an object', data)
        self.is_chat = 'text' not in choice
        self.finish_reason = choice.get('finish_reason') or self.finish_reason
        piece = choice.get('delta') if self.is_chat else choice
        for key in TEXT_KEYS:
            text = piece.get(key) if isinstance(piece, dict) else None
            if isinstance(text, str) and text:
                self.texts.setdefault(key, []).append(text)
                self.first_token = self.first_token or time.monotonic() - self.began

    def reply(self) -> Reply:
        """Return the whole answer, if it is whole."""
        if not self.is_done and self.finish_reason is None:
            text = 'the stream ended without [DONE] and without a finish_reason'
            raise AttemptError(Failure(Blame.TRANSIENT, 'connection', text))
        message: dict[str, Any] = {key: ''.join(texts) for key, texts in self.texts.items()}
        message.setdefault('content' if self.is_chat else 'text', None)
        choice = {'message': message} if self.is_chat else message
        answer = {**self.head, 'choices': [{**choice, 'finish_reason': self.finish_reason}]}
        return Reply(answer, encode_json(answer), self.first_token)
