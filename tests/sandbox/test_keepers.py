"""Keepers, and what is left when they or evalkit die."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from evalkit.sandbox import Limits, Program, judge_all, plan_of
from evalkit.sandbox.crew import Keeper
from tests.sandbox.test_hostile import commands

SLEEPER = """
import os
if os.fork() == 0:
    os.setsid()
    os.execv('/bin/sleep', ['sleep', '{seconds}'])
while True:
    pass
"""
RIGHT = Program(('def answer(): return 42',), 'assert answer() == 42')


def is_there(seconds: str) -> bool:
    return any(seconds.encode() in command for command in commands())


def wait_until(seconds: str, *, there: bool, limit: float = 20.0) -> bool:
    """Wait until a sleeper is there, or is gone."""
    deadline = time.monotonic() + limit
    while is_there(seconds) != there and time.monotonic() < deadline:
        time.sleep(0.05)
    return is_there(seconds) == there


def test_verdicts_come_in_the_order_of_the_programs(mode: str) -> None:
    wrong = Program(('def answer(): return 41',), 'assert answer() == 42')
    programs = [wrong if number % 3 else RIGHT for number in range(20)]
    kinds = [verdict.kind for verdict in judge_all(plan_of(mode, Limits()), programs, 3)]
    assert kinds == ['failed' if number % 3 else 'passed' for number in range(20)]


def test_the_first_reading_that_is_python_is_run(mode: str) -> None:
    program = Program(('def answer(: return 1', 'def answer(): return 42'), RIGHT.tests)
    [verdict] = judge_all(plan_of(mode, Limits()), [program])
    assert (verdict.kind, verdict.solution) == ('passed', 1)


def test_an_ordinary_program_may_do_ordinary_things(mode: str) -> None:
    code = """
import concurrent.futures, multiprocessing, os, subprocess, sys, tempfile, threading
def answer():
    with tempfile.NamedTemporaryFile('w+') as file:
        file.write('forty')
        file.seek(0)
        assert file.read() == 'forty'
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(abs, range(-21, 0)))
    done = subprocess.run([sys.executable, '-c', 'print(2)'], capture_output=True, check=True)
    return len(numbers) * int(done.stdout)
"""
    [verdict] = judge_all(plan_of(mode, Limits()), [Program((code,), RIGHT.tests)])
    assert verdict.kind == 'passed', verdict


def test_what_is_printed_is_kept_up_to_a_length(mode: str) -> None:
    code = "print('a' * 3000)\nprint('b' * 3000)\nraise ValueError"
    [verdict] = judge_all(plan_of(mode, Limits(output_kept=4000)), [Program((code,), '')])
    assert verdict.output == 'a' * 3000 + '\n' + 'b' * 999


def test_the_same_program_sees_the_same_order_every_time(mode: str) -> None:
    program = Program(('print({"a", "b", "c", "d"})\nraise ValueError',), '')
    verdicts = judge_all(plan_of(mode, Limits()), [program] * 4)
    assert len({verdict.output for verdict in verdicts}) == 1


def test_a_keeper_that_dies_costs_its_program_and_leaves_nothing(mode: str) -> None:
    seconds = f'65432{os.getpid()}'
    keeper = Keeper(plan_of(mode, Limits()))
    with ThreadPoolExecutor(1) as pool:
        verdict = pool.submit(keeper.judge, Program((SLEEPER.format(seconds=seconds),), ''))
        assert wait_until(seconds, there=True)
        assert keeper.process is not None
        keeper.process.kill()
        assert verdict.result().kind == 'error'
    if mode == 'bubblewrap':  # elsewhere a daemon of a keeper that was killed is nobody's child
        assert wait_until(seconds, there=False, limit=2)
    assert keeper.judge(RIGHT).kind == 'passed'
    keeper.close()
    for path in Path('/proc').glob('[0-9]*/cmdline'):
        if seconds.encode() in path.read_bytes():
            os.kill(int(path.parent.name), signal.SIGKILL)


def test_when_evalkit_is_killed_nothing_is_left(mode: str) -> None:
    seconds = f'54321{os.getpid()}'
    script = f"""
from evalkit.sandbox import *
code = {SLEEPER.format(seconds=seconds)!r}
judge_all(plan_of({mode!r}, Limits(seconds=100)), [Program((code,), '')])
"""
    process = subprocess.Popen([sys.executable, '-c', script])
    assert wait_until(seconds, there=True)
    process.kill()
    process.wait()
    assert wait_until(seconds, there=False, limit=5)
