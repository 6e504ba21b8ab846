"""The shipped model configs: each is valid, has a name of its own, and is found by it."""

from pathlib import Path
from typing import Any

import pytest

from evalkit.catalog import list_configs, load_named
from evalkit.config import load_config
from evalkit.tasks.parts import check_model

ROOT = Path(__file__).parents[1]
ROWS = [row for row in list_configs(roots=[ROOT / 'configs']) if row.kind == 'models']


def models_of(path: Path) -> list[dict[str, Any]]:
    return [check_model(model, path.stem) for model in load_config(path)['models']]


@pytest.mark.parametrize('path', [row.path for row in ROWS], ids=lambda path: path.stem)
def test_a_model_config_is_valid(path: Path) -> None:
    for model in models_of(path):
        assert model['abbr'].strip()
        assert model['path'].strip()


def test_no_two_configs_share_a_name_and_an_abbr_means_one_model() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)
    paths: dict[str, str] = {}
    for row in ROWS:
        for model in models_of(row.path):
            assert paths.setdefault(model['abbr'], model['path']) == model['path']


def test_a_base_model_has_the_weights_of_a_base_model() -> None:
    for row in ROWS:
        for model in models_of(row.path):
            if model['type'].endswith('HuggingFaceBaseModel'):
                assert not model['path'].lower().endswith(('instruct', 'chat', '-it')), row.name


@pytest.mark.parametrize(
    ('name', 'path'),
    [
        ('hf_llama3_8b_instruct', 'meta-llama/Meta-Llama-3-8B-Instruct'),
        ('hf_qwen2_5_7b_instruct', 'Qwen/Qwen2.5-7B-Instruct'),
        ('hf_internlm3_8b_instruct', 'internlm/internlm3-8b-instruct'),
        ('qwen3/hf_qwen3_8b', 'Qwen/Qwen3-8B'),
        ('hf_yi_1_5_34b_chat', '01-ai/Yi-1.5-34B-Chat'),
    ],
)
def test_the_names_of_opencompass_find_their_models(name: str, path: str) -> None:
    [model] = load_named('models', name, roots=[ROOT / 'configs'])
    assert model['path'] == path


def test_a_model_that_thinks_is_scored_on_what_it_says_after() -> None:
    thinking = [row for row in ROWS if 'qwen3' in row.name or '_r1_' in row.name]
    assert len(thinking) == 10
    for row in thinking:
        [model] = models_of(row.path)
        assert model['pred_postprocessor']['type'].endswith('extract_non_reasoning_content')
