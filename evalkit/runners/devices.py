"""Which GPUs there are, and which task has them."""

import os
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

CUDA_VISIBLE_DEVICES = 'CUDA_VISIBLE_DEVICES'
DEVICE_FILE = re.compile(r'nvidia\d+')


def visible_gpus(environ: Mapping[str, str], device_dir: Path = Path('/dev')) -> list[str]:
    """Return the GPUs that this process may use, as CUDA_VISIBLE_DEVICES names them.

    Without that variable they are counted by their device files: a container holds only those
    that it was given, and no library has to be loaded for it.
    """
    listed = environ.get(CUDA_VISIBLE_DEVICES)
    if listed is None:
        files = device_dir.glob('nvidia*')
        return [str(n) for n in range(sum(bool(DEVICE_FILE.fullmatch(f.name)) for f in files))]
    names = [name.strip() for name in listed.split(',')]
    # CUDA ignores everything from the first name on that is none.
    end = next((n for n, name in enumerate(names) if name in ('', '-1')), len(names))
    return names[:end]


def num_cpus() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1


class Devices:
    """Lends devices; each may be lent to `max_users` tasks at once."""

    def __init__(self, names: Sequence[str], max_users: int = 1) -> None:
        self.names = list(names)
        self.max_users = max_users
        self._num_users: Counter[str] = Counter()

    def take(self, num: int) -> tuple[str, ...] | None:
        """Return the `num` devices with the fewest users, in their order, or None for now."""
        free = [name for name in self.names if self._num_users[name] < self.max_users]
        if len(free) < num:
            return None
        taken = sorted(free, key=self._num_users.__getitem__)[:num]
        self._num_users.update(taken)
        return tuple(name for name in self.names if name in taken)

    def give_back(self, names: Sequence[str]) -> None:
        """End a loan."""
        self._num_users.subtract(names)
