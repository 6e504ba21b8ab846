"""Takes the lock of a run where the file system knows no flock; prints the log."""

import errno
import logging
import os
import sys
from pathlib import Path

from evalkit.store import RunLock
from tests.store.programs.system_calls import refuse

logging.basicConfig(stream=sys.stdout, format='%(levelname)s %(message)s', level=logging.INFO)
root = Path(sys.argv[1])
descriptor = os.open(root, os.O_RDONLY)
os.close(descriptor)
refuse('flock', errno.ENOSYS, descriptor)
with RunLock(root):
    sys.stdout.write('inside\n')
