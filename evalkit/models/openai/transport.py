"""HTTP over aiohttp: pooled connections, deadlines, and foreign errors translated once."""

import asyncio
import ssl
import time
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any

import aiohttp

from evalkit import __version__
from evalkit.models.openai.addresses import Address
from evalkit.models.openai.decoding import decode_json
from evalkit.models.openai.failures import (
    AttemptError,
    Blame,
    Failure,
    connection_failure,
    http_failure,
)
from evalkit.models.openai.replies import Reply, decode_reply
from evalkit.models.openai.streams import read_stream

LARGE = 1 << 20  # bytes; aiohttp warns of larger bodies that are bytes
KEEP_ALIVE = 4.0  # seconds; servers close idle connections after five or more


@dataclass(frozen=True)
class Deadlines:
    """Seconds that one attempt may take.

    `connect` is until the connection is there, `read` between two pieces of a stream (an unstreamed
    answer is silent until it is finished), `total` in any case: one byte a second does not help.
    """

    total: float = 3600.0
    connect: float = 30.0
    read: float = 600.0


class Transport:
    """A pool of connections, for one call of `generate`."""

    def __init__(self, deadlines: Deadlines, *, stream: bool = False, verify: bool = True) -> None:
        self.deadlines = deadlines
        self.stream = stream
        self.verify = verify

    async def open(self) -> None:
        """Make the pool, in the loop that uses it."""
        # The default context reads SSL_CERT_FILE and SSL_CERT_DIR.
        context = ssl.create_default_context() if self.verify else False
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=0, ssl=context, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=300
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={'User-Agent': f'evalkit/{__version__}'},
            timeout=aiohttp.ClientTimeout(
                total=None,
                sock_connect=self.deadlines.connect,
                sock_read=self.deadlines.read if self.stream else None,
            ),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self.session.close()

    async def post(self, address: Address, path: str, body: bytes) -> Reply:
        """Send one request and return its decoded answer, or raise `AttemptError`."""
        try:
            async with asyncio.timeout(self.deadlines.total):
                return await self._exchange(address, path, body)
        except TimeoutError as error:
            text = str(error) or f'no answer within {self.deadlines.total:g} s'
            raise AttemptError(Failure(Blame.DEADLINE, 'timeout', text)) from error
        except aiohttp.ClientConnectorCertificateError as error:
            text = f'{error}; name the certificates to trust with SSL_CERT_FILE'
            raise AttemptError(Failure(Blame.FATAL, 'connection', text)) from error
        except (aiohttp.ClientError, OSError) as error:
            raise AttemptError(connection_failure(error)) from error

    async def _exchange(self, address: Address, path: str, body: bytes) -> Reply:
        began = time.monotonic()
        async with self.session.post(
            address.url(path),
            data=body if len(body) < LARGE else BytesIO(body),
            headers=address.headers,
            proxy=address.proxy,
        ) as response:
            if response.status != HTTPStatus.OK:
                failure = http_failure(response.status, response.headers, await response.read())
                raise AttemptError(failure)
            if self.stream and 'event-stream' in response.content_type:
                return await read_stream(response.content.iter_any(), began)
            return decode_reply(await response.read())

    async def list_models(self, address: Address) -> list[Any]:
        """Return what a server says of its models; nothing where it says nothing."""
        try:
            async with (
                asyncio.timeout(self.deadlines.connect),
                self.session.get(
                    address.url('/models'), headers=address.headers, proxy=address.proxy
                ) as response,
            ):
                found = decode_json(await response.read())
        except (aiohttp.ClientError, OSError):
            return []
        models = found.get('data') if isinstance(found, dict) else None
        return models if isinstance(models, list) else []
