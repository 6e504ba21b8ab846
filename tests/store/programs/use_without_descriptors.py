"""Uses up all file descriptors, then tries each operation of the store; prints what is said."""

import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from evalkit.errors import StoreError
from evalkit.store import (
    PredictionWriter,
    RunLock,
    find_run,
    preflight,
    read_json,
    read_predictions,
    scan_answers,
    write_atomic,
)

root = Path(sys.argv[1])
operations: dict[str, Callable[[], object]] = {
    'preflight': lambda: preflight(root),
    'write_atomic': lambda: write_atomic(root / 'a.txt', 'a'),
    'read_json': lambda: read_json(root / 'a.json'),
    'read_predictions': lambda: list(read_predictions(root / 'all.jsonl')),
    'scan_answers': lambda: scan_answers(root),
    'PredictionWriter': lambda: PredictionWriter(root / 'all.jsonl'),
    'RunLock': lambda: RunLock(root).__enter__(),
    'find_run': lambda: find_run(root),
}
resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
try:
    while True:
        os.dup(1)
except OSError:
    pass
for name, operation in operations.items():
    try:
        operation()
    except StoreError as error:
        sys.stdout.write(f'{name}: {error}\n')
