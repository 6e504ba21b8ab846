"""Row 34: a config that cannot work ends with one line that says where and what is meant."""

import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.runs import dataset, evaluate, model, write_config, write_words

OWN = """
import pathlib
from evalkit.models import ScriptedModel

class Loud(ScriptedModel):
    def __init__(self, path: str = 'loud', size: int = 1) -> None:
        pathlib.Path('loaded').touch()
        super().__init__(path)
"""

CONFIG = """
from evalkit.datasets import CustomDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever
from own import Loud

datasets = [
    dict(
        type=CustomDataset,
        abbr='words',
        path='words.jsonl',
        reader_cfg=dict(input_columns=['question'], output_column='answer'),
        infer_cfg=dict(
            prompt_template=dict(type=PromptTemplate, template='{question}'),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=GenInferencer, max_out_len=8),
        ),
        eval_cfg=dict(evaluator=dict(type=AccEvaluator)),
    )
]
models = [dict(type=Loud, abbr='loud', path='loud', max_out_len=8, run_cfg=dict(num_gpus=0))]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_words(tmp_path, 3)
    (tmp_path / 'own.py').write_text(OWN)
    (tmp_path / 'words.py').write_text(CONFIG)
    return tmp_path


def refusal(folder: Path, *arguments: object) -> str:
    """Run a config that cannot work; return the one line that it ends with."""
    done: subprocess.CompletedProcess[str] = evaluate(folder, *(arguments or ['words.py']))
    assert done.returncode == 2, done.stderr
    assert done.stdout == ''
    [line] = done.stderr.splitlines()
    assert not (folder / 'loaded').exists()
    assert not (folder / 'outputs').exists()
    assert line.startswith('run.py: error: ')
    return line.removeprefix('run.py: error: ')


def test_the_config_that_is_poisoned_below_works(folder: Path) -> None:
    done = evaluate(folder, 'words.py')
    assert done.returncode == 0, done.stderr
    assert (folder / 'loaded').exists()


UNKNOWN_KEYS = [
    ("abbr='words'", "abr='words'", r'datasets\[0\]\.abr: unknown key.*did you mean abbr\?'),
    ('reader_cfg=', 'reader_cgf=', r'datasets\[0\]\.reader_cgf: .*did you mean reader_cfg\?'),
    ('output_column=', 'output_colum=', r'\.reader_cfg\.output_colum: .*mean output_column\?'),
    ('prompt_template=', 'promt_template=', r'\.infer_cfg\.promt_template: .* prompt_template\?'),
    ('retriever=', 'retreiver=', r'\.infer_cfg\.retreiver: .*did you mean retriever\?'),
    ("max_out_len=8)", "max_outlen=8)", r'\.inferencer\.max_outlen: .*did you mean max_out_len\?'),
    ('evaluator=', 'evalautor=', r'\.eval_cfg\.evalautor: .*did you mean evaluator\?'),
    ("path='loud'", "paht='loud'", r'models\[0\]\.paht: unknown key.*did you mean path\?'),
    ('num_gpus=', 'num_gpu=', r'models\[0\]\.run_cfg\.num_gpu: .*did you mean num_gpus\?'),
    ('models =', 'model =', r'model: unknown key.*did you mean models\?'),
    ('datasets =', 'dataset =', r'dataset: unknown key.*did you mean datasets\?'),
]  # fmt: skip


@pytest.mark.parametrize(('right', 'wrong', 'said'), UNKNOWN_KEYS)
def test_an_unknown_key_is_named_with_its_place_and_the_nearest_one(
    folder: Path, right: str, wrong: str, said: str
) -> None:
    (folder / 'words.py').write_text(CONFIG.replace(right, wrong))
    line = refusal(folder)
    assert line.startswith('words.py: ')
    assert re.search(said, line), line


WRONG_VALUES = [
    ('max_out_len=8)', "max_out_len='8')", r"inferencer\.max_out_len: '8' is not a whole number"),
    ('max_out_len=8)', 'max_out_len=0)', r'inferencer\.max_out_len: 0 is less than 1'),
    ('max_out_len=8,', 'max_out_len=True,', r'models\[0\]\.max_out_len: True is not a whole'),
    ("abbr='words'", 'abbr=7', r'datasets\[0\]\.abbr: 7 is not a text'),
    ("['question']", '7', r'reader_cfg\.input_columns: 7 is not'),
    ('dict(num_gpus=0)', '[]', r'models\[0\]\.run_cfg: \[\] is not a dict'),
    ('num_gpus=0', 'num_gpus=-1', r'models\[0\]\.run_cfg\.num_gpus: -1 is less than 0'),
    ('type=Loud', 'type=AccEvaluator', r'models\[0\]\.type: .*AccEvaluator is not a model'),
    ('type=CustomDataset', 'type=Loud', r'datasets\[0\]\.type: .*Loud is not a dataset'),
    ("type=Loud, abbr='loud', path='loud', ", '', r'models\[0\]\.type: is missing'),
    ('evaluator=dict(type=AccEvaluator)', '', r'eval_cfg\.evaluator: needs a dict with a `type`'),
    ("        path='words.jsonl',\n", '', r'datasets\[0\].*path'),
    ('models = [', 'models = 7 or [', r'models: is 7; it must be a list of dicts'),
]


@pytest.mark.parametrize(('right', 'wrong', 'said'), WRONG_VALUES)
def test_a_wrong_value_is_named_with_its_place(
    folder: Path, right: str, wrong: str, said: str
) -> None:
    assert right in CONFIG
    (folder / 'words.py').write_text(CONFIG.replace(right, wrong))
    line = refusal(folder)
    assert line.startswith('words.py: ')
    assert re.search(said, line), line


UNKNOWN_NAMES = [
    ('evalkit.evaluators import AccEvaluator', 'evalkit.evaluators import AccEvaluater',
     'AccEvaluater', r'did you mean AccEvaluator\?'),
    ('evalkit.inferencers import GenInferencer', 'opencompass.openicl import GenInferencr',
     'GenInferencr', r'did you mean GenInferencer\?'),
    ('own import Loud', 'own import Load', 'Load', r'own has no Load.*did you mean Loud\?'),
    ('own import Loud', 'onw import Loud', 'Loud', r'onw\.Loud: there is no module onw'),
]  # fmt: skip


@pytest.mark.parametrize(('right', 'wrong', 'name', 'said'), UNKNOWN_NAMES)
def test_an_unknown_name_is_told_with_the_nearest_one(
    folder: Path, right: str, wrong: str, name: str, said: str
) -> None:
    text = CONFIG.replace(right, wrong)
    text = text.replace(f'type={right.split()[-1]}', f'type={name}')
    (folder / 'words.py').write_text(text)
    line = refusal(folder)
    assert line.startswith('words.py: ')
    assert re.search(said, line), line


BROKEN_FILES = [
    ('models = [dict(', r'words\.py:\d+: .*: models = \[dict\('),
    ('x = [i for i in range(10 ** 12)]', r'words\.py:\d+: range\(10 \*\* 12\): a range'),
    ('x = 1 / 0', r'words\.py.*division by zero'),
    ('from os import *', r'words\.py:\d+: from os import \* can only stand inside'),
    ('import os, sys', r'words\.py:\d+: one module an import: import os; import sys'),
    ('x = undefined_name', r'words\.py.*undefined_name'),
    ('\x00', r'words\.py: this is not a Python file'),
]


@pytest.mark.parametrize(('added', 'said'), BROKEN_FILES)
def test_a_broken_file_is_named_with_the_line(folder: Path, added: str, said: str) -> None:
    (folder / 'words.py').write_text(f'{CONFIG}\n{added}\n')
    line = refusal(folder)
    assert re.match(said, line), line


def test_bases_that_go_round_in_a_circle_are_named(folder: Path) -> None:
    base = dedent("""
        from mmengine.config import read_base
        with read_base():
            from .{} import models
    """)
    for name, other in (('one', 'two'), ('two', 'three'), ('three', 'one')):
        (folder / f'{name}.py').write_text(base.format(other))
    line = refusal(folder, 'one.py')
    assert re.search(r'go round in a circle: one\.py -> two\.py -> three\.py -> one\.py', line)


def test_a_missing_base_is_named_with_the_nearest_file(folder: Path) -> None:
    (folder / 'other.py').write_text(
        'from mmengine.config import read_base\nwith read_base():\n    from .wrods import models\n'
    )
    line = refusal(folder, 'other.py')
    assert re.match(r'other\.py:3: read_base: there is no file wrods\.py.*mean words\.py\?', line)


def test_a_missing_config_is_named_with_the_nearest_file(folder: Path) -> None:
    assert re.match(r'.*wrods\.py.*did you mean words\.py\?', refusal(folder, 'wrods.py'))


def test_two_configs_of_one_abbr_are_told_apart(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, [model(), model(delay=1)])
    line = refusal(tmp_path)
    assert 'have the same abbr' in line
    assert 'differ in delay' in line


@pytest.mark.parametrize('stage', ['infer', 'eval'])
def test_a_wrong_partitioner_or_runner_fails_before_anything_is_launched(
    tmp_path: Path, stage: str
) -> None:
    write_words(tmp_path)
    for part, cfg, said in (
        ('partitioner', {'type': 'NaivPartitioner'}, 'did you mean NaivePartitioner?'),
        ('partitioner', {'type': 'NaivePartitioner', 'm': 1}, f'{stage}.partitioner.m: '),
        ('runner', {'type': 'LocalRunner', 'max_num_worker': 1}, 'mean max_num_workers?'),
        ('runner', {'type': 'LocalRunner', 'max_num_workers': 0}, 'max_num_workers'),
    ):
        top: dict[str, Any] = {stage: {part: cfg}}
        write_config(tmp_path, **top)
        assert said in refusal(tmp_path)


def test_a_wrong_summarizer_fails_before_anything_is_launched(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, summarizer={'dataset_abbr': ['words']})
    assert 'did you mean dataset_abbrs?' in refusal(tmp_path)


def test_a_sampling_parameter_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    write_words(tmp_path)
    wrong = {'temprature': 1}
    said = 'generation_kwargs.temprature is not a sampling parameter; did you mean temperature?'
    write_config(tmp_path, [model(generation_kwargs=wrong)])
    assert refusal(tmp_path) == f'words.py: models[0].{said}'
    greedy = dataset()
    greedy['infer_cfg']['inferencer']['generation_kwargs'] = wrong
    write_config(tmp_path, datasets=[greedy])
    assert refusal(tmp_path) == f'words.py: datasets[0].infer_cfg.inferencer.{said}'


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds of the processes that the work starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def import_mmengine() -> None:
    subprocess.run([sys.executable, '-c', 'import mmengine.config'], check=True)


def test_a_config_is_refused_within_a_second(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv('PYTHONDONTWRITEBYTECODE', raising=False)
    monkeypatch.setenv('PYTHONPYCACHEPREFIX', str(folder / 'compiled'))
    (folder / 'words.py').write_text(CONFIG.replace('abbr=', 'abr='))
    refusal(folder)  # compiles evalkit, which happens once in the life of an installation
    # Half of it and more is reading configs at all, which alone takes 0.7 s on a slow machine.
    limit = max(1.0, 2 * cpu_seconds(import_mmengine))
    assert cpu_seconds(lambda: refusal(folder)) < limit


def test_a_dry_run_prints_the_hash_of_the_config_that_is_run(tmp_path: Path) -> None:
    write_words(tmp_path)
    hashes = []
    for models in ([model()], [model()], [model(path='other')]):
        write_config(tmp_path, models, [dataset()])
        shown = evaluate(tmp_path, 'words.py', '--dry-run').stdout
        hashes += re.findall(r'config ([0-9a-f]{8}); nothing was run', shown)
    assert len(hashes) == 3
    assert hashes[0] == hashes[1] != hashes[2]
