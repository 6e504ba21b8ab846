"""`python -m evalkit.tasks TASK.json`: do one task in this process."""

import os
import sys
from pathlib import Path

from evalkit.tasks.leash import hold_leash
from evalkit.tasks.run import run_task_file

if __name__ == '__main__':
    hold_leash()
    sys.exit(run_task_file(Path(sys.argv[1]), attempt=int(os.environ.get('EVALKIT_ATTEMPT', '1'))))
