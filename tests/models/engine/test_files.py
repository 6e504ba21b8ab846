"""The tokenizer, the config and the end tokens of a model come from one place."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.models.engine.adapter import Adapters
from evalkit.models.engine.frontend import Frontend, FrontendSettings
from tests.hub_cache import save_to_cache
from tests.tiny_model import edit_json

ENDS = {'main': 5, 'v2': 7}


@pytest.fixture(scope='module')
def cache(tiny_llama: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache of the hub with two revisions of a model, which end their answers otherwise."""
    folder = tmp_path_factory.mktemp('cache')
    texts = {path.name: path.read_text() for path in tiny_llama.glob('*.json')}
    for revision, end in ENDS.items():
        ending = {'generation_config.json': json.dumps({'eos_token_id': end})}
        save_to_cache(folder, 'org/model', {**texts, **ending}, revision)
    return folder


def frontend(path: str, **settings: Any) -> Frontend:
    return Frontend(FrontendSettings(path, **settings), is_chat=False)


@pytest.mark.parametrize(
    ('model_kwargs', 'tokenizer_kwargs', 'revision'),
    [
        ({'download_dir': None}, {}, 'main'),
        ({'download_dir': None, 'revision': 'v2'}, {}, 'v2'),
        ({'revision': 'v2'}, {'cache_dir': None, 'revision': 'main'}, 'v2'),
        ({}, {'cache_dir': None, 'revision': 'v2'}, 'main'),
    ],
)
def test_the_end_tokens_are_those_of_the_revision(
    cache: Path, model_kwargs: dict[str, Any], tokenizer_kwargs: dict[str, Any], revision: str
) -> None:
    model, tokenizer = (
        {key: value or str(cache) for key, value in kwargs.items()}
        for kwargs in (model_kwargs, tokenizer_kwargs)
    )
    tokenizer['local_files_only'] = True
    found = frontend('org/model', model_kwargs=model, tokenizer_kwargs=tokenizer)
    assert found.eos_ids == {1, ENDS[revision]}


def test_a_home_folder_is_written_out_everywhere(
    tiny_llama: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('HOME', str(tmp_path))
    folder = shutil.copytree(tiny_llama, tmp_path / 'model')
    edit_json(folder / 'generation_config.json', eos_token_id=7)
    found = frontend('~/model', tokenizer_path='~/model')
    assert found.eos_ids == {1, 7}
    settings = found.engine_settings({}, Adapters(), None)
    assert (settings.path, settings.tokenizer_path) == (str(folder), str(folder))


def test_a_torn_generation_config_is_no_missing_one(tiny_llama: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_llama, tmp_path / 'model')
    (folder / 'generation_config.json').write_text('{"eos_token_id": 7')
    with pytest.raises(ConfigError, match=f'^no usable generation config in {folder}: '):
        frontend(str(folder))
    (folder / 'generation_config.json').unlink()
    assert frontend(str(folder)).eos_ids == {1}


OWN = """
from transformers import LlamaConfig
class OwnConfig(LlamaConfig):
    model_type = 'own'
"""
PROGRAM = """
import sys
from evalkit.models.engine.adapter import Adapters
from evalkit.models.engine.frontend import Frontend, FrontendSettings
settings = FrontendSettings(sys.argv[1], tokenizer_kwargs={'trust_remote_code': True})
frontend = Frontend(settings, is_chat=False)
print(frontend.max_seq_len, frontend.engine_settings({}, Adapters(), None).trusts_remote_code)
"""


def test_code_that_the_tokenizer_may_run_the_config_may_run(
    tiny_llama: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_llama, tmp_path / 'model')
    edit_json(folder / 'config.json', model_type='own', auto_map={'AutoConfig': 'own.OwnConfig'})
    (folder / 'own.py').write_text(OWN)
    done = subprocess.run(
        [sys.executable, '-c', PROGRAM, str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, 'HF_MODULES_CACHE': str(tmp_path / 'modules')},
    )
    assert done.stdout == '256 True\n', done.stderr
