"""HellaSwag and MMLU in their real files, scored by likelihood on Hugging Face and on an engine."""

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.engines.conftest import EngineCase
from tests.engines.test_run import command
from tests.runs import ROOT, run_folder, values

NUM_QUESTIONS = 12
NUM_POSITIONS = 4096  # five examples, a letter a token
MAKE_MODEL = f"""
from pathlib import Path
from tests.tiny_model import save_tiny_llama
save_tiny_llama(Path('model'), max_position_embeddings={NUM_POSITIONS})
"""
WORDS = 'red stone river lamp quiet paper seven glass north salt wheel garden'
SUBJECTS = ('abstract_algebra', 'anatomy')

CONFIG = """
from mmengine.config import read_base
from evalkit.models import HuggingFaceBaseModel

with read_base():
    from configs.datasets.hellaswag.hellaswag_ppl import hellaswag_datasets
    from configs.datasets.mmlu.mmlu_ppl import mmlu_datasets

datasets = hellaswag_datasets + [
    _dataset for _dataset in mmlu_datasets if _dataset['name'] in {subjects!r}
]
models = [dict(type=HuggingFaceBaseModel, abbr='tiny', path='model')]
"""


def sentence(draw: random.Random, num_words: int) -> str:
    return ' '.join(draw.choices(WORDS.split(), k=num_words))


def write_hellaswag(folder: Path, draw: random.Random) -> None:
    """Write `hellaswag.jsonl` as OpenCompass keeps it, with endings of several lengths."""
    rows = [
        {
            'query': f'Making tea: {sentence(draw, 8)}. She',
            'choices': [f'{sentence(draw, 2 + number)}.' for number in draw.sample(range(9), 4)],
            'gold': draw.randrange(4),
        }
        for _ in range(NUM_QUESTIONS)
    ]
    folder.mkdir(parents=True)
    (folder / 'hellaswag.jsonl').write_text(''.join(f'{json.dumps(row)}\n' for row in rows))


def write_mmlu(folder: Path, draw: random.Random) -> None:
    """Write a dev file of five rows and a test file for each subject, without headers."""
    for split, num_rows in (('dev', 5), ('test', NUM_QUESTIONS)):
        (folder / split).mkdir(parents=True)
        for subject in SUBJECTS:
            with (folder / split / f'{subject}_{split}.csv').open('w', newline='') as file:
                csv.writer(file).writerows(
                    [f'{sentence(draw, 9)}, "why"?', *(sentence(draw, 2) for _ in 'ABCD'),
                     draw.choice('ABCD')]
                    for _ in range(num_rows)
                )  # fmt: skip


@pytest.fixture(scope='module')
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the data, a model, the config, and the run of Hugging Face in `hf`."""
    folder = tmp_path_factory.mktemp('options')
    write_hellaswag(folder / 'data' / 'hellaswag', random.Random(0))
    write_mmlu(folder / 'data' / 'mmlu', random.Random(1))
    (folder / 'options.py').write_text(CONFIG.format(subjects=SUBJECTS))
    command('-c', MAKE_MODEL, cwd=folder).check_returncode()
    run(folder, 'hf')
    return folder


def run(folder: Path, name: str, *flags: str) -> None:
    """Run the config into the folder `name`; every question must be answered."""
    done = command(ROOT / 'run.py', 'options.py', '-w', name, *flags, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    cells = values(run_folder(folder, name))
    assert [cell['n_ok'] for cell in cells.values()] == [NUM_QUESTIONS] * 3


def scores(run: Path) -> dict[str, float]:
    """Return the value of each dataset in the table."""
    return {dataset: cell['value'] for (dataset, _), cell in values(run).items()}


def choices(run: Path) -> dict[str, list[tuple[str, Any, float]]]:
    """Return what was chosen for each sample, and whether it is right."""
    return {
        path.stem: [(str(item['prompt']), item['answer'], item['accuracy']) for item in
                    json.loads(path.read_text())['details']]
        for path in run.glob('results/*/*.json')
    }  # fmt: skip


def test_an_engine_chooses_the_options_that_hugging_face_chooses(
    case: EngineCase, folder: Path
) -> None:
    if case.dtype != 'float32':
        pytest.skip(f'{case.name} has no float32 here: close calls may go the other way')
    run(folder, case.name, '-a', case.name)
    expected, found = (run_folder(folder, name) for name in ('hf', case.name))
    assert scores(found) == scores(expected)
    chosen = choices(expected)
    assert choices(found) == chosen
    assert min(len({answer for _, answer, _ in each}) for each in chosen.values()) > 1
