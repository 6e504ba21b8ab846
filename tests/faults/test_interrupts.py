"""Row 14: Ctrl-C once finishes what was begun and says how to go on; twice stops at once."""

import os
import pty
import re
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.harm import Witness, wait_until, wait_until_asked
from tests.runs import (
    RUN,
    asked,
    dataset,
    environment,
    model,
    processes,
    scores,
    start,
    write_config,
    write_words,
)

NUM_SAMPLES = 40


class Terminal:
    """`run.py words.py` at a terminal of its own."""

    def __init__(self, folder: Path, mark: str) -> None:
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execvpe(RUN[0], [*RUN, 'words.py'], environment(mark, TERM='xterm', COLUMNS='100'))

    def press_ctrl_c(self) -> None:
        os.write(self.descriptor, b'\x03')

    def ended(self) -> tuple[int, str]:
        """Return the exit code and all that was shown."""
        shown = b''
        with suppress(OSError):  # the end of a terminal
            while chunk := os.read(self.descriptor, 65536):
                shown += chunk
        os.close(self.descriptor)
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        text = re.sub(r'\x1b\[[0-9;?]*[A-Za-z]', '', shown.decode())
        return code, text.replace('\r\n', '\n')


def printed_command(shown: str) -> str:
    """Return the command that a run printed to go on."""
    return shown.partition('To go on:\n')[2].splitlines()[0].strip()


def execute(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Do what a user does with the printed command: paste it into a shell."""
    return subprocess.run(
        ['bash', '-c', command], cwd=folder, env=environment(), capture_output=True, text=True
    )


def check_that_it_goes_on(folder: Path, shown: str) -> None:
    """Execute the printed command; nothing may be asked twice."""
    num_asked = len(asked(folder))
    assert num_asked < NUM_SAMPLES
    command = printed_command(shown)
    assert command.startswith('python ')
    done = execute(command, folder)
    assert done.returncode == 0, done.stderr
    assert len(asked(folder)) == len(set(asked(folder))) == NUM_SAMPLES
    assert scores(Witness(folder).run) == {('words', 'scripted'): 100.0}


def test_ctrl_c_at_a_terminal_prints_the_command_that_goes_on(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    write_config(tmp_path, [model(delay=0.03)])
    terminal = Terminal(tmp_path, mark)
    wait_until_asked(tmp_path, 10)
    began = time.monotonic()
    terminal.press_ctrl_c()
    code, shown = terminal.ended()
    assert time.monotonic() - began < 3
    assert code == 130
    assert 'interrupted; every answer so far is kept. To go on:' in shown
    assert 'Traceback' not in shown
    assert processes(mark) == []
    check_that_it_goes_on(tmp_path, shown)


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_launching_process_alone_does_the_same(
    tmp_path: Path, mark: str, number: signal.Signals
) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    write_config(tmp_path, [model(delay=0.03)])
    run = start(tmp_path, 'words.py', mark=mark)
    wait_until_asked(tmp_path, 10)
    run.send_signal(number)
    shown, said = run.communicate(timeout=10)
    assert run.returncode == 130
    assert 'Traceback' not in shown + said
    assert processes(mark) == []
    check_that_it_goes_on(tmp_path, shown)


def test_ctrl_c_twice_stops_at_once(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    slow = {'text': 'word10', 'seconds': 30}
    write_config(tmp_path, [model(answers={'Say word10.': slow})])
    witness = Witness(tmp_path)
    terminal = Terminal(tmp_path, mark)
    wait_until_asked(tmp_path, 11)
    terminal.press_ctrl_c()
    time.sleep(0.5)
    began = time.monotonic()
    terminal.press_ctrl_c()
    code, shown = terminal.ended()
    assert time.monotonic() - began < 2
    assert code == 130
    assert processes(mark) == []
    witness.look()
    assert len(witness.moments[0][1]) == 10
    write_config(tmp_path, [model(answers={'Say word10.': 'word10'})])
    done = execute(printed_command(shown), tmp_path)
    assert done.returncode == 0, done.stderr
    assert not witness.asked_in_vain()


SLEEPY = """
import pathlib, time
pathlib.Path('asleep').touch()
time.sleep(30)
def same(text: str) -> str:
    return text
"""


def test_ctrl_c_while_a_config_is_read_is_no_traceback(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path)
    (tmp_path / 'sleepy.py').write_text(SLEEPY)
    eval_cfg = {**dataset()['eval_cfg'], 'pred_postprocessor': {'type': 'sleepy.same'}}
    write_config(tmp_path, datasets=[dataset(eval_cfg=eval_cfg)])
    run = start(tmp_path, 'words.py', mark=mark)
    wait_until((tmp_path / 'asleep').exists)
    run.send_signal(signal.SIGINT)
    assert run.communicate(timeout=5) == ('', '')
    assert run.returncode == 130
    assert not (tmp_path / 'outputs').exists()


def test_ctrl_c_while_answers_are_scored_goes_on_with_the_scoring(
    tmp_path: Path, mark: str
) -> None:
    write_words(tmp_path)
    (tmp_path / 'slow.py').write_text(
        'import pathlib, time\n'
        'def same(text: str) -> str:\n'
        "    if not pathlib.Path('once').exists():\n"
        "        pathlib.Path('once').touch()\n"
        '        time.sleep(30)\n'
        '    return text\n'
    )
    eval_cfg = {**dataset()['eval_cfg'], 'pred_postprocessor': {'type': 'slow.same'}}
    write_config(tmp_path, datasets=[dataset(eval_cfg=eval_cfg)])
    run = start(tmp_path, 'words.py', mark=mark)
    wait_until((tmp_path / 'once').exists)
    for _ in range(2):
        run.send_signal(signal.SIGINT)
        time.sleep(0.4)
    shown, said = run.communicate(timeout=5)
    assert run.returncode == 130, said
    assert execute(printed_command(shown), tmp_path).returncode == 0
    assert scores(Witness(tmp_path).run) == {('words', 'scripted'): 100.0}
    assert len(asked(tmp_path)) == 10


def test_an_interrupted_debug_run_prints_the_command_too(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    write_config(tmp_path, [model(delay=0.03)])
    run = start(tmp_path, 'words.py', '--debug', mark=mark)
    wait_until_asked(tmp_path, 10)
    run.send_signal(signal.SIGINT)
    shown, said = run.communicate(timeout=10)
    assert run.returncode == 130, said
    check_that_it_goes_on(tmp_path, shown)
