"""Weights that are not there are found before anything is started."""

from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.tasks.weights import check_weights, is_path
from tests.judges.runs import evaluator, judged
from tests.runs import evaluate, model, write_config, write_words

HUGGING_FACE = {'type': 'evalkit.models.HuggingFaceBaseModel', 'abbr': 'mine', 'max_out_len': 4}
MISSING = 'model mine: path: there is no ./no/such/folder; give the folder of the weights'


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('./model', True),
        ('../model', True),
        ('/models/llama', True),
        ('~/llama', True),
        ('runs/llama/final', True),
        ('llama/', True),
        ('gpt2', False),
        ('Qwen/Qwen2.5-0.5B', False),
        ('s3://bucket/models/llama', False),
    ],
)
def test_a_path_is_told_from_an_id_of_the_hub(text: str, expected: bool) -> None:
    assert is_path(text) is expected


@pytest.mark.parametrize('key', ['path', 'tokenizer_path', 'peft_path'])
def test_every_path_of_a_model_is_checked(key: str) -> None:
    cfg = {**HUGGING_FACE, 'path': 'Qwen/Qwen2.5-0.5B', key: './no/such'}
    with pytest.raises(ConfigError, match=rf'^model mine: {key}: there is no \./no/such;'):
        check_weights(cfg)


def test_adapters_are_checked_by_name() -> None:
    cfg = {**HUGGING_FACE, 'path': 'gpt2', 'adapters': {'poet': './no/such'}}
    with pytest.raises(ConfigError, match=r'adapters\.poet: there is no'):
        check_weights(cfg)


@pytest.mark.parametrize(
    'cfg',
    [
        {**HUGGING_FACE, 'path': 'Qwen/Qwen2.5-0.5B'},
        {'type': 'evalkit.models.OpenAISDK', 'path': '/on/their/machine', 'abbr': 'api'},
    ],
)
def test_what_is_elsewhere_is_not_looked_for(cfg: dict[str, Any]) -> None:
    check_weights(cfg)


def test_a_folder_that_is_there_is_found(tmp_path: Path) -> None:
    check_weights({**HUGGING_FACE, 'path': str(tmp_path)})


def test_a_run_begins_nothing_without_its_weights(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, [model(), {**HUGGING_FACE, 'path': './no/such/folder'}])
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 2
    assert MISSING in done.stderr
    assert 'Traceback' not in done.stderr
    assert not (tmp_path / 'outputs').exists()


def test_scoring_needs_the_weights_of_a_judge_alone(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    assert evaluate(tmp_path, 'words.py').returncode == 0
    judge = {**HUGGING_FACE, 'path': './no/such/folder'}
    write_config(tmp_path, [model()], [judged(evaluator(judge_cfg=judge))])
    done = evaluate(tmp_path, 'words.py', '-m', 'eval')
    assert done.returncode == 2
    assert MISSING in done.stderr
    write_config(tmp_path, [{**HUGGING_FACE, 'path': './no/such/folder'}])
    assert evaluate(tmp_path, 'words.py', '-m', 'viz').returncode != 2


def test_a_server_elsewhere_has_the_weights(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, [{**HUGGING_FACE, 'path': './no/such/folder'}])
    place = ('--api-base', 'http://127.0.0.1:9/v1')
    done = evaluate(tmp_path, 'words.py', '-a', 'openai', *place, '--dry-run')
    assert done.returncode == 0, done.stderr
