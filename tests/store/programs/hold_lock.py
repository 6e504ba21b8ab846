"""Holds the lock of a run until it is killed, with a forked and an executed child that live on."""

import os
import subprocess
import sys
import time
from pathlib import Path

from evalkit.store import RunLock

with RunLock(Path(sys.argv[1])):
    executed = subprocess.Popen(['sleep', '60'], close_fds=False)
    forked = os.fork()
    if forked == 0:
        time.sleep(60)
    os.write(1, b'%d %d\n' % (executed.pid, forked))
    time.sleep(60)
