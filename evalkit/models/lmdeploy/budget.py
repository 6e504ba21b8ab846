"""Memory of the host that requests share."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

SHARE = 0.25  # of the free memory
MEMINFO = Path('/proc/meminfo')


class Budget:
    """Bytes that requests share; one that needs more than all of them runs alone."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.taken = 0
        self.changed = asyncio.Condition()

    @asynccontextmanager
    async def taking(self, size: int) -> AsyncIterator[None]:
        """Wait until `size` bytes are there, and hold them."""
        async with self.changed:
            await self.changed.wait_for(
                lambda: not self.taken or self.taken + size <= self.total,
            )
            self.taken += size
        try:
            yield
        finally:
            self.taken -= size
            async with self.changed:
                self.changed.notify_all()


def free_share() -> int:
    """Return the bytes that may be taken; 0, for one request at a time, where none can tell."""
    if not MEMINFO.exists():
        return 0
    [kilobytes] = re.findall(r'^MemAvailable: +(\d+) kB', MEMINFO.read_text(), re.MULTILINE)
    return int(int(kilobytes) * 1024 * SHARE)
