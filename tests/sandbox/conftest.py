"""Each sandbox that this machine has."""

import os

import pytest

from evalkit.sandbox import SAFE_MODES, why_not

REQUIRED = os.environ.get('EVALKIT_REQUIRE_SANDBOXES', '').split(',')


@pytest.fixture(scope='session', params=SAFE_MODES)
def mode(request: pytest.FixtureRequest) -> str:
    """A kind of sandbox; one that is not here skips its tests, or fails them if it is required."""
    mode: str = request.param
    reason = why_not(mode)
    if reason is None:
        return mode
    if mode in REQUIRED:
        pytest.fail(f'EVALKIT_REQUIRE_SANDBOXES names {mode}: {reason}')
    pytest.skip(f'{mode}: {reason}')
