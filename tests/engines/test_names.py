"""What changed when the version of an engine moves."""

import json
import os
import subprocess
import sys

from tests.engines.conftest import EngineCase
from tests.engines.host import ON_CPU, ROOT


def test_the_engine_has_every_name_by_which_it_is_called(case: EngineCase) -> None:
    done = subprocess.run(
        [sys.executable, '-W', 'ignore', '-m', 'tests.engines.names', case.name],
        cwd=ROOT,
        env={**os.environ, **ON_CPU},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    missing = json.loads(done.stdout.splitlines()[-1])
    assert {kind: names for kind, names in missing.items() if names} == {}
