"""What is seen while tasks run: much at a terminal, little in a file."""

import os
import pty
import re
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from fcntl import ioctl
from pathlib import Path

import pytest

from evalkit.runners import lines
from evalkit.tasks.base import Task
from evalkit.tasks.progress import Progress
from tests.runners.scripts import ROOT, command_to_run, log_text, run, task, tell

WORK = (
    tell(
        phase='asking',
        num_total=100,
        num_reused=10,
        num_done=60,
        num_failed=3,
        output_tokens=2000,
        ask_seconds=10,
    )
    + 'import time; time.sleep(1)\n'
)
FAIL = """
def ask():
    raise ValueError('no such column')
for number in range(30): print('line', number)
try:
    ask()
except ValueError as error:
    import traceback; traceback.print_exc()
for number in range(30): print('after', number)
raise SystemExit(3)
"""
ESCAPE = re.compile(r'\x1b\[[0-?]*[ -/]*[@-~]')


def at_terminal(
    folder: Path, *tasks: Task, height: int = 24, width: int = 120, term: str = 'xterm'
) -> str:
    """Return what a terminal is sent while tasks run."""
    command = command_to_run(folder, *tasks)
    master, terminal = pty.openpty()
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', height, width, 0, 0))
    env = {**os.environ, 'TERM': term}
    for name in ('NO_COLOR', 'COLUMNS', 'LINES', 'TTY_COMPATIBLE', 'FORCE_COLOR'):
        env.pop(name, None)
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=terminal
    )
    os.close(terminal)
    seen = b''
    with suppress(OSError):  # the end of a terminal
        while chunk := os.read(master, 65536):
            seen += chunk
    os.close(master)
    process.wait()
    return seen.decode()


def test_a_terminal_shows_a_live_line_a_task(tmp_path: Path) -> None:
    seen = ESCAPE.sub('', at_terminal(tmp_path, task('small', WORK), task('large', WORK)))
    for name in ('small/data', 'large/data'):
        assert re.search(
            rf'{name} +asking +\S+ +60/100 +5\.0/s +200 tok/s +0:08 left +3 failed', seen
        )
    assert '0 of 2 tasks ended, 2 running, 0:00' in seen
    assert re.search(
        r'asked small/data: 60/100, reused 10, stale 0, new 90, 3 failed, in 0:0\d, 5\.0/s', seen
    )


def test_a_narrow_terminal_shows_all_numbers_and_less_of_the_name(tmp_path: Path) -> None:
    fast = WORK.replace('2000', '1200000').replace('"num_done": 60', '"num_done": 57')
    seen = at_terminal(tmp_path, task('Qwen2.5-72B-Instruct-vllm-long', fast), width=80)
    shown = re.search(
        r'Qwen\S*… asking +57/100 +4\.7/s +120k tok/s +0:09 left +3 failed', ESCAPE.sub('', seen)
    )
    assert shown
    assert len(shown[0]) <= 80


def test_the_live_lines_are_gone_in_the_end(tmp_path: Path) -> None:
    seen = at_terminal(tmp_path, task('small', WORK))
    assert seen.rstrip().endswith('\x1b[?25h') or '\x1b[?25h' in seen[-80:]
    last_erased = seen.rindex('\x1b[2K')
    assert 'running' not in seen[last_erased:]


def test_many_tasks_do_not_flood_a_small_terminal(tmp_path: Path) -> None:
    tasks = [task(f't{number}', 'import time; time.sleep(1.5)') for number in range(12)]
    seen = ESCAPE.sub('', at_terminal(tmp_path, *tasks, height=8))
    assert '... and 7 more' in seen
    assert '0 of 12 tasks ended, 12 running' in seen


def test_a_terminal_that_cannot_redraw_gets_plain_lines(tmp_path: Path) -> None:
    seen = at_terminal(tmp_path, task('small', WORK), term='dumb')
    assert '\x1b' not in seen
    assert seen.splitlines()[0] == 'asking small/data'


def test_a_pipe_gets_a_line_at_the_begin_and_one_at_the_end(tmp_path: Path) -> None:
    command = command_to_run(tmp_path, task('small', WORK))
    ended = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    begin, end = ended.stderr.splitlines()
    assert begin == 'asking small/data'
    counts = 'reused 10, stale 0, new 90, 3 failed'
    assert re.fullmatch(
        rf'asked small/data: 60/100, {counts}, in 0:0\d, 5\.0/s, 200 tok/s',
        end,
    )


def test_a_failure_shows_its_reason_its_traceback_and_the_end_of_its_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, task('bad', FAIL))
    seen = capsys.readouterr().err.splitlines()
    assert seen[:2] == ['asking bad/data', 'FAILED bad/data: ValueError: no such column']
    assert seen[3] == 'Traceback (most recent call last):'
    end = seen.index('ValueError: no such column')
    assert seen[end + 2 : -2] == [f'after {number}' for number in range(15, 30)]
    assert seen[-1] == f'log: {tmp_path}/logs/infer/bad/data.log'


def test_a_terminal_shows_a_failure_too(tmp_path: Path) -> None:
    seen = ESCAPE.sub('', at_terminal(tmp_path, task('bad', FAIL), task('good', WORK)))
    assert 'FAILED bad/data: ValueError: no such column' in seen
    assert '1 of 2 tasks ended, 1 FAILED, 1 running' in seen
    assert 'asked good/data: 60/100' in seen


def test_a_retry_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path, task('poor', 'import os; os.kill(os.getpid(), 9)'), retry=1)
    killed = 'killed by SIGKILL (out of memory?), attempt'
    assert capsys.readouterr().err.splitlines()[:3] == [
        'asking poor/data',
        f'poor/data: {killed} 1 of 2; trying again',
        f'FAILED poor/data: {killed} 2 of 2',
    ]


def test_the_log_of_a_shown_task_holds_no_bars(tmp_path: Path) -> None:
    script = """
        import sys
        for number in range(101):
            sys.stderr.write(f'\\r{number}%|{"#" * (number // 10)}| {number}/100')
        sys.stderr.write('\\n')
    """
    at_terminal(tmp_path, task('bars', script))
    lines_ = log_text(tmp_path, 'bars').splitlines()
    assert lines_[1:] == ['100%|##########| 100/100']


def test_text_that_looks_like_markup_is_shown_as_it_is(tmp_path: Path) -> None:
    seen = at_terminal(tmp_path, task('bad', 'raise KeyError("[red]x[/red] :smile:")'))
    assert "KeyError: '[red]x[/red] :smile:'" in ESCAPE.sub('', seen)


def test_rich_is_loaded_for_a_terminal_only() -> None:
    script = (
        'import evalkit.runners, sys; sys.exit("rich" in sys.modules or "torch" in sys.modules)'
    )
    assert subprocess.run([sys.executable, '-c', script], cwd=ROOT).returncode == 0


def test_times_are_short() -> None:
    assert [lines.duration(seconds) for seconds in (0.4, 59.6, 61, 3600, 36_061)] == [
        '0:00',
        '1:00',
        '1:01',
        '1:00:00',
        '10:01:01',
    ]


def test_nothing_is_said_of_what_is_not_known() -> None:
    progress = Progress()
    assert lines.samples_rate(progress) == ''
    assert lines.tokens_rate(progress) == ''
    assert lines.time_left(progress) == ''
    assert lines.summary(progress, 2) == 'in 0:02'
