"""Summary groups through `run.py`: what a group has of its subsets, and what it makes of them."""

from pathlib import Path

import pytest

from tests.datasets.families import ROOT, SAMPLES
from tests.runs import evaluate, run_folder, values

CONFIG = """
from mmengine.config import read_base

with read_base():
    from configs.datasets.bbh.bbh_gen import bbh_datasets
    from configs.summarizers.example import summarizer

datasets = [d for d in bbh_datasets if d['name'] in ('date_understanding', 'word_sorting')]
models = [dict(type='ScriptedChatModel', abbr='m', default='So the answer is (A).')]
"""


def test_a_group_says_how_many_of_its_subsets_it_has(tmp_path: Path) -> None:
    (tmp_path / 'mine.py').write_text(CONFIG)
    done = evaluate(tmp_path, 'mine.py', EVALKIT_DATA=str(SAMPLES))
    assert done.returncode == 0, done.stdout + done.stderr
    found = values(run_folder(tmp_path, 'outputs/mine'))
    assert found['bbh-date_understanding', 'm']['value'] == 50.0
    assert found['bbh-word_sorting', 'm']['value'] == 0.0
    assert found['bbh', 'm']['value'] == 25.0
    assert found['bbh', 'm']['subsets'] == '2/27'
    assert '25.00' in done.stdout
    assert '[2/27]' in done.stdout
    assert not any(name.startswith('mmlu') for name, _ in found)


@pytest.mark.parametrize(
    'name', sorted(path.stem for path in (ROOT / 'configs/datasets').iterdir())
)
def test_every_family_is_in_the_table_of_the_docs(name: str) -> None:
    assert f'`{name}`' in (ROOT / 'docs/benchmarks.md').read_text()
