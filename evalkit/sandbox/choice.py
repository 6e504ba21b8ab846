"""Which sandbox this machine has: the best one in which a small program runs."""

import sys
from functools import cache

from evalkit.errors import ConfigError
from evalkit.sandbox.bubblewrap import find_bubblewrap
from evalkit.sandbox.crew import judge_all
from evalkit.sandbox.inside import landlock
from evalkit.sandbox.plans import plan_of
from evalkit.sandbox.program import Limits, Program

SAFE_MODES = ('bubblewrap', 'landlock')
MODES = ('auto', *SAFE_MODES, 'none')
REMEDY = (
    'install bubblewrap (apt-get install bubblewrap), or use a Linux with Landlock, '
    'or accept the risk with --allow-unsafe-code'
)


def choose_mode(wanted: str = 'auto', *, allow_unsafe_code: bool = False) -> str:
    """Return the kind of sandbox to use, or raise ConfigError where there is none."""
    if wanted not in MODES:
        raise ConfigError(f'sandbox: {wanted!r} is not one of {", ".join(MODES)}')
    reasons = {}
    for mode in SAFE_MODES if wanted == 'auto' else (wanted,) if wanted != 'none' else ():
        reason = why_not(mode)
        if reason is None:
            return mode
        reasons[mode] = reason
    if allow_unsafe_code:
        return 'none'
    told = '; '.join(f'{mode}: {reason}' for mode, reason in reasons.items())
    raise ConfigError(f'there is no sandbox for code that a model wrote ({told}): {REMEDY}')


@cache
def why_not(mode: str) -> str | None:
    """Return why a kind of sandbox cannot be had here; None where it can."""
    if sys.platform != 'linux':
        return 'it needs Linux'
    if mode == 'bubblewrap' and find_bubblewrap() is None:
        return 'bwrap is not installed'
    if mode == 'landlock' and not landlock.version():
        return 'the kernel has no Landlock'
    plan = plan_of(mode, Limits(seconds=30))
    [verdict] = judge_all(plan, [Program(('ONE = 1',), 'assert ONE == 1')])
    return None if verdict.kind == 'passed' else ' '.join((verdict.reason, verdict.output)).strip()
