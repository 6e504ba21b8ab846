"""A tenth of the simulation in `benchmarks.replicas`: 64 replicas of uneven speed, one queue."""

import re
import subprocess
import sys

from tests.runs import ROOT


def test_uneven_replicas_end_together_and_the_driver_stays_small() -> None:
    size = ('--requests', '100000', '--replicas', '64', '--seconds', '20')
    command = [sys.executable, '-m', 'benchmarks.replicas', *size]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    found = dict(re.findall(r'^\| (.+?) \| ([\d.]+)', done.stdout, re.M))
    # Of the whole simulation, which .ci/run adds, it is 5 %; this one is shorter.
    assert float(found['over the ideal']) < 25
    assert float(found['cores used by the driver']) < 1
    assert float(found['memory of the driver']) < 1000
