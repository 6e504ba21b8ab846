"""Tasks that are small scripts, and a process that runs them, to be harmed.

`python -m tests.runners.scripts WORK_DIR KEYWORDS TASK...` runs tasks given as JSON and prints how
they ended; KEYWORDS are arguments of the runner.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from textwrap import dedent
from typing import Any

from evalkit.runners import LocalRunner, TaskStatus
from evalkit.runners.watchdog import marked
from evalkit.store import Workspace
from evalkit.tasks.base import Task

ROOT = Path(__file__).parents[2]

READ_SCRIPT = "import json, sys; exec(json.load(open(sys.argv[1]))['model']['script'])"

FORK_A_GRANDCHILD = """
import os, subprocess, sys, time
sleeper = [sys.executable, '-S', '-c', 'import time; time.sleep(60)']
subprocess.Popen(sleeper)
subprocess.Popen(sleeper, start_new_session=True)
print('born', flush=True)
"""

SLEEP = 'import time; print("asleep", flush=True); time.sleep(60)'


class ScriptRunner(LocalRunner):
    """A `LocalRunner` whose tasks are Python scripts in the config of their model."""

    def command(self, task: Task, task_path: Path) -> list[str]:
        return [sys.executable, '-S', '-c', READ_SCRIPT, str(task_path)]


def task(name: str, script: str, num_gpus: int = 0) -> Task:
    model = {'abbr': name, 'script': dedent(script), 'run_cfg': {'num_gpus': num_gpus}}
    return Task('infer', model, ({'abbr': 'data'},), 'outputs')


def tell(**progress: Any) -> str:
    """Return a line of a script that tells its progress."""
    return (
        f'import os; open(os.environ["EVALKIT_PROGRESS"], "w").write(\'{json.dumps(progress)}\')\n'
    )


def run(folder: Path, *tasks: Task, **keywords: Any) -> list[TaskStatus]:
    return ScriptRunner(**keywords).run(tasks, Workspace(folder))


def log_text(folder: Path, name: str) -> str:
    return Workspace(folder).log('infer', f'{name}/data').read_text()


def command_to_run(folder: Path, *tasks: Task, **keywords: Any) -> list[str]:
    texts = [task.to_json() for task in tasks]
    module = [sys.executable, '-m', 'tests.runners.scripts']
    return [*module, str(folder), json.dumps(keywords), *texts]


def environment(mark: str) -> dict[str, str]:
    return {**os.environ, 'HARM_MARK': mark, 'PYTHONPATH': str(ROOT)}


def processes(mark: str) -> list[int]:
    return marked(f'HARM_MARK={mark}\0'.encode())


def wait_until(is_so: Callable[[], object], seconds: float = 10.0) -> float:
    """Wait until something is so and return how long that took; fail after `seconds`."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, 'it never came to that'
        time.sleep(0.02)
    return time.monotonic() - began


def main(work_dir: str, keywords: str, *tasks: str) -> int:
    options: Mapping[str, Any] = json.loads(keywords)
    runner = ScriptRunner(**options)
    statuses = runner.run([Task.from_json(text) for text in tasks], Workspace(Path(work_dir)))
    told = [{**asdict(status), 'log': str(status.log)} for status in statuses]
    sys.stdout.write(json.dumps({'interrupted': runner.interrupted, 'statuses': told}))
    return max(status.exit_code for status in statuses)


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
