"""Messages over a descriptor: four bytes of length, then the message."""

from __future__ import annotations

import os

LENGTH_BYTES = 4


def frame(message: bytes) -> bytes:
    """Return a message with its length before it."""
    return len(message).to_bytes(LENGTH_BYTES, 'big') + message


def send(descriptor: int, message: bytes) -> None:
    """Write a whole message."""
    rest = memoryview(frame(message))
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def receive(descriptor: int) -> bytes:
    """Read a whole message; EOFError where the other side has gone."""
    return read_exactly(descriptor, int.from_bytes(read_exactly(descriptor, LENGTH_BYTES), 'big'))


def read_exactly(descriptor: int, size: int) -> bytes:
    """Read so many bytes."""
    found = bytearray()
    while len(found) < size:
        chunk = os.read(descriptor, size - len(found))
        if not chunk:
            raise EOFError
        found += chunk
    return bytes(found)


def split(received: bytearray) -> list[bytes]:
    """Take the whole messages out of what was received; a part of one stays."""
    messages: list[bytes] = []
    while len(received) >= LENGTH_BYTES:
        end = LENGTH_BYTES + int.from_bytes(received[:LENGTH_BYTES], 'big')
        if len(received) < end:
            break
        messages.append(bytes(received[LENGTH_BYTES:end]))
        del received[:end]
    return messages
