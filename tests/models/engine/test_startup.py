import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

import pytest

from evalkit.errors import BackendError, ConfigError, ExitCode
from evalkit.models import VLLM, SGLang, TurboMindModel
from evalkit.models.engine.startup import EngineLog, Launch, require, start

CHILD = 'import sys; print("ValueError: No available memory for the cache blocks", file=sys.stderr)'


@pytest.mark.parametrize(
    ('model_type', 'engine'), [(VLLM, 'vllm'), (SGLang, 'sglang'), (TurboMindModel, 'lmdeploy')]
)
def test_an_engine_that_is_not_installed_is_one_line_with_the_command(
    model_type: Callable[..., object], engine: str
) -> None:
    if find_spec(engine):
        assert require(engine, engine).__name__ == engine
        return
    with pytest.raises(ConfigError) as caught:
        model_type('some/model')
    assert str(caught.value) == f"{engine} is not installed: pip install 'evalkit[{engine}]'"


def fail(text: str, program: str | None = None) -> Callable[[], None]:
    """A launch that fails with `text`, after `program` wrote to the log."""

    def launch() -> None:
        if program:
            subprocess.run([sys.executable, '-c', program], check=True)
        raise RuntimeError(text)

    return launch


def test_the_cause_is_what_the_engines_process_said() -> None:
    program = 'print("(EngineCore pid=7) ERROR 11-22 01:02:03 [core.py:1] ValueError: bad rope")'
    summary = 'Engine core initialization failed. See root cause above.'
    with pytest.raises(BackendError) as caught:
        start(Launch('vLLM', 'x', fail(summary, program)), EngineLog())
    assert str(caught.value).startswith('vLLM cannot start: ')
    assert str(caught.value).endswith('ValueError: bad rope')


@pytest.mark.parametrize(
    'text',
    [
        'CUDA out of memory. Tried to allocate 2.00 GiB',
        'No enough gpu memory for kv cache.',
        'Loaded weights leave no GPU memory for the KV cache under --mem-fraction-static=0.001.',
        'Not enough memory. Please try to increase --mem-fraction-static',
        'Free memory on device (1/80 GiB) on startup is less than desired GPU memory utilization',
        'To serve at least one request with max seq len (4096), 2 GiB KV cache is needed, which is '
        'larger than the available KV cache memory (1 GiB)',
    ],
)
def test_a_full_memory_says_what_to_lower(text: str) -> None:
    with pytest.raises(BackendError) as caught:
        start(Launch('SGLang', 'max_seq_len', fail(text)), EngineLog())
    assert str(caught.value) == (
        f'SGLang ran out of memory at its start: lower max_seq_len ({text})'
    )


def test_a_full_memory_in_the_engines_process_is_seen_in_its_log() -> None:
    with pytest.raises(BackendError) as caught:
        start(Launch('vLLM', 'max_seq_len', fail('failed', CHILD)), EngineLog())
    assert str(caught.value) == (
        'vLLM ran out of memory at its start: lower max_seq_len '
        '(ValueError: No available memory for the cache blocks)'
    )


class EngineOwnError(Exception):
    """An error that an engine has for itself."""


@pytest.mark.parametrize(
    ('error', 'text'),
    [
        (AssertionError(), 'AssertionError()'),
        (AssertionError('heads % tp'), 'AssertionError: heads % tp'),
        (KeyError('rope'), "KeyError: 'rope'"),
        (EngineOwnError('no such quantisation'), 'EngineOwnError: no such quantisation'),
        (SystemExit(3), 'SystemExit: 3'),
    ],
)
def test_whatever_an_engine_raises_is_one_line_with_the_end_of_its_log(
    error: BaseException, text: str
) -> None:
    def launch() -> None:
        os.write(1, b'loading\n\nchecking heads\n')
        raise error

    with pytest.raises(BackendError) as caught:
        start(Launch('SGLang', 'x', launch), EngineLog())
    assert str(caught.value) == (f'SGLang cannot start: {text}; its log: loading | checking heads')


def test_an_error_that_names_only_its_place_in_the_first_line_is_told_with_the_second() -> None:
    text = '1 validation error for ModelConfig\n  Value error, Model Foo is not supported\n  more'
    with pytest.raises(BackendError) as caught:
        start(Launch('vLLM', 'x', fail(text)), EngineLog())
    assert str(caught.value) == (
        'vLLM cannot start: 1 validation error for ModelConfig '
        'Value error, Model Foo is not supported'
    )


def test_an_error_of_ours_stays_what_it_is() -> None:
    def launch() -> None:
        raise ConfigError('no such backend')

    with pytest.raises(ConfigError, match='no such backend'):
        start(Launch('vLLM', 'x', launch), EngineLog())


def test_what_an_engine_writes_at_its_start_goes_to_stderr_as_a_whole(
    capfd: pytest.CaptureFixture[str],
) -> None:
    log = EngineLog()
    assert start(Launch('vLLM', 'x', lambda: os.write(1, b'loading 100 %\n')), log) == 14
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ('', 'loading 100 %\n')
    assert log.tail() == 'loading 100 %\n'
    log.close()


def test_a_process_goes_on_writing_to_the_log_and_not_to_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    log = EngineLog()
    program = 'import sys; sys.stdin.read(); print("RuntimeError: later")'

    def launch() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, '-c', program], stdin=subprocess.PIPE)

    with start(Launch('vLLM', 'x', launch), log) as process:
        process.communicate()
    assert log.cause('nothing') == 'RuntimeError: later'
    assert capfd.readouterr() == ('', '')
    log.close()


HANGS = 'import time; print("loading shard 3 of 9", flush=True); time.sleep(600)'


def test_an_engine_whose_process_hangs_is_ended_with_the_end_of_its_log() -> None:
    log = EngineLog()
    started: list[subprocess.Popen[bytes]] = []

    def launch() -> None:
        with subprocess.Popen([sys.executable, '-c', HANGS]) as process:
            started.append(process)
            raise RuntimeError(f'the engine process ended with {process.wait()}')

    with pytest.raises(BackendError) as caught:
        start(Launch('vLLM', 'x', launch, seconds=2), log)
    assert str(caught.value) == (
        'vLLM was not ready after 2 s, so that it was ended; its log: loading shard 3 of 9; '
        'a model that needs longer takes run_cfg.startup_timeout (seconds)'
    )
    assert started[0].returncode == -signal.SIGKILL


HANGS_HERE = """
import os, time
from evalkit.models.engine.startup import EngineLog, Launch, start

def hang():
    os.write(1, b'reading weights\\n')
    time.sleep(600)

start(Launch('LMDeploy', 'x', hang, seconds=1), EngineLog())
"""


def test_an_engine_that_hangs_in_the_process_itself_ends_it_so_that_it_can_be_resumed() -> None:
    done = subprocess.run(
        [sys.executable, '-c', HANGS_HERE], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == ExitCode.INCOMPLETE
    assert done.stderr == (
        'reading weights\n\nBackendError: LMDeploy was not ready after 1 s, so that it was ended; '
        'its log: reading weights; a model that needs longer takes run_cfg.startup_timeout '
        '(seconds)\n'
    )


def test_an_engine_that_is_ready_in_time_is_left_alone() -> None:
    log = EngineLog()
    command = [sys.executable, '-c', 'import sys; sys.stdin.read()']

    def launch() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, stdin=subprocess.PIPE)

    with start(Launch('vLLM', 'x', launch, seconds=0.5), log) as process:
        time.sleep(1)
        assert process.poll() is None
        process.communicate()
    assert process.returncode == 0
    log.close()
