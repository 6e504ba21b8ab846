"""`run.py -a openai --serve` and `evalkit serve`: the server comes, answers, and always goes."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.runs import (
    ROOT,
    environment,
    evaluate,
    processes,
    records,
    reuse_lines,
    run_folder,
    scores,
    start,
    summary,
    values,
    write_config,
)
from tests.servers.stub import hugging_face, install, starts

SERVE = ('words.py', '-a', 'openai', '--serve', 'vllm')
PLACE = ('words', 'llama-openai')


def all_gone(mark: str, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while processes(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not processes(mark)


def wait_for(folder: Path, text: str, seconds: float = 30.0) -> None:
    """Wait until a log of the run says something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if any(text in path.read_text() for path in folder.rglob('*.jsonl')):
            return
        time.sleep(0.05)
    raise AssertionError(f'nobody said {text}')


def wait_for_start(folder: Path) -> None:
    deadline = time.monotonic() + 30
    while not starts(folder) and time.monotonic() < deadline:
        time.sleep(0.05)


def test_a_run_starts_its_server_and_leaves_nothing(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    done = evaluate(tmp_path, *SERVE, mark=mark, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert scores(run_folder(tmp_path)) == {PLACE: 100.0}
    assert processes(mark) == []
    [arguments] = starts(tmp_path)
    assert arguments[:4] == ['--model', 'llama', '--served-model-name', 'llama']
    assert f'http://127.0.0.1:{arguments[7]}/v1 answers after' in done.stdout


def test_no_server_is_started_where_everything_is_answered(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    evaluate(tmp_path, *SERVE, mark=mark, **env)
    done = evaluate(tmp_path, *SERVE, '-r', mark=mark, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'llama-openai has answered everything; no server is started' in done.stdout
    assert scores(run_folder(tmp_path)) == {PLACE: 100.0}
    assert len(starts(tmp_path)) == 1


def test_a_server_is_started_for_what_is_still_open(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    evaluate(tmp_path, *SERVE, '--limit', '4', mark=mark, **env)
    done = evaluate(tmp_path, *SERVE, '-r', mark=mark, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(starts(tmp_path)) == 2
    assert len(records(run_folder(tmp_path))) == 10


def test_what_was_asked_stands_in_the_summary(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    evaluate(tmp_path, *SERVE, mark=mark, **env)
    usage = summary(run_folder(tmp_path))['usage']['llama-openai']
    assert (usage['requests'], usage['retries']) == (10, {})
    assert (usage['prompt_tokens'], usage['output_tokens'], usage['cached_tokens']) == (70, 30, 0)
    assert sorted(usage['latency_seconds']) == ['p50', 'p90', 'p99']


def test_a_server_that_dies_midway_is_started_again(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    done = evaluate(tmp_path, *SERVE, mark=mark, STUB='dies midway', **env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert scores(run_folder(tmp_path)) == {PLACE: 100.0}
    assert len(starts(tmp_path)) == 2
    assert processes(mark) == []


def test_a_server_that_always_dies_ends_the_run_which_can_go_on(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    done = evaluate(tmp_path, *SERVE, mark=mark, STUB='dies always', **env)
    assert done.returncode == 4, done.stdout + done.stderr
    assert 'the server died too often: it ended with exit code 9' in done.stdout
    assert len(starts(tmp_path)) == 3
    assert processes(mark) == []
    again = evaluate(tmp_path, *SERVE, '-r', mark=mark, **env)
    assert again.returncode == 0, again.stdout + again.stderr
    assert scores(run_folder(tmp_path)) == {PLACE: 100.0}


def test_a_server_that_cannot_start_tells_the_end_of_its_log(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    done = evaluate(tmp_path, *SERVE, mark=mark, STUB='dies at once', **env)
    assert done.returncode == 4
    assert 'it ended with exit code 1 (ValueError: the stub has no memory)' in done.stdout
    assert len(starts(tmp_path)) == 1
    assert processes(mark) == []


def test_a_server_that_is_never_ready_is_given_up(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    flags = ('--server-timeout', '1')
    done = evaluate(tmp_path, *SERVE, *flags, mark=mark, STUB='never ready', **env)
    assert done.returncode == 4
    assert 'it was not ready after 1 s' in done.stdout
    assert processes(mark) == []


def test_a_run_that_is_killed_takes_its_server_with_it(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    with start(tmp_path, *SERVE, mark=mark, STUB='hangs', **env) as run:
        wait_for(tmp_path / 'outputs', 'word')
        run.kill()
        assert all_gone(mark)
        run.communicate()


def test_a_run_that_is_killed_while_its_server_starts_takes_it_with_it(
    tmp_path: Path, mark: str
) -> None:
    env = install(tmp_path)
    with start(tmp_path, *SERVE, mark=mark, STUB='never ready', **env) as run:
        wait_for_start(tmp_path)
        run.kill()
        assert all_gone(mark)
        run.communicate()


def test_sigterm_while_the_server_starts_ends_both_and_tells_how_to_go_on(
    tmp_path: Path, mark: str
) -> None:
    env = install(tmp_path)
    with start(tmp_path, *SERVE, mark=mark, STUB='never ready', **env) as run:
        wait_for_start(tmp_path)
        time.sleep(0.3)
        run.terminate()
        said, _ = run.communicate(timeout=30)
    assert run.returncode == 130
    assert '--serve vllm -r ' in said
    assert processes(mark) == []


def test_ctrl_c_twice_ends_the_run_and_its_server_at_once(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    with start(tmp_path, *SERVE, mark=mark, STUB='hangs', **env) as run:
        wait_for(tmp_path / 'outputs', 'word')
        run.send_signal(signal.SIGINT)
        time.sleep(0.5)
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=15)
    assert run.returncode == 130
    assert all_gone(mark)
    assert len(records(run_folder(tmp_path))) >= 3


def test_a_server_that_does_not_listen_to_reason_is_killed(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    done = evaluate(tmp_path, *SERVE, mark=mark, STUB='stubborn', **env)
    assert (done.returncode, 'Traceback' in done.stderr) == (0, False), done.stderr
    assert processes(mark) == []


def test_another_dtype_is_another_model(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    evaluate(tmp_path, *SERVE, mark=mark, **env)
    write_config(tmp_path, [hugging_face(model_kwargs={'dtype': 'bfloat16'})])
    done = evaluate(tmp_path, *SERVE, '-r', mark=mark, **env)
    assert done.returncode == 0
    assert reuse_lines(run_folder(tmp_path)) == ['reused 0, stale 10, new 10']


def test_scoring_alone_starts_no_server(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    evaluate(tmp_path, *SERVE, mark=mark, **env)
    done = evaluate(tmp_path, *SERVE, '-m', 'eval', mark=mark, **env)
    assert done.returncode == 0
    assert values(run_folder(tmp_path))[PLACE]['n_ok'] == 10
    assert len(starts(tmp_path)) == 1


def test_the_counts_of_all_shards_and_resumptions_are_added_up(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    shards = {'type': 'evalkit.partitioners.NumWorkerPartitioner', 'num_worker': 2}
    shards['min_task_size'] = 1
    write_config(tmp_path, [hugging_face()], infer={'partitioner': shards})
    evaluate(tmp_path, *SERVE, '--limit', '4', mark=mark, **env)
    done = evaluate(tmp_path, *SERVE, '-r', mark=mark, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    usage = summary(run_folder(tmp_path))['usage']['llama-openai']
    assert (usage['requests'], usage['prompt_tokens'], usage['output_tokens']) == (10, 70, 30)
    assert 'llama-openai: 10 requests; 70 prompt tokens (0 cached)' in done.stdout


def test_servers_are_where_the_tasks_are(tmp_path: Path) -> None:
    env = install(tmp_path)
    slurm = {'type': 'evalkit.runners.SlurmRunner'}
    write_config(tmp_path, [hugging_face()], infer={'runner': slurm})
    done = evaluate(tmp_path, *SERVE, **env)
    assert done.returncode == 2
    assert '--serve starts servers on this machine' in done.stderr


def test_several_models_are_served_one_after_the_other(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    other = hugging_face(abbr='other-hf', max_seq_len=64)
    write_config(tmp_path, [hugging_face(), other])
    done = evaluate(tmp_path, *SERVE, mark=mark, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert scores(run_folder(tmp_path)) == {PLACE: 100.0, ('words', 'other-openai'): 100.0}
    assert len(starts(tmp_path)) == 2


def test_the_gpus_of_a_model_are_its_servers(tmp_path: Path, mark: str) -> None:
    env = {**install(tmp_path), 'CUDA_VISIBLE_DEVICES': '0,1,2,3'}
    write_config(tmp_path, [hugging_face(run_cfg={'num_gpus': 4})])
    done = evaluate(tmp_path, *SERVE, mark=mark, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    [arguments] = starts(tmp_path)
    assert arguments[arguments.index('--tensor-parallel-size') + 1] == '4'
    [saved] = (run_folder(tmp_path) / 'configs').glob('*.py')
    assert 'num_gpus' not in saved.read_text()


def test_a_server_that_needs_more_gpus_than_there_are_is_not_started(
    tmp_path: Path, mark: str
) -> None:
    env = {**install(tmp_path), 'CUDA_VISIBLE_DEVICES': '0'}
    write_config(tmp_path, [hugging_face(run_cfg={'num_gpus': 4})])
    done = evaluate(tmp_path, *SERVE, mark=mark, **env)
    assert done.returncode == 2
    assert done.stderr == (
        'run.py: error: the server of llama-openai asks for 4 GPUs, but here are 1: lower '
        'run_cfg.num_gpus of the model\n'
    )
    assert starts(tmp_path) == []


def test_an_engine_that_is_not_installed_is_said_to_be_so_at_once(tmp_path: Path) -> None:
    install(tmp_path)
    done = evaluate(tmp_path, 'words.py', '-a', 'openai', '--serve', 'llamafactory')
    assert done.returncode == 2
    assert 'EVALKIT_PYTHON_LLAMAFACTORY' in done.stderr


@pytest.mark.parametrize('flags', [(), ('-a', 'vllm'), ('-a', 'openai', '--api-base', 'http://h')])
def test_serve_goes_with_openai_alone(tmp_path: Path, flags: tuple[str, ...]) -> None:
    install(tmp_path)
    done = evaluate(tmp_path, 'words.py', '--serve', 'vllm', *flags)
    assert done.returncode == 2
    assert '--serve goes with -a openai, without --api-base and --api-model' in done.stderr


def serve(folder: Path, *arguments: str, mark: str, **env: str) -> subprocess.Popen[str]:
    """Start `evalkit serve`."""
    code = f'import sys; sys.path.insert(0, {str(ROOT)!r}); from evalkit.cli import main; '
    command = [sys.executable, '-c', f'{code}sys.exit(main())', 'serve', *arguments]
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment(mark, **env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_serve_prints_the_address_and_ends_with_ctrl_c(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    flags = ('words.py', '--engine', 'vllm', '--port', '0')
    with serve(tmp_path, *flags, mark=mark, **env, PYTHONUNBUFFERED='1') as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(4)]
        assert lines[0] == 'starting vllm; its log is outputs/serve/llama-hf-vllm.log'
        assert lines[1].startswith('ready after ')
        start_of_command = 'python run.py words.py -a openai --api-base '
        assert lines[2].startswith(start_of_command)
        base = lines[2].removeprefix(start_of_command).split()[0]
        with urlopen(f'{base}/models') as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=15)
    assert process.returncode == 0
    assert all_gone(mark)


def test_serve_tells_why_there_is_no_server(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    flags = ('words.py', '--engine', 'vllm', '--port', '0')
    with serve(tmp_path, *flags, mark=mark, STUB='dies at once', **env) as process:
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 4
    assert 'it ended with exit code 1 (ValueError: the stub has no memory)' in said
    assert processes(mark) == []


def test_serve_takes_one_model(tmp_path: Path) -> None:
    install(tmp_path)
    write_config(tmp_path, [hugging_face(), hugging_face(abbr='other')])
    with serve(tmp_path, 'words.py', '--engine', 'vllm', mark='') as process:
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert 'one model can be served, and here are llama-hf, other: choose with --abbr' in said


def test_serve_calls_a_model_as_a_run_does(tmp_path: Path) -> None:
    install(tmp_path)
    nameless = {key: value for key, value in hugging_face().items() if key != 'abbr'}
    write_config(tmp_path, [{**nameless, 'adapters': {'sft': 'lora'}}])
    with serve(tmp_path, 'words.py', '--engine', 'vllm', mark='') as process:
        said, _ = process.communicate(timeout=30)
    name = 'HuggingFacewithChatTemplate_llama'
    assert f'one model can be served, and here are {name}, {name}-sft: choose with --abbr' in said
    flags = ('-a', 'openai', '--api-base', 'http://127.0.0.1:9/v1', '--api-model', 'x')
    done = evaluate(tmp_path, 'words.py', '--abbr', f'{name}-sft', *flags, '--dry-run')
    assert done.returncode == 0, done.stderr


def test_serve_finds_the_models_of_combinations(tmp_path: Path) -> None:
    install(tmp_path)
    models, other = [hugging_face()], [hugging_face(), hugging_face(abbr='other-hf')]
    entries = [{'models': models, 'datasets': []}, {'models': other, 'datasets': []}]
    (tmp_path / 'words.py').write_text(f'model_dataset_combinations = {entries!r}\n')
    with serve(tmp_path, 'words.py', '--engine', 'vllm', mark='') as process:
        said, _ = process.communicate(timeout=30)
    assert 'one model can be served, and here are llama-hf, other-hf: choose with --abbr' in said


def test_the_printed_command_asks_the_model_that_was_chosen(tmp_path: Path, mark: str) -> None:
    env = install(tmp_path)
    write_config(tmp_path, [hugging_face(), hugging_face(abbr='other-hf')])
    flags = ('words.py', '--engine', 'vllm', '--port', '0', '--abbr', 'other-hf')
    with serve(tmp_path, *flags, mark=mark, **env, PYTHONUNBUFFERED='1') as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(4)]
        assert lines[2].startswith('python run.py words.py --abbr other-hf -a openai --api-base ')
        done = evaluate(tmp_path, *lines[2].split()[2:], mark=mark, **env)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=15)
    assert done.returncode == 0, done.stdout + done.stderr
    assert scores(run_folder(tmp_path)) == {('words', 'other-openai'): 100.0}
