"""Real disks that are small or cannot be written."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Mount = Callable[[str], Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Mounts a tmpfs with the given options; only the system may refuse it."""
    mounted: list[Path] = []

    def mount_tmpfs(options: str) -> Path:
        folder = tmp_path / f'disk{len(mounted)}'
        folder.mkdir()
        command = ['mount', '-t', 'tmpfs', '-o', options, 'tmpfs', str(folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            reason = f'the system refuses to mount a tmpfs ({done.stderr.strip()})'
            pytest.skip(f'{reason}: run the tests as root or under `unshare -rm`')
        mounted.append(folder)
        return folder

    yield mount_tmpfs
    for folder in mounted:
        subprocess.run(['umount', '-l', str(folder)], check=True)


@pytest.fixture
def small_disk(mount: Mount) -> Path:
    """A disk of 1 MiB."""
    return mount('size=1m')


@pytest.fixture
def full_disk(small_disk: Path) -> Path:
    """A disk without a free byte, with the file `filler` on it."""
    with pytest.raises(OSError, match='No space left'):
        (small_disk / 'filler').write_bytes(bytes(2_000_000))
    return small_disk
