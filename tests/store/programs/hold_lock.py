"""Holds the lock of a run until it is killed, with a forked and an executed child that live on."""

import os
import subprocess
import sys
import time
from pathlib import Path

from evalkit.store import RunLock

with RunLock(Path(sys.argv[1])):
    executed = subprocess.Popen(['sleep', '60'], close_fds=False)
    is_forked, tell = os.pipe()
    forked = os.fork()
    if forked == 0:
        os.write(tell, b'.')
        time.sleep(60)
    # A child gives the lock up before its `fork` returns, which on a busy machine takes a while.
    os.read(is_forked, 1)
    os.write(1, b'%d %d\n' % (executed.pid, forked))
    time.sleep(60)
