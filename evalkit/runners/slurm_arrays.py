"""Tasks as elements of Slurm's job arrays: submitted together, looked at together."""

import shlex
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from evalkit.errors import BackendError, ConfigError, EvalkitError
from evalkit.runners import slurm_jobs
from evalkit.runners.slurm_jobs import Job, QueueFullError
from evalkit.store import Workspace
from evalkit.tasks.base import Task

NEW = Job('', 'PENDING')
CONTROLLER_SECONDS = 600.0
TIMES_MISSED = 3
"""Looks at the queue that must miss a job before it is given up."""


@dataclass(slots=True, eq=False)
class Element:
    """A task as an element of an array; `job` is what the queue said of it last.

    `env` is added to the environment of `command`. An `error` is why it is in no array.
    """

    task: Task
    command: Sequence[str]
    env: Mapping[str, str]
    job: Job = NEW
    error: EvalkitError | None = None
    num_missed: int = 0

    @property
    def has_begun(self) -> bool:
        """Whether it does not wait any more: it runs, or is over."""
        return self.error is not None or self.job.state != 'PENDING'

    @property
    def is_over(self) -> bool:
        """Whether it will run no more."""
        return self.error is not None or self.job.is_over

    @property
    def output(self) -> Path:
        """The file that its job writes to."""
        return output_folder(self.task) / f'{self.job.number}.out'


class Arrays:
    """The elements of a run, those that wait to be submitted and those that are in the queue.

    `options` are sbatch's. Of what is submitted at once, `num_at_once` run at a time.
    """

    def __init__(
        self, options: Sequence[str], num_at_once: int, note: Callable[[str], None]
    ) -> None:
        self.options = options
        self.num_at_once = num_at_once
        self.note = note
        self.max_size = slurm_jobs.max_array_size()
        self.waiting: deque[Element] = deque()
        self.open: dict[str, Element] = {}
        self._away_since: float | None = None
        self._room = float('inf')

    @property
    def numbers(self) -> set[str]:
        """The numbers of the arrays that are in the queue."""
        return {array_of(number) for number in list(self.open)}

    @property
    def is_full(self) -> bool:
        """Whether Slurm takes no more of our jobs until one is over."""
        return len(self.open) >= self._room

    def submit(self) -> None:
        """Submit what waits, in one array for all elements that need the same.

        A full queue is asked again when one of the elements in it is over.
        """
        if self.is_full:
            return
        self._room = float('inf')
        elements = [self.waiting.popleft() for _ in range(len(self.waiting))]
        for chunk in chunks(elements, self.max_size):
            throttle = ''
            if len(elements) > self.num_at_once:
                throttle = f'%{max(1, self.num_at_once * len(chunk) // len(elements))}'
            self.submit_array(chunk, throttle)

    def submit_array(self, elements: Sequence[Element], throttle: str) -> None:
        """Submit an array; elements that Slurm refuses fail, while it is away they wait."""
        if self.is_full:
            self.waiting.extend(elements)
            return
        shared = dict(set.intersection(*(set(element.env.items()) for element in elements)))
        spec = f'--array=0-{len(elements) - 1}{throttle}'
        options = [*task_options([element.task for element in elements]), *self.options, spec]
        try:
            number = slurm_jobs.submit(options, script(elements, shared), shared)
        except BackendError as error:
            self.wait_for_controller(elements, error)
        except QueueFullError as error:
            self.submit_fewer(elements, throttle, error)
        except ConfigError as error:
            for element in elements:
                element.error = error
        else:
            self._away_since = None
            for index, element in enumerate(elements):
                element.job = Job(f'{number}_{index}', 'PENDING')
                self.open[element.job.number] = element
            tasks = 'task' if len(elements) == 1 else 'tasks'
            self.note(f'submitted {len(elements)} {tasks} to Slurm: job {number}')

    def submit_fewer(
        self, elements: Sequence[Element], throttle: str, error: QueueFullError
    ) -> None:
        """Submit an array in halves; a single element waits for those that are in the queue."""
        half = len(elements) // 2
        if half:
            self.submit_array(elements[:half], throttle)
            self.submit_array(elements[half:], throttle)
        elif self.open:
            self._room = len(self.open)
            self.waiting.extend(elements)
        else:
            elements[0].error = error

    def wait_for_controller(self, elements: Sequence[Element], error: EvalkitError) -> None:
        """Keep elements for the next time, or let them fail if that has been going on for long."""
        self._away_since = self._away_since or time.monotonic()
        if time.monotonic() - self._away_since < CONTROLLER_SECONDS:
            self.waiting.extend(elements)
            return
        for element in elements:
            element.error = error

    def look(self) -> None:
        """Look at the queue, for all elements at once."""
        found = slurm_jobs.jobs() if self.open else None
        if found is None:  # the controller is restarted; the jobs go on without it
            return
        for number, element in list(self.open.items()):
            # Elements that are cancelled while they wait become one job, with the array's number.
            job = found.get(number) or found.get(array_of(number))
            element.num_missed = 0 if job else element.num_missed + 1
            if job or element.num_missed >= TIMES_MISSED:
                element.job = Job(number, job.state if job else 'REVOKED', job.nodes if job else '')
            if element.is_over:
                del self.open[number]

    def interrupt(self) -> None:
        """Cancel what waits, and send SIGINT to what runs."""
        self.drop()
        slurm_jobs.cancel(self.numbers, '--state=PENDING')
        slurm_jobs.cancel(self.numbers, '--state=RUNNING', '--batch', '--signal=INT')

    def drop(self) -> None:
        """Give up what waits to be submitted."""
        while self.waiting:
            self.waiting.popleft().error = BackendError('not submitted: interrupted')

    def cancel(self) -> None:
        """Cancel everything, and follow it no longer."""
        slurm_jobs.cancel(self.numbers)
        for number, element in self.open.items():
            element.job = Job(number, 'CANCELLED', element.job.nodes)
        self.open.clear()


def output_folder(task: Task) -> Path:
    """Return where the jobs of a run write what they say, until it is in the logs."""
    return Workspace(Path(task.work_dir)).logs / 'slurm'


def comment_of(task: Task) -> str:
    """Return what marks the jobs of a run, so that the next one finds those that are left."""
    return f'evalkit:{Path(task.work_dir).resolve()}'


def array_of(number: str) -> str:
    """Return the number of an element's array: `123` of `123_4`."""
    return number.partition('_')[0]


def chunks(elements: Sequence[Element], size: int) -> Iterator[list[Element]]:
    """Yield elements that need the same resources, at most `size` at a time."""
    by_gpus = sorted(elements, key=lambda element: element.task.num_gpus)
    for _, group in groupby(by_gpus, lambda element: element.task.num_gpus):
        alike = list(group)
        yield from (alike[start : start + size] for start in range(0, len(alike), size))


def script(elements: Sequence[Element], shared: Mapping[str, str]) -> str:
    """Return a script that becomes the command of an element, so that signals reach it.

    It sets what is not `shared` with the others; all else comes with the environment of sbatch,
    so that no secret stands in the script.
    """
    cases = ''
    for index, element in enumerate(elements):
        own = [f'{name}={value}' for name, value in element.env.items() if name not in shared]
        cases += f'{index}) exec {shlex.join(["env", *own, *element.command])} ;;\n'
    return f'#!/bin/sh\ncase $SLURM_ARRAY_TASK_ID in\n{cases}esac\n'


def task_options(tasks: Sequence[Task]) -> list[str]:
    """Return what sbatch is told of tasks that need the same."""
    first, num_others = tasks[0], len(tasks) - 1
    output = str(output_folder(first)).replace('%', '%%')
    return [
        f'--job-name={first.name}{f"+{num_others}" if num_others else ""}',
        f'--output={output}/%A_%a.out',
        f'--comment={comment_of(first)}',
        '--open-mode=append',
        '--export=ALL',
        '--requeue',
        '--nodes=1',
        '--ntasks=1',
        *([f'--gres=gpu:{first.num_gpus}'] if first.num_gpus else []),
    ]
