"""Which sandbox is taken, and what happens where there is none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evalkit.errors import ConfigError
from evalkit.sandbox import SAFE_MODES, choose_mode, why_not
from tests.datasets.families import SAMPLES, config
from tests.runs import ROOT, RUN, environment, model, run_folder, write_config

BARE = [sys.executable, '-m', 'tests.sandbox.bare']


def run_bare(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `run.py` on a machine without any sandbox."""
    env = environment(EVALKIT_DATA=str(SAMPLES), PYTHONPATH=str(ROOT))
    command = [*BARE, *RUN, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)


@pytest.fixture
def humaneval(tmp_path: Path) -> Path:
    """A config that asks a scripted model four functions, of which it completes one."""
    answers = {'area': '    return math.pi * radius ** 2'}
    return write_config(
        tmp_path,
        models=[model(patterns=None, answers=answers)],
        datasets=[config('humaneval_gen')],
    )


def test_the_best_sandbox_of_the_machine_is_taken() -> None:
    here = [mode for mode in SAFE_MODES if why_not(mode) is None]
    assert choose_mode() == here[0]
    assert choose_mode(allow_unsafe_code=True) == here[0]


def test_no_sandbox_at_all_must_be_allowed() -> None:
    assert choose_mode('none', allow_unsafe_code=True) == 'none'
    with pytest.raises(ConfigError, match='there is no sandbox for code that a model wrote'):
        choose_mode('none')


def test_a_misspelt_sandbox_is_refused() -> None:
    with pytest.raises(ConfigError, match="sandbox: 'docker' is not one of auto, bubblewrap, l"):
        choose_mode('docker')


def test_without_a_sandbox_nothing_is_run_and_one_line_says_why(
    humaneval: Path, tmp_path: Path
) -> None:
    done = run_bare(tmp_path, humaneval)
    assert done.returncode == 3
    assert 'there is no sandbox for code that a model wrote (bubblewrap: ' in done.stdout
    assert 'landlock: the kernel has no Landlock' in done.stdout
    assert 'or accept the risk with --allow-unsafe-code' in ' '.join(done.stdout.split())


def test_what_is_run_without_a_sandbox_is_marked(humaneval: Path, tmp_path: Path) -> None:
    done = run_bare(tmp_path, humaneval, '--allow-unsafe-code')
    assert done.returncode == 0, done.stdout + done.stderr
    run = run_folder(tmp_path)
    [path] = run.glob('results/*/*.json')
    result = json.loads(path.read_text())
    assert result['sandbox'] == 'none'
    assert result['metrics']['humaneval_pass@1']['value'] == 25.0
    warning = 'code that a model wrote was run WITHOUT A SANDBOX (--allow-unsafe-code)'
    assert warning in ' '.join(done.stdout.split())
    assert warning in (run / 'summary' / 'summary.txt').read_text()
