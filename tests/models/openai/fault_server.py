"""A real HTTP server on loopback, in a thread of its own, that misbehaves as told.

A script is called for each request and returns what to do; it writes to the raw connection, so that
any harm can be done: resets, half bodies, silence, one byte a second.
"""

import asyncio
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request as the server received it; `number` counts from 1."""

    number: int
    at: float
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """The last message, or the prompt."""
        if 'messages' in self.body:
            return str(self.body['messages'][-1]['content'])
        return str(self.body.get('prompt', ''))


Act = Callable[[asyncio.StreamWriter], Awaitable[None]]
Script = Callable[[Asked], Act]


def chat_body(text: Any, finish_reason: Any = 'stop', **message: Any) -> dict[str, Any]:
    """The body of a good answer."""
    return {
        'id': 'chatcmpl-1',
        'object': 'chat.completion',
        'model': 'served-model',
        'choices': [
            {
                'index': 0,
                'message': {'role': 'assistant', 'content': text, **message},
                'finish_reason': finish_reason,
            }
        ],
        'usage': {
            'prompt_tokens': 7,
            'completion_tokens': 3,
            'prompt_tokens_details': {'cached_tokens': 2},
        },
    }


def say(text: Any, finish_reason: str | None = 'stop', *, delay: float = 0.0) -> Act:
    """Answer well."""
    return reply(chat_body(text, finish_reason), delay=delay)


def reply(
    body: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    *,
    content_type: str = 'application/json',
    delay: float = 0.0,
) -> Act:
    """Send any status, headers and body."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = _head(status, {'Content-Length': str(len(data)), **(headers or {})}, content_type)

    async def act(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(delay)
        writer.write(head + data)
        await writer.drain()

    return act


def error(
    status: int,
    message: str,
    headers: Mapping[str, str] | None = None,
    *,
    delay: float = 0.0,
    **more: Any,
) -> Act:
    """Refuse as OpenAI does."""
    return reply({'error': {'message': message, **more}}, status, headers, delay=delay)


def reset() -> Act:
    """Cut the connection so that the client sees a reset."""

    async def act(writer: asyncio.StreamWriter) -> None:
        sock: socket.socket = writer.get_extra_info('socket')
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        writer.transport.abort()

    return act


def half_body(body: Any) -> Act:
    """Promise a body, send half of it and hang up."""
    data = json.dumps(body).encode()

    async def act(writer: asyncio.StreamWriter) -> None:
        writer.write(_head(200, {'Content-Length': str(len(data))}) + data[: len(data) // 2])
        await writer.drain()
        writer.close()

    return act


def hang() -> Act:
    """Say nothing for ever."""

    async def act(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3600)

    return act


def drip(body: Any, pause: float) -> Act:
    """Send one byte, wait, send the next."""
    data = json.dumps(body).encode()

    async def act(writer: asyncio.StreamWriter) -> None:
        writer.write(_head(200, {'Content-Length': str(len(data))}))
        for place in range(len(data)):
            writer.write(data[place : place + 1])
            await writer.drain()
            await asyncio.sleep(pause)

    return act


def stream(*events: Any, pause: float = 0.0) -> Act:
    """Send server-sent events, each a text or an object, and hang up."""
    lines = [event if isinstance(event, str) else json.dumps(event) for event in events]

    async def act(writer: asyncio.StreamWriter) -> None:
        writer.write(_head(200, {'Connection': 'close'}, 'text/event-stream'))
        for line in lines:
            await asyncio.sleep(pause)
            writer.write(f'data: {line}\n\n'.encode())
            await writer.drain()
        writer.close()

    return act


def _head(status: int, headers: Mapping[str, str], content_type: str = 'application/json') -> bytes:
    lines = [f'HTTP/1.1 {status} x', f'Content-Type: {content_type}']
    lines += [f'{name}: {value}' for name, value in headers.items()]
    return ('\r\n'.join(lines) + '\r\n\r\n').encode()


@dataclass
class FaultServer:
    """Runs `script` for each request; use it as a context manager."""

    script: Script
    port: int = 0
    tls: ssl.SSLContext | None = None
    asked: list[Asked] = field(default_factory=list)
    num_open: int = 0
    most_open: int = 0

    @property
    def base(self) -> str:
        """The address to give to a client."""
        return f'{"https" if self.tls else "http"}://127.0.0.1:{self.port}/v1'

    @property
    def texts(self) -> list[str]:
        """The text of each request, in the order of arrival."""
        return [asked.text for asked in self.asked]

    def __enter__(self) -> 'FaultServer':
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._talks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self._thread.start()
        ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self, ready: threading.Event) -> None:
        try:
            self._loop.run_until_complete(self._serve(ready))
        finally:
            self._loop.close()

    async def _serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(
            self._accept, '127.0.0.1', self.port, backlog=2048, ssl=self.tls
        )
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            for talk in tasks & self._talks:  # the loop's own tasks are still accepting
                talk.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()  # a talk that was cancelled before it began did not
        await asyncio.sleep(0)  # the loop closes what is aborted in its next round

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        self._talks.add(asyncio.get_running_loop().create_task(self._talk(reader, writer)))

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not writer.is_closing():
                asked = await self._read(reader)
                self.num_open += 1
                self.most_open = max(self.most_open, self.num_open)
                try:
                    await self.script(asked)(writer)
                finally:
                    self.num_open -= 1
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _read(self, reader: asyncio.StreamReader) -> Asked:
        head = (await reader.readuntil(b'\r\n\r\n')).decode('latin-1')
        first, *lines = head.strip().split('\r\n')
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(':') for line in lines)
        }
        body = await reader.readexactly(int(headers.get('content-length', 0)))
        asked = Asked(
            number=len(self.asked) + 1,
            at=time.monotonic(),
            path=first.split(' ')[1],
            headers=headers,
            body=json.loads(body) if body else {},
        )
        self.asked.append(asked)
        return asked
