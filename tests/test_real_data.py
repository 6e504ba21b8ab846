"""GSM8K and BIG-Bench Hard as published, where EVALKIT_DATA has them (gsm8k/ and bbh/)."""

import os
import re
from pathlib import Path

import pytest

from tests.runs import CALC_MODEL, evaluate, run_folder, values

DATA = Path(os.environ.get('EVALKIT_DATA', '/nowhere'))
HAS_DATA = all((DATA / place).is_dir() for place in ('gsm8k', 'bbh/bbh', 'bbh/cot-prompts'))

pytestmark = pytest.mark.skipif(not HAS_DATA, reason='EVALKIT_DATA has no gsm8k and bbh')

# The shipped model reads 2,048 tokens, fewer than most worked examples have: the middle is cut.
CONFIG = f"""
from mmengine.config import read_base
from evalkit.models import HuggingFacewithChatTemplate

with read_base():
    from configs.datasets.gsm8k.gsm8k_gen import gsm8k_datasets
    from configs.datasets.bbh.bbh_gen import bbh_datasets

datasets = gsm8k_datasets + bbh_datasets
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
    sizes = re.findall(r' (gsm8k|bbh-\w+) +\w+ +gen +(\d+) ', done.stdout)
    assert len(sizes) == 28
    assert sum(int(size) for name, size in sizes if name == 'gsm8k') == 1319
    # Of the 6,511 samples of BIG-Bench Hard four ask what another one asks.
    assert sum(int(size) for name, size in sizes if name != 'gsm8k') == 6511 - 4


def test_the_shipped_model_is_scored_on_all_of_them(folder: Path) -> None:
    done = evaluate(folder, 'real.py', '--limit', '1')
    assert done.returncode == 0, done.stdout + done.stderr
    cells = values(run_folder(folder, 'outputs/real'))
    assert len(cells) == 28
    assert {cell['n_ok'] for cell in cells.values()} == {1}
