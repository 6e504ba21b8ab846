"""A local server that gives every chat the same answer after a fixed time, in a process of its own.

As little work as possible is done for a request, so that what is measured is the client.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

LENGTH = re.compile(rb'(?i)content-length: *(\d+)')

ANSWER = json.dumps(
    {
        'id': 'chatcmpl-0',
        'object': 'chat.completion',
        'created': 0,
        'model': 'served',
        'choices': [
            {
                'index': 0,
                'message': {'role': 'assistant', 'content': '{"reason": "so it is", "infer": 90}'},
                'finish_reason': 'stop',
                'logprobs': None,
            }
        ],
        'usage': {'prompt_tokens': 110, 'completion_tokens': 12, 'total_tokens': 122},
    }
).encode()

REPLY = (
    b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
    + f'Content-Length: {len(ANSWER)}\r\n\r\n'.encode()
    + ANSWER
)


class AnswerProtocol(asyncio.Protocol):
    """Answers each request of one connection, in turn."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.buffer = b''

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer when a request is whole."""
        self.buffer += data
        while (end := self.buffer.find(b'\r\n\r\n')) >= 0:
            found = LENGTH.search(self.buffer, 0, end)
            size = end + 4 + (int(found[1]) if found else 0)
            if len(self.buffer) < size:
                return
            self.buffer = self.buffer[size:]
            self._answer()

    def _answer(self) -> None:
        if not self.delay:
            self.transport.write(REPLY)
            return
        asyncio.get_running_loop().call_later(self.delay, self._write)

    def _write(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(REPLY)


async def serve(delay: float) -> None:
    """Say the port on standard output, and serve until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: AnswerProtocol(delay), '127.0.0.1', 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def answer_server(delay: float) -> Iterator[str]:
    """Start a server that answers after `delay` seconds; yield its base address."""
    command = [sys.executable, '-m', 'benchmarks.answer_server', str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f'http://127.0.0.1:{process.stdout.readline().strip()}/v1'
        finally:
            process.kill()


if __name__ == '__main__':
    asyncio.run(serve(float(sys.argv[1])))
