from pathlib import Path
from typing import Any

import pytest

from evalkit.cli.llama_factory import load_predict
from evalkit.cli.llama_factory.keys import KNOWN, MAPPED, MEANINGLESS, REFUSED
from evalkit.errors import ConfigError

LEAST = {'model_name_or_path': 'team/Qwen', 'eval_dataset': 'calculate'}


def predict(tmp_path: Path, **keys: Any) -> Any:
    lines = (f'{key}: {value}\n' for key, value in {**LEAST, **keys}.items())
    path = tmp_path / 'predict.yaml'
    path.write_text(''.join(lines), encoding='utf-8')
    return load_predict(path)


def model(tmp_path: Path, **keys: Any) -> dict[str, Any]:
    [found] = predict(tmp_path, **keys).cfg['models']
    return dict(found)


def dataset(tmp_path: Path, **keys: Any) -> dict[str, Any]:
    [found] = predict(tmp_path, **keys).cfg['datasets']
    return dict(found)


def test_a_prediction_file_is_a_model_with_its_adapter_and_a_dataset(tmp_path: Path) -> None:
    keys = {
        'adapter_name_or_path': 'saves/qwen/sft', 'stage': 'sft', 'do_predict': 'true',
        'template': 'qwen', 'dataset_dir': 'mine', 'eval_dataset': '[a, b]', 'cutoff_len': 1000,
        'max_samples': 50, 'max_new_tokens': 24, 'temperature': 0.5, 'top_p': 0.9,
        'per_device_eval_batch_size': 4, 'output_dir': 'saves/out', 'bf16': 'true',
    }  # fmt: skip
    cfg = predict(tmp_path, **keys).cfg
    [found] = cfg['models']
    template = found.pop('chat_template_kwargs')['chat_template']
    assert 'You are Qwen, created by Alibaba Cloud.' in template
    assert found == {
        'type': 'evalkit.models.HuggingFacewithChatTemplate',
        'abbr': 'Qwen-hf',
        'path': 'team/Qwen',
        'adapters': {'sft': 'saves/qwen/sft'},
        'model_kwargs': {'dtype': 'bfloat16'},
        'stop_words': ['<|im_end|>'],
        'mode': 'mid',
        'max_out_len': 24,
        'generation_kwargs': {
            'do_sample': True, 'temperature': 0.5, 'top_p': 0.9, 'top_k': 50, 'seed': 42,
            'repetition_penalty': 1.0,
        },
        'batch_size': 4,
        'run_cfg': {'num_gpus': 1},
    }  # fmt: skip
    assert cfg['datasets'] == [
        {
            'type': 'evalkit.datasets.LlamaFactoryDataset',
            'dataset': 'a,b',
            'dataset_dir': 'mine',
            'max_samples': 50,
            'infer_cfg': {
                'inferencer': {'type': 'evalkit.inferencers.GenInferencer', 'max_seq_len': 1024}
            },
        }
    ]
    assert cfg['work_dir'] == 'saves/out'


@pytest.mark.parametrize('keys', [{'do_sample': 'false'}, {'temperature': 0}])
def test_without_sampling_it_is_greedy(tmp_path: Path, keys: dict[str, Any]) -> None:
    found = model(tmp_path, **keys)['generation_kwargs']
    assert found == {'do_sample': False, 'repetition_penalty': 1.0}


def test_what_the_file_leaves_open_is_as_in_llama_factory_and_is_said(tmp_path: Path) -> None:
    found = predict(tmp_path, top_k=10)
    assert found.cfg['models'][0]['generation_kwargs'] == {
        'do_sample': True, 'temperature': 0.95, 'top_p': 0.7, 'top_k': 10, 'seed': 42,
        'repetition_penalty': 1.0,
    }  # fmt: skip
    assert found.notes == [
        "as LLaMA-Factory's default: do_sample=True, temperature=0.95, top_p=0.7, "
        'max_new_tokens=1024, repetition_penalty=1.0, seed=42'
    ]


def test_keys_that_mean_nothing_here_are_listed_by_their_reason(tmp_path: Path) -> None:
    keys = {'do_sample': 'false', 'max_new_tokens': 8, 'lora_rank': 8, 'report_to': 'none'}
    notes = predict(tmp_path, **keys, overwrite_cache='true', plot_loss='true').notes
    assert notes == [
        'left out, since it says how to train: lora_rank',
        'left out, since evalkit loads and asks in its own way: overwrite_cache',
        'left out, since evalkit reports in its own way: report_to, plot_loss',
    ]


def test_a_key_has_one_meaning() -> None:
    assert len(set(KNOWN)) == len(KNOWN)
    assert len(KNOWN) == len(MAPPED) + sum(map(len, MEANINGLESS.values())) + len(REFUSED)


@pytest.mark.parametrize(
    ('keys', 'message'),
    [
        ({'max_new_token': 8}, 'max_new_token is no key .*; did you mean max_new_tokens?'),
        ({'stage': 'dpo'}, 'stage: dpo cannot be done here, only sft'),
        ({'num_beams': 4}, 'num_beams: 4 cannot be done here, only 1'),
        ({'do_train': 'true'}, 'evalkit predicts only: set do_predict: true'),
        ({'do_predict': 'false'}, 'evalkit predicts only: set do_predict: true'),
        ({'quantization_bit': 4}, r'quantization_bit: write a config with model_kwargs=dict'),
        ({'adapter_name_or_path': 'a,b'}, 'adapter_name_or_path: LLaMA-Factory puts these on top'),
        ({'template': 'qwem'}, "has no template 'qwem'; did you mean qwen"),
        ({'template': 'mistral'}, 'template mistral is not written here: leave `template` out'),
        ({'cutoff_len': '"long"'}, "cutoff_len: 'long' is not a whole number of at least 1"),
        ({'eval_dataset': 'null'}, 'eval_dataset is missing'),
    ],
)
def test_what_cannot_be_done_is_named(tmp_path: Path, keys: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        predict(tmp_path, **keys)
    assert str(caught.value).startswith(f'{tmp_path}/predict.yaml: ')


@pytest.mark.parametrize(
    ('content', 'message'),
    [('a: [', 'not YAML'), ('- a\n', 'must hold `key: value` lines'), ('', 'must hold')],
)
def test_a_file_that_is_no_prediction_file_is_named(
    tmp_path: Path, content: str, message: str
) -> None:
    path = tmp_path / 'broken.yml'
    path.write_text(content)
    with pytest.raises(ConfigError, match=message):
        load_predict(path)


@pytest.mark.parametrize(
    ('path', 'name'),
    [
        ('saves/run/checkpoint-500', 'run-checkpoint-500'),
        ('saves/Qwen-tuned', 'tuned'),
        ('saves/sft/', 'sft'),
    ],
)
def test_an_adapter_is_called_after_its_folder(tmp_path: Path, path: str, name: str) -> None:
    assert model(tmp_path, adapter_name_or_path=path)['adapters'] == {name: path}


def test_a_default_system_message_goes_to_the_dataset(tmp_path: Path) -> None:
    assert dataset(tmp_path, default_system='Be brief.')['default_system'] == 'Be brief.'
