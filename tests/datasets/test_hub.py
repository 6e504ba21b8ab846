"""Datasets of the hub: what stands in place of missing files, read by the real package."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from evalkit.datasets import MMLUProDataset, arc, obqa
from evalkit.datasets.files import find_source
from evalkit.datasets.hub import HubDataset
from evalkit.errors import ConfigError
from tests.datasets.families import ROOT, SAMPLES

WITHOUT_PACKAGE = """
import sys
sys.modules['datasets'] = None
from evalkit.datasets import GSM8KDataset
from evalkit.errors import ConfigError
try:
    GSM8KDataset.load()
except ConfigError as error:
    print(error)
"""


def test_a_machine_without_the_package_says_what_to_install(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, '-c', WITHOUT_PACKAGE],
        cwd=tmp_path,
        env={'PYTHONPATH': str(ROOT), 'EVALKIT_DATA': str(tmp_path / 'mine')},
        capture_output=True,
        text=True,
    )
    places = [tmp_path / 'data/gsm8k', tmp_path / 'mine/data/gsm8k', ROOT / 'data/gsm8k']
    assert done.stdout.startswith(
        f'there is no data at opencompass/gsm8k; looked at {", ".join(map(str, places))}, '
    )
    assert done.stdout.endswith(
        'put it there, or set EVALKIT_DATA, or get openai/gsm8k from the hub: '
        "pip install 'evalkit[hub]'\n"
    )


WITHOUT_HUB = """
from evalkit.datasets import GSM8KDataset
from evalkit.errors import ConfigError
for _ in range(3):
    try:
        GSM8KDataset.load()
    except ConfigError as error:
        print(error)
"""


def test_a_hub_that_does_not_answer_is_asked_once(tmp_path: Path) -> None:
    pytest.importorskip('datasets')
    with socket.socket() as nobody:
        nobody.bind(('127.0.0.1', 0))  # it does not listen, so that every connection is refused
        address = f'http://127.0.0.1:{nobody.getsockname()[1]}'
        done = subprocess.run(
            [sys.executable, '-c', WITHOUT_HUB],
            cwd=tmp_path,
            env={'PYTHONPATH': str(ROOT), 'HF_HOME': str(tmp_path), 'HF_ENDPOINT': address},
            capture_output=True,
            text=True,
        )
    [warning] = done.stderr.splitlines()
    assert warning.startswith(f'{address}: ')
    assert warning.endswith('; only what is cached is used')
    answers = done.stdout.splitlines()
    assert len(answers) == 3
    assert all('openai/gsm8k cannot be had from the hub: ' in answer for answer in answers)


@pytest.mark.usefixtures('samples')
def test_local_data_win_over_the_hub() -> None:
    assert find_source('opencompass/gsm8k') == SAMPLES / 'gsm8k'
    assert find_source('opencompass/mmlu_pro') == SAMPLES / 'mmlu_pro'


def test_only_what_is_on_the_hub_is_looked_for_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('EVALKIT_DATA', str(tmp_path))
    found = find_source('opencompass/mmlu')
    assert isinstance(found, HubDataset)
    assert found.id == 'cais/mmlu'
    with pytest.raises(ConfigError, match=r'there is no data at opencompass/piqa; looked at'):
        find_source('opencompass/piqa')


def test_parquet_files_of_a_folder_are_read(tmp_path: Path) -> None:
    datasets = pytest.importorskip('datasets')
    for split in ('validation', 'test'):
        lines = (SAMPLES / 'mmlu_pro' / f'{split}.jsonl').read_text().splitlines()
        rows = datasets.Dataset.from_list([json.loads(line) for line in lines])
        rows.to_parquet(tmp_path / 'data' / f'{split}-00000-of-00001.parquet')
    found = MMLUProDataset.load(str(tmp_path), 'physics')
    assert found == MMLUProDataset.load(str(SAMPLES / 'mmlu_pro'), 'physics')
    assert [row['answer'] for row in found['test']] == ['B', 'A']


def test_what_the_hub_does_not_give_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip('datasets')
    with pytest.raises(ConfigError) as caught:
        HubDataset(str(tmp_path / 'nothing'), 'there is no data').rows('test')
    assert str(caught.value).startswith(f'there is no data; and {tmp_path}/nothing cannot be had')
    assert '\n' not in str(caught.value)


def test_rows_of_the_hub_become_those_of_the_files() -> None:
    options = {'text': ['a', 'b', 'c', 'd'], 'label': ['1', '2', '3', '4']}
    science = {'id': 'x', 'question': 'q', 'choices': options, 'answerKey': '3'}
    assert arc.row_of(arc.from_hub(science)) == {
        'question': 'q',
        'answerKey': 'C',
        'textA': 'a',
        'textB': 'b',
        'textC': 'c',
        'textD': 'd',
    }
    book = {'question_stem': 's', 'choices': options, 'answerKey': 'B', 'fact1': 'f'}
    assert obqa.from_hub(book) == {
        'question_stem': 's',
        'A': 'a',
        'B': 'b',
        'C': 'c',
        'D': 'd',
        'answerKey': 'B',
        'fact1': 'f',
    }
