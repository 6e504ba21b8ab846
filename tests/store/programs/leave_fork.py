"""Forks inside of a lock and a writer; the child leaves both, the parent goes on with them."""

import os
import sys
from pathlib import Path

from evalkit.errors import ConfigError
from evalkit.store import PredictionWriter, RunLock, read_predictions
from tests.store.samples import a_prediction

root = Path(sys.argv[1])
path = root / 'all.jsonl'
with RunLock(root), PredictionWriter(path) as writer:
    child = os.fork()
    if child == 0:
        sys.exit(0)
    _, status = os.waitpid(child, 0)
    sys.stdout.write(f'the child ended with {os.waitstatus_to_exitcode(status)}\n')
    writer.append(a_prediction(0))
    try:
        with RunLock(root):
            sys.stdout.write('the lock was lost\n')
    except ConfigError as error:
        is_own = f'process {os.getpid()} on' in str(error)
        sys.stdout.write(f'still held by the parent: {is_own}\n')
sys.stdout.write(f'records: {len(list(read_predictions(path)))}\n')
