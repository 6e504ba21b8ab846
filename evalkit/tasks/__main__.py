"""`python -m evalkit.tasks TASK.json`: do one task in this process.

The launching process says by the environment which attempt it is (`EVALKIT_ATTEMPT`) and where
to tell how far it is (`EVALKIT_PROGRESS`, by default beside the task file).
"""

import os
import sys
from pathlib import Path

from evalkit.tasks.leash import hold_leash
from evalkit.tasks.run import run_task_file

if __name__ == '__main__':
    hold_leash()
    task_path = Path(sys.argv[1])
    progress_path = os.environ.get('EVALKIT_PROGRESS', task_path.with_suffix('.progress.json'))
    attempt = int(os.environ.get('EVALKIT_ATTEMPT', '1'))
    sys.exit(run_task_file(task_path, Path(progress_path), attempt))
