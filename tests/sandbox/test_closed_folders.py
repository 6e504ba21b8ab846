"""Python environments that only root can read, such as one below /root."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.runs import ROOT

SCRIPT = """
from evalkit.sandbox import *
code = 'import closed_module\\ndef answer(): return closed_module.VALUE'
thief = 'print(open(FILE).read())\\ndef answer(): return 42'.replace('FILE', repr({file!r}))
programs = [Program((each,), 'assert answer() == 42') for each in (code, thief)]
print(*(verdict.kind for verdict in judge_all(plan_of({mode!r}, Limits()), programs)))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason='only root has to become another user')
def test_packages_in_a_closed_folder_can_be_imported_and_nothing_else_be_read(
    mode: str, tmp_path: Path
) -> None:
    tmp_path.chmod(0o700)
    environment = tmp_path / 'environment'
    venv.create(environment, symlinks=True)
    [packages] = environment.glob('lib/python*/site-packages')
    (packages / 'closed_module.py').write_text('VALUE = 42')
    (packages / 'closed_module.py').chmod(0o600)
    packages.chmod(0o700)
    (tmp_path / 'secret').write_text('secret')
    script = SCRIPT.format(mode=mode, file=str(tmp_path / 'secret'))
    done = subprocess.run(
        [environment / 'bin' / Path(sys.executable).name, '-c', script],
        env={'PATH': os.environ['PATH'], 'PYTHONPATH': str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == 'passed failed\n', done.stderr
