"""Backends side by side on the same questions: from the files of a run to lines to compare."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from evalkit.store import Workspace, read_json
from evalkit.summarizers.collect import Cell, make_cell
from evalkit.summarizers.groups import combine

ALL = 'all'
"""What a line over several datasets is called."""

NO_ANSWER = object()

Answers = Mapping[tuple[int, int], Any]
"""The extracted answer to each (index, repeat)."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A model on one backend; `abbr` names its files, `failure` says why there are none."""

    model: str
    backend: str
    abbr: str
    datasets: Sequence[str]
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What one backend did on one dataset, or why it did not.

    `agreement` is the share of samples (in percent) whose extracted answer is that of the first
    backend; `speedup` is the first backend's inference time over this one's.
    """

    model: str
    dataset: str
    backend: str
    abbr: str
    engine: str = ''
    metric: str = ''
    value: float | None = None
    stderr: float | None = None
    n: int = 0
    n_ok: int = 0
    agreement: float | None = None
    load_seconds: float | None = None
    infer_seconds: float | None = None
    output_tokens: int = 0
    speedup: float | None = None
    error: str | None = None

    @property
    def tokens_per_second(self) -> float | None:
        """Generated tokens a second of inference; None where nothing is generated."""
        if not self.infer_seconds or not self.output_tokens:
            return None
        return self.output_tokens / self.infer_seconds

    def to_dict(self) -> dict[str, Any]:
        """Return the line for `bench.json`."""
        return {**asdict(self), 'tokens_per_second': self.tokens_per_second}


def compare(workspace: Workspace, contenders: Sequence[Contender]) -> list[Line]:
    """Return a line for each model, dataset and backend, each compared with the first backend.

    A model with several datasets gets one more line a backend, over all of them.
    """
    lines: list[Line] = []
    for model in dict.fromkeys(contender.model for contender in contenders):
        rivals = [contender for contender in contenders if contender.model == model]
        datasets = list(dict.fromkeys(name for rival in rivals for name in rival.datasets))
        of_model = [line for name in datasets for line in on_dataset(workspace, rivals, name)]
        lines += of_model
        if len(datasets) > 1:
            lines += compared(over_all(of_model, rival.backend) for rival in rivals)
    return lines


def on_dataset(workspace: Workspace, rivals: Sequence[Contender], dataset: str) -> list[Line]:
    """Return the lines of one model on one dataset."""
    found = [read_line(workspace, rival, dataset) for rival in rivals]
    reference = found[0][1]
    return compared(
        replace(line, agreement=agreement(answers, reference)) for line, answers in found
    )


def read_line(workspace: Workspace, rival: Contender, dataset: str) -> tuple[Line, Answers]:
    """Return what the files say of a backend on a dataset, and its answers."""
    line = Line(rival.model, dataset, rival.backend, rival.abbr)
    if rival.failure is not None:
        return replace(line, error=rival.failure), {}
    path = workspace.results(rival.abbr, dataset)
    result: Mapping[str, Any] = read_json(path) if path.exists() else {'error': 'not scored yet'}
    line = replace(line, **read_engine(workspace, rival.abbr))
    if 'error' in result:
        return replace(line, error=result['error']), {}
    metric = next(iter(result['metrics']))
    cell = make_cell(result, metric)
    line = replace(
        line,
        metric=metric,
        value=cell.value,
        stderr=cell.stderr,
        n=cell.n,
        n_ok=cell.n_ok,
        infer_seconds=result['timing']['infer_seconds'],
        output_tokens=result['timing']['output_tokens'],
    )
    return line, answers_of(result.get('details', ()))


def read_engine(workspace: Workspace, abbr: str) -> dict[str, Any]:
    """Return the engine that really ran, and how long it loaded."""
    path = workspace.engine(abbr)
    if not path.exists():
        return {}
    engine = read_json(path)
    name = ' '.join(str(engine[key]) for key in ('engine', 'version') if engine.get(key))
    return {'engine': name, 'load_seconds': engine.get('load_seconds')}


def answers_of(details: Iterable[Mapping[str, Any]]) -> Answers:
    """Return the extracted answers; a sample that failed has none."""
    return {
        (item['index'], item['repeat']): NO_ANSWER if 'error' in item else item['answer']
        for item in details
    }


def agreement(answers: Answers, reference: Answers) -> float | None:
    """Return the share, in percent, of samples with equal answers; a failed one equals none."""
    places = answers.keys() & reference.keys()
    if not places:
        return None
    # Of two samples that failed neither has an answer; they do not agree.
    answered = [place for place in places if answers[place] is not NO_ANSWER]
    num_equal = sum(1 for place in answered if answers[place] == reference[place])
    return 100 * num_equal / len(places)


def over_all(of_model: Sequence[Line], backend: str) -> Line:
    """Return one line for all datasets of a backend: mean score, sums of the rest."""
    lines = [line for line in of_model if line.backend == backend]
    whole = Line(
        lines[0].model,
        ALL,
        backend,
        lines[0].abbr,
        engine=lines[0].engine,
        load_seconds=lines[0].load_seconds,
    )
    missing = [line for line in lines if line.error is not None]
    if missing:
        names = ', '.join(line.dataset for line in missing)
        is_none = len(missing) == len(lines)
        return replace(whole, error=missing[0].error if is_none else f'without {names}')
    cells = [Cell(value=line.value, stderr=line.stderr) for line in lines]
    value, stderr = combine('naive_average', [1.0] * len(cells), cells)
    metrics = {line.metric for line in lines}
    return replace(
        whole,
        metric=metrics.pop() if len(metrics) == 1 else 'score',
        value=value,
        stderr=stderr,
        n=sum(line.n for line in lines),
        n_ok=sum(line.n_ok for line in lines),
        agreement=mean_agreement(lines),
        infer_seconds=math.fsum(line.infer_seconds or 0.0 for line in lines),
        output_tokens=sum(line.output_tokens for line in lines),
    )


def mean_agreement(lines: Sequence[Line]) -> float | None:
    """Return the share of all samples together; None where a dataset has none."""
    num_samples = sum(line.n for line in lines)
    if not num_samples or any(line.agreement is None for line in lines):
        return None
    num_equal = math.fsum((line.agreement or 0.0) * line.n for line in lines)
    return num_equal / num_samples


def compared(lines: Iterable[Line]) -> list[Line]:
    """Return the lines of all backends with their speed-up over the first."""
    lines = list(lines)
    reference = lines[0].infer_seconds
    return [
        replace(line, speedup=reference / line.infer_seconds)
        if reference and line.infer_seconds
        else line
        for line in lines
    ]
