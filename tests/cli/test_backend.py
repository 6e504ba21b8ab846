"""`-a` through `run.py`, against a server, and in dry runs."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.models.openai.fault_server import Act, Asked, FaultServer, reply, say
from tests.runs import (
    dataset,
    evaluate,
    model,
    reuse_lines,
    run_folder,
    scores,
    write_config,
    write_words,
)


def hugging_face(**keys: Any) -> dict[str, Any]:
    """Return the config of a chat model that lies nowhere."""
    return {
        'type': 'evalkit.models.HuggingFacewithChatTemplate',
        'abbr': 'llama-hf',
        'path': 'org/llama',
        'batch_size': 8,
        **keys,
    }


def right_answer(asked: Asked) -> Act:
    """Answer 'words: Say word3.' with 'word3'."""
    return say(asked.text.strip().rpartition(' ')[2].rstrip('.'))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with ten questions and a config for Hugging Face."""
    write_words(tmp_path)
    write_config(tmp_path, [hugging_face()])
    return tmp_path


def test_a_config_for_hugging_face_is_asked_of_a_server(folder: Path) -> None:
    with FaultServer(right_answer) as server:
        done = evaluate(folder, 'words.py', '-a', 'openai', '--api-base', server.base)
    assert done.returncode == 0, done.stderr
    assert '-a openai: llama-hf runs as llama-openai (without batch_size)\n' in done.stdout
    assert scores(run_folder(folder)) == {('words', 'llama-openai'): 100.0}
    assert {asked.path for asked in server.asked} == {'/v1/chat/completions'}
    assert {asked.body['model'] for asked in server.asked} == {'org/llama'}
    assert len(server.asked) == 10


def test_a_client_needs_none_of_the_gpus_of_the_model(folder: Path) -> None:
    write_config(folder, [hugging_face(run_cfg={'num_gpus': 4, 'num_replicas': 1})])
    with FaultServer(right_answer) as server:
        flags = ('-a', 'openai', '--api-base', server.base)
        done = evaluate(folder, 'words.py', *flags, CUDA_VISIBLE_DEVICES='0')
    assert done.returncode == 0, done.stderr
    assert scores(run_folder(folder)) == {('words', 'llama-openai'): 100.0}
    [saved] = (run_folder(folder) / 'configs').glob('*.py')
    assert "'run_cfg': {'num_replicas': 1}" in saved.read_text()


def test_the_served_model_has_the_name_that_it_is_given(folder: Path) -> None:
    with FaultServer(right_answer) as server:
        flags = ('-a', 'openai', '--api-base', server.base, '--api-model', 'served')
        done = evaluate(folder, 'words.py', *flags)
    assert done.returncode == 0, done.stderr
    assert {asked.body['model'] for asked in server.asked} == {'served'}


def test_scoring_and_resuming_find_the_answers_again(folder: Path) -> None:
    with FaultServer(right_answer) as server:
        flags = ('-a', 'openai', '--api-base', server.base)
        assert evaluate(folder, 'words.py', *flags, '-m', 'infer').returncode == 0
        scored = evaluate(folder, 'words.py', *flags, '-m', 'eval')
        resumed = evaluate(folder, 'words.py', *flags, '-r')
    assert scored.returncode == 0, scored.stderr
    assert resumed.returncode == 0, resumed.stderr
    assert len(server.asked) == 10
    [line] = reuse_lines(run_folder(folder))
    assert 'reused 10' in line


@pytest.mark.parametrize('mode', ['eval', 'viz'])
def test_the_flag_that_a_run_was_made_with_is_told_where_it_is_missing(
    folder: Path, mode: str
) -> None:
    with FaultServer(right_answer) as server:
        flags = ('-a', 'openai', '--api-base', server.base)
        evaluate(folder, 'words.py', *flags)
    hint = 'this run has no answers of these models: it was made with -a openai, '
    assert hint in evaluate(folder, 'words.py', '-m', mode).stdout
    assert hint not in evaluate(folder, 'words.py', '-m', mode, *flags).stdout


def test_a_base_model_is_asked_for_completions(folder: Path) -> None:
    base = hugging_face(type='opencompass.models.HuggingFaceBaseModel')
    write_config(folder, [base])

    def complete(asked: Asked) -> Act:
        return reply({'choices': [{'text': 'word0', 'finish_reason': 'stop'}]})

    with FaultServer(complete) as server:
        done = evaluate(folder, 'words.py', '-a', 'openai', '--api-base', server.base)
    assert done.returncode == 0, done.stderr
    assert {asked.path for asked in server.asked} == {'/v1/completions'}
    assert 'words: Say word0.' in [asked.body['prompt'] for asked in server.asked]


def test_a_dry_run_shows_the_converted_config_beside_the_original(folder: Path) -> None:
    kwargs = {'device_map': 'auto', 'torch_dtype': 'bfloat16'}
    chat = {'chat_template_kwargs': {'enable_thinking': False}}
    cfg = hugging_face(model_kwargs=kwargs, run_cfg={'num_gpus': 2}, **chat)
    write_config(folder, [cfg])
    done = evaluate(
        folder, 'words.py', '--dry-run', '-a', 'openai', '--api-base', 'http://127.0.0.1:9/v1'
    )
    assert done.returncode == 0, done.stderr
    lines = [' '.join(line.split()) for line in done.stdout.splitlines()]
    assert 'llama-hf -> llama-openai' in lines
    assert 'key config -a openai' in lines
    assert 'abbr llama-hf llama-openai' in lines
    assert 'batch_size 8 dropped: engines take all requests at once' in lines
    assert 'model_kwargs.device_map auto dropped: engines place the weights themselves' in lines
    assert 'model_kwargs.torch_dtype bfloat16 as it is served' in lines
    assert 'run_cfg.num_gpus 2 as it is served' in lines
    assert 'chat_template_kwargs.enable_thinking False under another name' in lines
    assert 'extra_body.chat_template_kwargs.enable_thinking False' in lines
    assert not (folder / 'outputs').exists()


def test_a_dry_run_shows_the_ends_of_a_long_chat_template(folder: Path) -> None:
    template = f'begin{"x" * 1000}end'
    write_config(folder, [hugging_face(chat_template_kwargs={'chat_template': template})])
    done = evaluate(folder, 'words.py', '--dry-run', '-a', 'vllm')
    assert done.returncode == 0, done.stderr
    assert f'begin{"x" * 75} ... {"x" * 77}end' in done.stdout
    assert 'x' * 200 not in done.stdout


def test_a_secret_of_a_converted_config_is_shown_nowhere(folder: Path) -> None:
    write_config(folder, [hugging_face(model_kwargs={'token': 'hf_verysecrettoken'})])
    address = 'http://user:verysecretword@127.0.0.1:9/v1'
    done = evaluate(folder, 'words.py', '--dry-run', '-a', 'openai', '--api-base', address)
    assert done.returncode == 0, done.stderr
    assert 'verysecret' not in done.stdout + done.stderr


def test_a_dry_run_shows_what_an_engine_calls_otherwise(folder: Path) -> None:
    kwargs = {'max_memory': {0: '10GB'}, 'torch_dtype': 'bfloat16'}
    write_config(folder, [hugging_face(model_kwargs=kwargs, run_cfg={'num_gpus': 2})])
    done = evaluate(folder, 'words.py', '--dry-run', '-a', 'vllm')
    assert done.returncode == 0, done.stderr
    lines = [' '.join(line.split()) for line in done.stdout.splitlines()]
    assert 'model_kwargs.torch_dtype bfloat16 under another name' in lines
    assert 'model_kwargs.dtype bfloat16' in lines
    assert 'model_kwargs.tensor_parallel_size 2' in lines
    assert 'model_kwargs.max_memory.0 10GB dropped: engines place the weights themselves' in lines


@pytest.mark.parametrize(
    ('backend', 'key'),
    [('vllm', 'model_kwargs'), ('sglang', 'model_kwargs'), ('lmdeploy', 'engine_config')],
)
def test_arguments_of_the_engine_itself_are_shown_where_they_go(
    folder: Path, backend: str, key: str
) -> None:
    given = ('--engine-args', 'share=0.8', 'name=fa3', '--engine-args', "more={'a': 1}")
    done = evaluate(folder, 'words.py', '--dry-run', '-a', backend, *given)
    assert done.returncode == 0, done.stderr
    lines = [' '.join(line.split()) for line in done.stdout.splitlines()]
    assert f'{key}.share 0.8' in lines
    assert f'{key}.name fa3' in lines
    assert f'{key}.more.a 1' in lines


def test_auto_hands_arguments_on_to_the_engine_that_it_takes(folder: Path) -> None:
    begun_with(folder, 'sglang')
    flags = ('-a', 'auto', '-r', '--dry-run', '--engine-args', 'page_size=1')
    done = evaluate(folder, 'words.py', *flags)
    assert done.returncode == 0, done.stderr
    lines = [' '.join(line.split()) for line in done.stdout.splitlines()]
    assert 'model_kwargs.page_size 1' in lines


def test_auto_says_what_it_takes(folder: Path) -> None:
    write_config(folder, [model()])
    done = evaluate(folder, 'words.py', '-a', 'auto')
    assert done.returncode == 0, done.stderr
    first, second, *_ = done.stdout.splitlines()
    assert first.startswith('-a auto: ')
    assert second.startswith(('run: ', '-a '))


def begun_with(folder: Path, *backends: str) -> None:
    """Write the saved configs of a run that was made so, and went on so."""
    configs = folder / 'outputs' / 'words' / '20260101_000000' / 'configs'
    configs.mkdir(parents=True)
    for number, backend in enumerate(backends):
        (configs / f'20260101_00000{number}.py').write_text(f'# backend: {backend}\n')


@pytest.mark.parametrize(
    'backends', [('vllm',), ('vllm', 'sglang'), ('openai', 'vllm'), ('vllm', 'hf')]
)
def test_auto_keeps_to_what_a_run_began_with(folder: Path, backends: tuple[str, ...]) -> None:
    begun_with(folder, *backends)
    done = evaluate(folder, 'words.py', '-a', 'auto', '-r', '--dry-run')
    assert '-a auto: vllm, as this run began' in done.stdout
    assert 'llama-hf -> llama-vllm' in done.stdout


def test_auto_stays_on_hugging_face_where_a_run_began_so(folder: Path) -> None:
    begun_with(folder, 'hf', 'vllm')
    done = evaluate(folder, 'words.py', '-a', 'auto', '-r', '--dry-run')
    assert '-a auto: hf, as this run began' in done.stdout
    assert 'llama-hf ->' not in done.stdout


def test_models_of_services_and_engines_do_not_tell_what_a_run_began_with(folder: Path) -> None:
    service = {'type': 'evalkit.models.OpenAISDK', 'abbr': 'gpt', 'path': 'gpt'}
    own = {'type': 'evalkit.models.SGLang', 'abbr': 'own', 'path': 'org/own'}
    write_config(folder, [model(), service, own], [dataset()])
    flags = ('words.py', '-m', 'viz', '-a', 'auto', '-r')
    begun_with(folder, 'hf')
    assert '-a auto: hf, as this run began' in evaluate(folder, *flags).stdout
    hint = 'this run has no answers of these models'
    assert hint not in evaluate(folder, 'words.py', '-m', 'viz', '-r').stdout


def test_a_saved_config_says_with_which_flag_it_was_made(folder: Path) -> None:
    write_config(folder, [model()])
    assert evaluate(folder, 'words.py').returncode == 0
    [saved] = (run_folder(folder) / 'configs').glob('*.py')
    assert saved.read_text().startswith('# backend: hf\nmodels = ')


@pytest.mark.parametrize(
    'flags', [('--runner', 'slurm'), ('--slurm',), ('--runner', 'ray', '--address', 'head:6379')]
)
def test_auto_does_not_choose_for_other_machines(folder: Path, flags: tuple[str, ...]) -> None:
    done = evaluate(folder, 'words.py', '-a', 'auto', '--dry-run', *flags)
    assert done.returncode == 2
    assert done.stderr == (
        'run.py: error: -a auto looks at the engines and GPUs of this machine, and these models '
        'run on others: name the engine, for instance -a vllm\n'
    )
    begun_with(folder, 'vllm')
    resumed = evaluate(folder, 'words.py', '-a', 'auto', '-r', '--dry-run', *flags)
    assert '-a auto: vllm, as this run began' in resumed.stdout


def test_auto_does_not_choose_for_the_runner_of_a_config(folder: Path) -> None:
    write_config(folder, [model()], infer={'runner': {'type': 'evalkit.runners.SlurmRunner'}})
    done = evaluate(folder, 'words.py', '-a', 'auto', '--dry-run')
    assert done.returncode == 2
    assert 'name the engine, for instance -a vllm' in done.stderr
    here = evaluate(folder, 'words.py', '-a', 'auto', '--dry-run', '--runner', 'local')
    assert '-a auto: ' in here.stdout


@pytest.mark.parametrize(
    ('flags', 'message'),
    [
        (('-a', 'openai'), '-a openai needs the address of the server: --api-base http://HOST'),
        (('--api-model', 'x'), '--api-model goes with -a openai'),
        (('-a', 'vllm', '--api-base', 'x'), '--api-base goes with -a openai'),
        (
            ('--engine-args', 'a=1'),
            '--engine-args goes with -a vllm, sglang or lmdeploy; Hugging Face takes model_kwargs',
        ),
        (
            ('--engine-args', 'a=1', '-a', 'openai', '--api-base', 'http://127.0.0.1:9/v1'),
            '--engine-args goes with -a vllm, sglang or lmdeploy; a server that --serve starts '
            'takes --server-args',
        ),
        (('-a', 'vllm', '--engine-args', 'a'), "--engine-args takes key=value, not 'a'"),
    ],
)
def test_flags_that_make_no_sense_together_are_refused(
    folder: Path, flags: tuple[str, ...], message: str
) -> None:
    done = evaluate(folder, 'words.py', *flags)
    assert done.returncode == 2
    assert message in done.stderr


def test_arguments_of_an_engine_that_runs_no_model_are_refused(folder: Path) -> None:
    write_config(folder, [model()])
    done = evaluate(folder, 'words.py', '-a', 'vllm', '--engine-args', 'seed=1')
    assert done.returncode == 2
    assert done.stderr == (
        'run.py: error: --engine-args: -a vllm converts no model of this config; a model of the '
        'engine itself has model_kwargs in its config\n'
    )


def test_auto_that_takes_hugging_face_takes_no_arguments_of_an_engine(folder: Path) -> None:
    begun_with(folder, 'hf')
    done = evaluate(folder, 'words.py', '-a', 'auto', '-r', '--engine-args', 'seed=1')
    assert done.returncode == 2
    assert '--engine-args goes with -a vllm, sglang or lmdeploy, and -a auto takes' in done.stderr


def test_a_mistake_in_the_config_is_told_as_the_config_says_it(folder: Path) -> None:
    write_config(folder, [hugging_face(batch_sise=8)], [dataset()])
    done = evaluate(folder, 'words.py', '-a', 'vllm')
    assert done.returncode == 2
    assert 'models[0].batch_sise: unknown key; did you mean batch_size?' in done.stderr


def test_a_key_that_an_engine_lacks_stops_before_anything_is_run(folder: Path) -> None:
    write_config(folder, [hugging_face(model_kwargs={'variant': 'fp16'})])
    done = evaluate(folder, 'words.py', '-a', 'vllm')
    assert done.returncode == 2
    assert 'llama-hf: model_kwargs.variant: vLLM has no counterpart' in done.stderr
    assert not (folder / 'outputs').exists()


def test_the_config_that_is_saved_is_the_converted_one(folder: Path) -> None:
    with FaultServer(right_answer) as server:
        evaluate(folder, 'words.py', '-a', 'openai', '--api-base', server.base)
    [saved] = (run_folder(folder) / 'configs').glob('*.py')
    text = saved.read_text()
    assert 'llama-openai' in text
    assert json.dumps(server.base).strip('"') in text
    assert 'HuggingFace' not in text
