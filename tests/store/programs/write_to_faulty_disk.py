"""Appends one record, then two more while a system call on the file fails; prints what is said.

Arguments: the file, the system calls that fail (joined by commas), the error's name.
"""

import errno
import os
import sys
import time
from pathlib import Path

from evalkit.errors import StoreError
from evalkit.store import PredictionWriter
from tests.store.programs.system_calls import refuse
from tests.store.samples import a_prediction

path, names, error_name = Path(sys.argv[1]), sys.argv[2].split(','), sys.argv[3]
# The lowest free descriptor is the one that the writer will get.
descriptor = os.open(path.parent, os.O_RDONLY)
os.close(descriptor)


def attempt(index: int) -> None:
    try:
        writer.append(a_prediction(index))
    except StoreError as error:
        sys.stdout.write(f'{error}\n')


if 'fdatasync' in names:
    refuse('fdatasync', getattr(errno, error_name), descriptor)
writer = PredictionWriter(path)
writer.append(a_prediction(0))
for name in set(names) - {'fdatasync'}:
    refuse(name, getattr(errno, error_name), descriptor)
time.sleep(1.2)
attempt(1)
attempt(2)
try:
    writer.close()
except StoreError as error:
    sys.stdout.write(f'close: {error}\n')
