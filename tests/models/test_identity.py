import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from evalkit.models import HuggingFaceBaseModel, HuggingFacewithChatTemplate, model_identity
from tests.tiny_model import edit_json, save_tiny_llama

BASE = 'evalkit.models.HuggingFaceBaseModel'


def identity(path: Path | str, **keys: Any) -> dict[str, Any]:
    return model_identity({'type': BASE, 'path': str(path), **keys})


@pytest.fixture
def copy(tiny_llama: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_llama, tmp_path / 'copy')


def test_a_copied_folder_is_the_same_model(tiny_llama: Path, copy: Path) -> None:
    for path in copy.iterdir():
        os.utime(path, (1, 1))
    assert identity(copy) == identity(tiny_llama)
    assert str(copy) not in str(identity(copy))


def test_a_retrained_model_in_the_same_folder_is_another(tiny_llama: Path, copy: Path) -> None:
    save_tiny_llama(copy, seed=1)
    assert identity(copy) != identity(tiny_llama)


def test_one_changed_tensor_makes_another_model(tiny_llama: Path, copy: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(copy / 'model.safetensors')
    weights['model.layers.1.self_attn.q_proj.weight'] *= 1.01
    save_file(weights, copy / 'model.safetensors', metadata={'format': 'pt'})
    assert identity(copy) != identity(tiny_llama)


@pytest.mark.parametrize(
    ('name', 'fields'),
    [
        ('config.json', {'rope_theta': 1.0}),
        ('tokenizer_config.json', {'bos_token': '</s>'}),
        ('generation_config.json', {'eos_token_id': [1, 2]}),
    ],
)
def test_what_a_file_says_about_answers_counts(
    tiny_llama: Path, copy: Path, name: str, fields: dict[str, Any]
) -> None:
    edit_json(copy / name, **fields)
    assert identity(copy) != identity(tiny_llama)


def test_a_changed_chat_template_counts(tiny_llama: Path, copy: Path) -> None:
    (copy / 'chat_template.jinja').write_text('{{ messages }}')
    assert identity(copy) != identity(tiny_llama)


def test_sampling_defaults_and_leftovers_of_the_training_do_not_count(
    tiny_llama: Path, copy: Path
) -> None:
    edit_json(copy / 'generation_config.json', temperature=0.6, do_sample=True)
    (copy / 'training_args.bin').write_bytes(b'1')
    (copy / 'trainer_state.json').write_text('{}')
    (copy / 'README.md').write_text('a model')
    (copy / 'checkpoint-1').mkdir()
    assert identity(copy) == identity(tiny_llama)


def test_weights_in_other_formats_are_sampled(tmp_path: Path) -> None:
    (tmp_path / 'model.gguf').write_bytes(bytes(100_000))
    before = identity(tmp_path)
    (tmp_path / 'model.gguf').write_bytes(bytes(50_000) + b'\1' * 50_000)
    assert identity(tmp_path) != before


def test_a_broken_weights_file_still_has_a_fingerprint(tmp_path: Path) -> None:
    for content in (b'', b'1234567', b'\xff' * 100, b'\5\0\0\0\0\0\0\0{"a":'):
        (tmp_path / 'model.safetensors').write_bytes(content)
        assert identity(tmp_path)


def test_planning_and_transport_do_not_count(tiny_llama: Path) -> None:
    plan = {
        'abbr': 'x',
        'max_out_len': 7,
        'run_cfg': {'num_gpus': 1},
        'batch_size': 8,
        'max_batch_tokens': 100,
        'model_kwargs': {'device_map': 'auto'},
        'peft_path': None,
        'generation_kwargs': {'temperature': 1.0},
    }
    assert identity(tiny_llama, **plan) == identity(tiny_llama)


@pytest.mark.parametrize(
    'keys',
    [
        {'mode': 'mid'},
        {'max_seq_len': 128},
        {'model_kwargs': {'dtype': 'bfloat16'}},
        {'model_kwargs': {'attn_implementation': 'eager'}},
        {'tokenizer_kwargs': {'use_fast': False}},
        {'tokenizer_path': 'team/tokenizer'},
        {'peft_path': 'team/adapter'},
    ],
)
def test_what_can_change_an_answer_counts(tiny_llama: Path, keys: dict[str, Any]) -> None:
    assert identity(tiny_llama, **keys) != identity(tiny_llama)


def test_the_class_counts_by_what_it_is_and_not_by_its_spelling(tiny_llama: Path) -> None:
    spellings = [BASE, HuggingFaceBaseModel, 'opencompass.models.HuggingFaceBaseModel']
    seen = [model_identity({'type': spelt, 'path': str(tiny_llama)}) for spelt in spellings]
    assert seen[0] == seen[1] == seen[2]
    chat = model_identity({'type': HuggingFacewithChatTemplate, 'path': str(tiny_llama)})
    assert chat != seen[0]


def test_both_names_and_all_spellings_of_a_dtype_are_one(tiny_llama: Path) -> None:
    spellings = [
        {'torch_dtype': 'float16'},
        {'dtype': 'float16'},
        {'dtype': 'torch.float16'},
        {'torch_dtype': 'half', 'device_map': 'cuda'},
    ]
    seen = [identity(tiny_llama, model_kwargs=spelt) for spelt in spellings]
    assert seen == [seen[0]] * 4


def test_a_hub_id_has_its_commit_where_the_cache_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('HF_HUB_CACHE', str(tmp_path))
    assert identity('team/model')['path'] == {'id': 'team/model'}
    refs = tmp_path / 'models--team--model' / 'refs'
    refs.mkdir(parents=True)
    (refs / 'main').write_text('a' * 40)
    assert identity('team/model')['path'] == {'id': 'team/model', 'commit': 'a' * 40}
    pinned = identity('team/model', model_kwargs={'revision': 'b' * 40})
    assert pinned['path'] == {'id': 'team/model', 'commit': 'b' * 40}


def test_harm_done_to_a_scripted_model_is_no_part_of_its_identity(tmp_path: Path) -> None:
    cfg = {'type': 'evalkit.models.ScriptedModel', 'answers': {'a': 'b'}}
    harm = {'kill_on': 'q', 'delay': 1.0, 'log_path': str(tmp_path), 'error_on': 'p'}
    assert model_identity({**cfg, **harm}) == model_identity(cfg)
    assert model_identity({**cfg, 'answers': {'a': 'c'}}) != model_identity(cfg)


def test_an_identity_takes_little_time(tiny_llama: Path) -> None:
    identity(tiny_llama)
    before = time.perf_counter()
    identity(tiny_llama)
    assert time.perf_counter() - before < 0.05
