"""The Slurm that all tests of SlurmRunner share."""

import os
from collections.abc import Iterator

import pytest

from tools.slurm_here import NEEDED, missing_commands, slurm


@pytest.fixture(scope='session')
def cluster() -> Iterator[dict[str, str]]:
    """A Slurm of this machine; where its packages are missing, a skip, or a failure if required."""
    missing = missing_commands()
    if missing or os.geteuid() != 0:
        reason = f'{missing[0] if missing else "root"} is missing (of {", ".join(NEEDED)})'
        if 'slurm' in os.environ.get('EVALKIT_REQUIRE_ENGINES', '').split(','):
            pytest.fail(f'EVALKIT_REQUIRE_ENGINES names slurm: {reason}')
        pytest.skip(f'{reason}: apt-get install slurm-wlm munge')
    with slurm() as found:
        yield found
