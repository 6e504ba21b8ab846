"""GSM8K, BIG-Bench Hard and HumanEval as published, where EVALKIT_DATA has them."""

import os
import re
from pathlib import Path

import pytest

from tests.runs import CALC_MODEL, evaluate, run_folder, values

DATA = Path(os.environ.get('EVALKIT_DATA', '/nowhere'))
PLACES = ('gsm8k', 'bbh/bbh', 'bbh/cot-prompts', 'humaneval')
HAS_DATA = all((DATA / place).is_dir() for place in PLACES)

pytestmark = pytest.mark.skipif(not HAS_DATA, reason='EVALKIT_DATA lacks gsm8k, bbh or humaneval')

# The shipped model reads 2,048 tokens, fewer than most worked examples have: the middle is cut.
CONFIG = f"""
from mmengine.config import read_base
from evalkit.models import HuggingFacewithChatTemplate

with read_base():
    from configs.datasets.gsm8k.gsm8k_gen import gsm8k_datasets
    from configs.datasets.bbh.bbh_gen import bbh_datasets
    from configs.datasets.humaneval.humaneval_gen import humaneval_datasets
    from configs.summarizers.groups.bbh import bbh_summary_groups

datasets = gsm8k_datasets + bbh_datasets + humaneval_datasets
summarizer = dict(summary_groups=bbh_summary_groups)
for _dataset in datasets:
    _dataset['infer_cfg']['inferencer']['max_out_len'] = 16
models = [
    dict(type=HuggingFacewithChatTemplate, abbr='calc', path={str(CALC_MODEL)!r}, mode='mid')
]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / 'real.py').write_text(CONFIG)
    return tmp_path


def test_every_sample_is_planned(folder: Path) -> None:
    done = evaluate(folder, 'real.py', '--dry-run')
    assert done.returncode == 0, done.stderr
    sizes = re.findall(r' (gsm8k|bbh-\w+|openai_humaneval) +\w+ +gen +(\d+) ', done.stdout)
    assert len(sizes) == 29
    assert {('gsm8k', '1319'), ('openai_humaneval', '164')} <= set(sizes)
    # Of the 6,511 samples of BIG-Bench Hard four ask what another one asks.
    assert sum(int(size) for name, size in sizes if name.startswith('bbh-')) == 6511 - 4


def test_the_shipped_model_is_scored_on_all_of_them(folder: Path) -> None:
    done = evaluate(folder, 'real.py', '--limit', '2')
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'FAILED' not in done.stdout
    cells = values(run_folder(folder, 'outputs/real'))
    group = cells.pop(('bbh', 'calc'))
    assert group['subsets'] == '27/27'
    assert len(cells) == 29
    assert {(cell['n_ok'], cell['failed']) for cell in cells.values()} == {(2, 0)}
    # No answer of 16 tokens is a program, and none of a model of sums is an answer to BBH.
    assert cells['openai_humaneval', 'calc']['value'] == 0
    assert re.search(r'on 29 datasets \(.*\): 58 of 58 answers were cut', done.stdout)
    assert 'prompts did not fit the context and were cut' in done.stdout
