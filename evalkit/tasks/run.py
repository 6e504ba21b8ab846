"""Does one task in this process, and says by an exit code how it went."""

import logging
import os
from pathlib import Path

from evalkit.config import redact_known
from evalkit.errors import EvalkitError, ExitCode
from evalkit.tasks.base import Task
from evalkit.tasks.evaluate import EvaluateTask
from evalkit.tasks.infer import InferTask
from evalkit.tasks.interrupt import Interrupt
from evalkit.tasks.judge import JudgeTask
from evalkit.tasks.logs import log_to_stderr
from evalkit.tasks.probe import ProbeTask
from evalkit.tasks.progress import ProgressFile

logger = logging.getLogger(__name__)

ASKING = {'infer': InferTask, 'judge': JudgeTask}
"""The kinds of tasks that load a model and store what it answers."""


def run_task_file(task_path: Path, progress_path: Path, attempt: int) -> int:
    """Do the task of a file; what it logs goes to standard error."""
    log_to_stderr()
    return run_task(Task.from_json(task_path.read_text()), progress_path, attempt)


def run_task(task: Task, progress_path: Path, attempt: int = 1) -> int:
    """Do a task; an error for the user is one line in the log, a bug a traceback."""
    progress = ProgressFile(progress_path)
    with Interrupt() as interrupt:
        try:
            return do(task, progress, interrupt, attempt)
        except EvalkitError as error:
            logger.error('%s', error)
            progress.progress.reason = redact_known(str(error), os.environ)
            return error.exit_code
        except KeyboardInterrupt:
            return ExitCode.INTERRUPTED
        finally:
            progress.update(now=True)


def do(task: Task, progress: ProgressFile, interrupt: Interrupt, attempt: int) -> int:
    """Run the class that does this kind of task."""
    if task.kind in ASKING:
        ASKING[task.kind](task, progress, interrupt, attempt).run()
    elif task.kind == 'probe':
        ProbeTask(task, progress).run()
    else:
        EvaluateTask(task, progress, interrupt).run()
    if interrupt.is_requested:
        return ExitCode.INTERRUPTED
    progress.progress.phase = 'done'
    return ExitCode.COMPLETE
