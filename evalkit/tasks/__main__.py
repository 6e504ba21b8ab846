"""`python -m evalkit.tasks TASK.json`: do one task in this process.

The launching process says by the environment which attempt it is (`EVALKIT_ATTEMPT`) and where
to tell how far it is (`EVALKIT_PROGRESS`, by default beside the task file).
"""

import atexit
import os
import sys
import threading
from pathlib import Path
from typing import NoReturn

from evalkit.tasks.leash import hold_leash
from evalkit.tasks.run import run_task_file


def leave(code: int) -> NoReturn:
    """End this process: what is registered for its end is done, its modules are not taken down.

    Everything is on the disk, and to take an engine's modules down takes seconds (SGLang's: 4).
    """
    threading._shutdown()  # type: ignore[attr-defined]  # waits for threads that are no daemons
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == '__main__':
    hold_leash()
    task_path = Path(sys.argv[1])
    progress_path = os.environ.get('EVALKIT_PROGRESS', task_path.with_suffix('.progress.json'))
    attempt = int(os.environ.get('EVALKIT_ATTEMPT', '1'))
    leave(run_task_file(task_path, Path(progress_path), attempt))
