import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec

import pytest

from evalkit.errors import BackendError, ConfigError
from evalkit.models import VLLM, SGLang, TurboMindModel
from evalkit.models.engine.startup import EngineLog, require, start

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
        start('vLLM', 'x', EngineLog(), fail(summary, program))
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
        start('SGLang', 'max_seq_len', EngineLog(), fail(text))
    assert str(caught.value) == (
        f'SGLang ran out of memory at its start: lower max_seq_len ({text})'
    )


def test_a_full_memory_in_the_engines_process_is_seen_in_its_log() -> None:
    with pytest.raises(BackendError) as caught:
        start('vLLM', 'max_seq_len', EngineLog(), fail('failed', CHILD))
    assert str(caught.value) == (
        'vLLM ran out of memory at its start: lower max_seq_len '
        '(ValueError: No available memory for the cache blocks)'
    )


def test_what_an_engine_writes_at_its_start_goes_to_stderr_as_a_whole(
    capfd: pytest.CaptureFixture[str],
) -> None:
    log = EngineLog()
    assert start('vLLM', 'x', log, lambda: os.write(1, b'loading 100 %\n')) == 14
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

    with start('vLLM', 'x', log, launch) as process:
        process.communicate()
    assert log.cause('nothing') == 'RuntimeError: later'
    assert capfd.readouterr() == ('', '')
    log.close()
