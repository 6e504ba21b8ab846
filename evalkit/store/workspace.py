"""Where the artefacts of a run live."""

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import count
from pathlib import Path

from evalkit.errors import ConfigError
from evalkit.store.disk import disk_errors
from evalkit.store.names import safe_name

_RUN_NAME = re.compile(r'(\d{8}_\d{6})(?:_(\d+))?')
_NUM_NAMED = 5


@dataclass(frozen=True, slots=True)
class Workspace:
    """The directory of one run, `<work_dir>/<timestamp>`; asking for a path creates nothing."""

    root: Path

    @property
    def configs(self) -> Path:
        """Holds the config as it was run."""
        return self.root / 'configs'

    @property
    def logs(self) -> Path:
        """Holds a log a task."""
        return self.root / 'logs'

    @property
    def summary(self) -> Path:
        """Holds the tables."""
        return self.root / 'summary'

    def predictions(self, model_abbr: str, dataset_abbr: str) -> Path:
        """Return the folder of a dataset's shards."""
        return self.root / 'predictions' / safe_name(model_abbr) / safe_name(dataset_abbr)

    def judgements(self, model_abbr: str, dataset_abbr: str) -> Path:
        """Return the folder of what a judge says of a model's answers to a dataset."""
        return self.root / 'judgements' / safe_name(model_abbr) / safe_name(dataset_abbr)

    def judge_engine(self, judge_abbr: str) -> Path:
        """Return the JSON file that says which engine really answered for a judge."""
        return self.root / 'judgements' / f'{safe_name(judge_abbr)}.engine.json'

    def results(self, model_abbr: str, dataset_abbr: str) -> Path:
        """Return the JSON file of a dataset's metrics."""
        return self.root / 'results' / safe_name(model_abbr) / f'{safe_name(dataset_abbr)}.json'

    def engine(self, model_abbr: str) -> Path:
        """Return the JSON file that says which engine really answered for a model."""
        return self.root / 'predictions' / safe_name(model_abbr) / 'engine.json'

    def usage(self, model_abbr: str) -> Path:
        """Return the folder of what each process has asked of a service, and what it cost."""
        return self.root / 'usage' / safe_name(model_abbr)

    def judge_usage(self, judge_abbr: str) -> Path:
        """Return the same of a judge, whose name may be that of a model, too."""
        return self.judge_usages / safe_name(judge_abbr)

    @property
    def judge_usages(self) -> Path:
        """Holds a folder for each judge behind a service."""
        return self.root / 'judge_usage'

    def probe(self, model_abbr: str) -> Path:
        """Return the JSON file of what a model was asked in a comparison of backends."""
        return self.root / 'probes' / f'{safe_name(model_abbr)}.json'

    def exports(self, name: str) -> Path:
        """Return the folder of the answers in another project's format."""
        return self.root / 'exports' / safe_name(name)

    def log(self, kind: str, task_name: str) -> Path:
        """Return the log file of a task; each `/` in its name begins a folder."""
        *folders, name = (safe_name(part) for part in task_name.split('/'))
        return Path(self.logs, safe_name(kind), *folders, f'{name}.log')


def new_run(work_dir: Path, now: datetime) -> Workspace:
    """Create `<work_dir>/<YYYYmmdd_HHMMSS>`, with `_1`, `_2`... for more runs of one second."""
    stamp = now.strftime('%Y%m%d_%H%M%S')
    with disk_errors('create', work_dir):
        work_dir.mkdir(parents=True, exist_ok=True)
    for number in count():
        root = work_dir / (f'{stamp}_{number}' if number else stamp)
        with disk_errors('create', root):
            if _create(root):
                return Workspace(root)
    raise AssertionError('count() has no end')


def find_run(work_dir: Path, name: str = 'latest') -> Workspace:
    """Return the run called `name` (a timestamp), or the last one; ConfigError if there is none."""
    runs = _run_names(work_dir)
    if not runs:
        raise ConfigError(f'{work_dir} holds no runs; leave out -r and -m to begin one')
    if name == 'latest':
        return Workspace(work_dir / runs[-1])
    if name in runs:
        return Workspace(work_dir / name)
    raise ConfigError(f'{work_dir} holds no run {name!r}; {_offer(name, runs)}')


def _create(root: Path) -> bool:
    try:
        root.mkdir()
    except FileExistsError:
        return False
    return True


def _run_names(work_dir: Path) -> list[str]:
    if not work_dir.is_dir():
        return []
    with disk_errors('read', work_dir):
        names = [path.name for path in work_dir.iterdir() if path.is_dir()]
    return sorted(filter(_RUN_NAME.fullmatch, names), key=_age)


def _age(name: str) -> tuple[str, int]:
    stamp, _, number = name.rpartition('_')
    return (stamp, int(number)) if _RUN_NAME.fullmatch(stamp) else (name, 0)


def _offer(name: str, runs: list[str]) -> str:
    nearest = get_close_matches(name, runs, n=1)
    last = ', '.join(reversed(runs[-_NUM_NAMED:]))
    question = f'did you mean {nearest[0]}? ' if nearest else ''
    return f'{question}The last runs are: {last}'
