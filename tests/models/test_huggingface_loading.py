import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch

from evalkit.errors import ConfigError
from evalkit.models import HuggingFaceBaseModel
from evalkit.models.huggingface_loading import checkpoint_dtype
from evalkit.types import GenerationParams, Request, ScoringRequest
from tests.tiny_model import NUM_POSITIONS, edit_json, save_tiny_llama

GREEDY = GenerationParams(max_out_len=16)


def answer(model: HuggingFaceBaseModel, params: GenerationParams = GREEDY) -> str:
    return next(model.generate([Request('a', 'the quick', params)])).text


@pytest.fixture(scope='module')
def adapter(tiny_llama: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LoRA adapter, and beside it the model with the adapter merged in."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    root = tmp_path_factory.mktemp('lora')
    torch.manual_seed(1)
    config = LoraConfig(
        r=4,
        lora_alpha=32,
        target_modules=['q_proj', 'v_proj'],
        init_lora_weights=False,
        task_type='CAUSAL_LM',
    )
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        model = get_peft_model(AutoModelForCausalLM.from_pretrained(tiny_llama), config)
        model.save_pretrained(root / 'adapter')
        shutil.copytree(tiny_llama, root / 'merged')
        model.merge_and_unload().save_pretrained(root / 'merged')
    return root / 'adapter'


def test_a_cpu_runs_float32_unless_the_config_names_a_dtype(tiny_llama: Path) -> None:
    assert HuggingFaceBaseModel(str(tiny_llama)).describe()['dtype'] == 'float32'


@pytest.mark.parametrize(
    'model_kwargs',
    [
        {'torch_dtype': 'torch.bfloat16'},
        {'torch_dtype': 'bfloat16'},
        {'dtype': 'bf16'},
        {'dtype': torch.bfloat16, 'torch_dtype': 'BFloat16'},
    ],
)
def test_every_spelling_of_a_dtype_is_understood(
    tiny_llama: Path, model_kwargs: dict[str, Any]
) -> None:
    model = HuggingFaceBaseModel(str(tiny_llama), model_kwargs=model_kwargs)
    assert model.describe()['dtype'] == 'bfloat16'


def test_an_unknown_dtype_names_the_nearest(tiny_llama: Path) -> None:
    with pytest.raises(ConfigError, match="dtype 'bflot16' is unknown; did you mean bfloat16"):
        HuggingFaceBaseModel(str(tiny_llama), model_kwargs={'dtype': 'bflot16'})


def test_contradicting_dtypes_are_refused(tiny_llama: Path) -> None:
    both = {'dtype': 'float16', 'torch_dtype': 'float32'}
    with pytest.raises(ConfigError, match='contradict each other: float16, float32'):
        HuggingFaceBaseModel(str(tiny_llama), model_kwargs=both)


@pytest.mark.parametrize('device_map', ['auto', 'cpu', {'': 'cpu'}])
def test_a_device_map_is_honoured(tiny_llama: Path, device_map: Any) -> None:
    model = HuggingFaceBaseModel(str(tiny_llama), model_kwargs={'device_map': device_map})
    assert model.describe()['device'] == 'cpu'
    assert model.describe()['dtype'] == 'float32'
    assert answer(model) == answer(HuggingFaceBaseModel(str(tiny_llama)))


@pytest.mark.skipif(torch.cuda.is_available(), reason='there is a GPU to run on')
def test_a_gpu_that_is_not_there_is_no_reason_to_run_elsewhere(tiny_llama: Path) -> None:
    with pytest.raises(ConfigError, match="device_map='cuda', but torch sees no GPU"):
        HuggingFaceBaseModel(str(tiny_llama), model_kwargs={'device_map': 'cuda'})


def test_tied_weights_are_not_missed(tmp_path: Path) -> None:
    folder = save_tiny_llama(tmp_path, tie_word_embeddings=True)
    assert answer(HuggingFaceBaseModel(str(folder)))


def test_half_precision_weights_run_in_float32_on_a_cpu(tiny_llama: Path, tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM

    folder = shutil.copytree(tiny_llama, tmp_path / 'model')
    AutoModelForCausalLM.from_pretrained(folder).bfloat16().save_pretrained(folder)
    assert HuggingFaceBaseModel(str(folder)).describe()['dtype'] == 'float32'
    auto = HuggingFaceBaseModel(str(folder), model_kwargs={'torch_dtype': 'auto'})
    assert auto.describe()['dtype'] == 'bfloat16'


def test_code_of_a_model_is_not_run_unless_the_config_trusts_it(
    tiny_llama: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_llama, tmp_path / 'model')
    edit_json(
        folder / 'config.json',
        model_type='own',
        auto_map={'AutoConfig': 'own.OwnConfig', 'AutoModelForCausalLM': 'own.OwnModel'},
    )
    (folder / 'own.py').write_text(f"open('{tmp_path}/was-run', 'w')")
    with pytest.raises(ConfigError, match='custom code'):
        HuggingFaceBaseModel(str(folder))
    assert not (tmp_path / 'was-run').exists()


def test_the_engine_describes_itself(tiny_llama: Path) -> None:
    import transformers

    model = HuggingFaceBaseModel(str(tiny_llama), max_batch_tokens=1000)
    assert model.describe() == {
        'engine': 'transformers',
        'version': transformers.__version__,
        'torch': torch.__version__,
        'device': 'cpu',
        'dtype': 'float32',
        'max_seq_len': NUM_POSITIONS,
        'max_batch_tokens': 1000,
    }


def test_max_seq_len_shortens_the_context_and_never_stretches_it(tiny_llama: Path) -> None:
    assert HuggingFaceBaseModel(str(tiny_llama), max_seq_len=40).max_seq_len == 40
    assert HuggingFaceBaseModel(str(tiny_llama), max_seq_len=4096).max_seq_len == NUM_POSITIONS


def test_a_model_made_to_be_stretched_may_be(tmp_path: Path) -> None:
    rope = {'rope_type': 'dynamic', 'rope_theta': 10000.0, 'factor': 2.0}
    folder = save_tiny_llama(tmp_path, rope_parameters=rope)
    model = HuggingFaceBaseModel(str(folder), max_seq_len=4096)
    assert model.max_seq_len == 2 * NUM_POSITIONS


@pytest.mark.parametrize('pad_token_id', [None, 0, 17, -1])
def test_the_pad_id_changes_no_answer(tiny_llama: Path, pad_token_id: int | None) -> None:
    model = HuggingFaceBaseModel(str(tiny_llama), pad_token_id=pad_token_id)
    params = GenerationParams(max_out_len=16, repetition_penalty=1.5)
    alone = answer(model, params)
    longer = Request('b', 'the quick brown fox jumps over', params)
    batch = {c.key: c.text for c in model.generate([Request('a', 'the quick', params), longer])}
    assert batch['a'] == alone
    assert alone == answer(HuggingFaceBaseModel(str(tiny_llama)), params)


def test_a_tokenizer_of_its_own_folder_is_used(tiny_llama: Path, tmp_path: Path) -> None:
    weights = tmp_path / 'weights'
    shutil.copytree(tiny_llama, weights, ignore=shutil.ignore_patterns('tokenizer*', 'chat*'))
    model = HuggingFaceBaseModel(str(weights), tokenizer_path=str(tiny_llama))
    assert answer(model) == answer(HuggingFaceBaseModel(str(tiny_llama)))


def test_a_lora_adapter_answers_as_the_merged_model(tiny_llama: Path, adapter: Path) -> None:
    adapted = HuggingFaceBaseModel(str(tiny_llama), peft_path=str(adapter))
    merged = HuggingFaceBaseModel(str(adapter.with_name('merged')))
    assert answer(adapted) == answer(merged) != answer(HuggingFaceBaseModel(str(tiny_llama)))
    request = ScoringRequest('a', 'the quick', ' brown fox')
    [one], [other] = adapted.loglikelihood([request]), merged.loglikelihood([request])
    assert one.logprob == pytest.approx(other.logprob, abs=1e-3)


def test_an_adapter_ignores_generation_config_json_too(
    tiny_llama: Path, adapter: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_llama, tmp_path / 'model')
    edit_json(folder / 'generation_config.json', do_sample=True, repetition_penalty=3.0)
    adapted = HuggingFaceBaseModel(str(folder), peft_path=str(adapter))
    assert answer(adapted) == answer(HuggingFaceBaseModel(str(adapter.with_name('merged'))))


def test_an_adapter_of_another_model_is_refused(adapter: Path, tmp_path: Path) -> None:
    other = save_tiny_llama(tmp_path, num_hidden_layers=3)
    with pytest.raises(ConfigError, match=f'the adapter {adapter} cannot be loaded'):
        HuggingFaceBaseModel(str(other), peft_path=str(adapter))


def test_without_peft_an_adapter_costs_one_line_with_the_command(
    tiny_llama: Path, adapter: Path
) -> None:
    program = (
        'import sys; sys.modules["peft"] = None\n'
        'from evalkit.errors import ConfigError\n'
        'from evalkit.models import HuggingFaceBaseModel\n'
        'try: HuggingFaceBaseModel(sys.argv[1], peft_path=sys.argv[2])\n'
        'except ConfigError as error: sys.exit(str(error))'
    )
    command = [sys.executable, '-c', program, str(tiny_llama), str(adapter)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stderr == "peft is not installed: pip install 'evalkit[lora]'\n"


def test_loading_and_asking_write_nothing_to_the_terminal(tiny_llama: Path) -> None:
    program = (
        'import sys\n'
        'from evalkit.models import HuggingFaceBaseModel\n'
        'from evalkit.types import GenerationParams, Request, ScoringRequest\n'
        'model = HuggingFaceBaseModel(sys.argv[1])\n'
        'params = GenerationParams(max_out_len=3, temperature=1.0, seed=1, stop=("x",))\n'
        'list(model.generate([Request("a", "the " * 300, params), Request("b", "a", params)]))\n'
        'list(model.loglikelihood([ScoringRequest("a", "the", " fox")]))'
    )
    command = [sys.executable, '-c', program, str(tiny_llama)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, '', '')


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        HuggingFaceBaseModel(f'{tmp_path}/nothing')
    assert str(caught.value) == f'no tokenizer at {tmp_path}/nothing: the folder does not exist'


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf'folder {tmp_path}|tokenizer {tmp_path} cannot'):
        HuggingFaceBaseModel(str(tmp_path))


def test_a_hub_id_that_cannot_be_had_says_what_to_do() -> None:
    program = (
        'from evalkit.errors import ConfigError\n'
        'from evalkit.models import HuggingFaceBaseModel\n'
        'try: HuggingFaceBaseModel("no-such-team/no-such-model")\n'
        'except ConfigError as error: print(error)'
    )
    done = subprocess.run(
        [sys.executable, '-c', program],
        capture_output=True,
        text=True,
        env={**os.environ, 'HF_HUB_OFFLINE': '1'},
    )
    assert done.stdout == (
        'no tokenizer no-such-team/no-such-model: there is no such folder, and it cannot be had '
        'from the hub under this id; without a network give the path of a local folder\n'
    )


def test_weights_that_lack_a_tensor_are_never_evaluated(tiny_llama: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(tiny_llama, tmp_path / 'model')
    weights = load_file(folder / 'model.safetensors')
    del weights['model.layers.1.mlp.up_proj.weight']
    save_file(weights, folder / 'model.safetensors', metadata={'format': 'pt'})
    reason = 'lacks 1 weights, the first being model.layers.1.mlp.up_proj.weight'
    with pytest.raises(ConfigError, match=reason):
        HuggingFaceBaseModel(str(folder))


def test_a_torn_weights_file_is_one_line(tiny_llama: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_llama, tmp_path / 'model')
    os.truncate(folder / 'model.safetensors', 1000)
    with pytest.raises(ConfigError) as caught:
        HuggingFaceBaseModel(str(folder))
    assert str(folder) in str(caught.value)
    assert '\n' not in str(caught.value)


def test_an_unknown_model_argument_is_a_config_error(tiny_llama: Path) -> None:
    with pytest.raises(ConfigError, match=r'refuses an argument: .*atn_implementation'):
        HuggingFaceBaseModel(str(tiny_llama), model_kwargs={'atn_implementation': 'sdpa'})


def test_a_base_model_refuses_arguments_of_a_chat_template(tiny_llama: Path) -> None:
    with pytest.raises(ConfigError, match='a base model uses no chat template'):
        HuggingFaceBaseModel(str(tiny_llama), chat_template_kwargs={'enable_thinking': True})


def test_a_closed_model_gives_its_weights_back(tiny_llama: Path) -> None:
    import gc
    import weakref

    model = HuggingFaceBaseModel(str(tiny_llama))
    weights = weakref.ref(model.model.lm_head.weight)
    model.close()
    gc.collect()
    assert weights() is None


@pytest.mark.parametrize('dtype', ['float32', 'bfloat16', 'float16'])
@pytest.mark.parametrize('named', [True, False])
def test_the_dtype_of_a_checkpoint_is_read_where_it_is_named_and_where_it_is_not(
    tmp_path: Path, dtype: str, named: bool
) -> None:
    from transformers import AutoConfig, AutoModelForCausalLM

    folder = save_tiny_llama(tmp_path / 'model')
    AutoModelForCausalLM.from_pretrained(folder, dtype=dtype).save_pretrained(folder)
    if not named:
        config = json.loads((folder / 'config.json').read_text())
        del config['dtype']
        (folder / 'config.json').write_text(json.dumps(config))
    assert checkpoint_dtype(str(folder), AutoConfig.from_pretrained(folder)) == dtype
    model = HuggingFaceBaseModel(str(folder), model_kwargs={'dtype': 'auto'})
    assert model.describe()['dtype'] == dtype
