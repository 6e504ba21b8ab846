"""Programs that cases are put to: scripts by their input, functions by their arguments."""

import pytest

from evalkit.sandbox import Case, Limits, Program, Verdict, judge_all, plan_of
from tests.sandbox.test_hostile import judge_as_nobody

DOUBLE = (Case('4\n', '8\n'), Case('5\n', '10\n'), Case('0', '0'))
LIMITS = Limits(seconds=60, case_seconds=2.0, memory_mb=512)


def judge(mode: str, *programs: Program) -> list[Verdict]:
    return judge_all(plan_of(mode, LIMITS), programs, 4)


def script(code: str, *cases: Case) -> Program:
    return Program((code,), prelude='from math import *', cases=cases or DOUBLE)


def method(code: str, *cases: Case) -> Program:
    return Program((code,), prelude='from typing import *', cases=cases, function='solve')


RIGHT_SCRIPTS = {
    'input': 'print(2 * int(input()))',
    'the main guard': 'if __name__ == "__main__":\n    print(int(input()) * 2)',
    'sys.stdin': 'import sys\nfor line in sys.stdin: print(2 * int(line))',
    'the buffer': 'import sys\nsys.stdout.buffer.write(b"%d" % (2 * int(sys.stdin.buffer.read())))',
    'open(0)': 'print(2 * int(open(0).read()))',
    'os.read': 'import os\nos.write(1, str(2 * int(os.read(0, 99))).encode())',
    'global': 'n = 0\ndef read():\n    global n\n    n = int(input())\nread()\nprint(2 * n)',
    'a thread': (
        'import sys, threading\nsys.setrecursionlimit(10**5)\n'
        'def down(n): return 0 if n == 0 else 1 + down(n - 1)\n'
        'def main(): print(2 * int(input()) + down(20000) - 20000)\n'
        'threading.stack_size(1 << 26)\nthreading.Thread(target=main).start()'
    ),
    'exit at the end': 'import sys\nprint(2 * int(input()))\nsys.exit(1)',
    'atexit': 'import atexit\nn = int(input())\natexit.register(lambda: print(2 * n))',
    'white space': 'print("\\n ", 2 * int(input()), "  \\n\\n")',
    'the same number': 'print(2 * int(input()), end=".000")',
    'numpy': 'import numpy as np\nprint(np.int64(input()) * 2)',
    'the prelude': 'print(floor(2 * int(input())))',
    'a large recursion': 'import sys\nsys.setrecursionlimit(50000)\nprint(2 * int(input()))',
}


@pytest.mark.parametrize('about', RIGHT_SCRIPTS)
def test_a_right_script_passes_however_it_reads_and_prints(mode: str, about: str) -> None:
    [verdict] = judge(mode, script(RIGHT_SCRIPTS[about]))
    assert (verdict.kind, verdict.reason) == ('passed', '')


WRONG_SCRIPTS = {
    'print(8)': 'wrong answer: case 2 of 3: 8, not 10',
    'input()': 'wrong answer: case 1 of 3: nothing, not 8',
    'print(2 * int(input()))\nprint()\nprint(1)': 'wrong answer: case 1 of 3: 8 1, not 8',
    'print("NaN")': 'wrong answer: case 1 of 3: NaN, not 8',
    'print("sNaN")': 'wrong answer: case 1 of 3: sNaN, not 8',
    'print("eight")': 'wrong answer: case 1 of 3: eight, not 8',
    '1 / 0': 'ZeroDivisionError: division by zero',
    'import nowhere': "ModuleNotFoundError: No module named 'nowhere'",
    'input(); input()': 'EOFError: EOF when reading a line',
    'print(8); raise SystemError': 'SystemError',
}


@pytest.mark.parametrize('code', WRONG_SCRIPTS)
def test_a_wrong_script_fails_and_the_reason_says_where(mode: str, code: str) -> None:
    [verdict] = judge(mode, script(code))
    assert (verdict.kind, verdict.reason) == ('failed', WRONG_SCRIPTS[code])


def test_each_script_starts_afresh(mode: str) -> None:
    code = (
        'import os, math\nassert not os.path.exists("seen") and math.pi > 3\n'
        'math.pi = 0\nprint(2 * int(input()))'
    )
    [verdict] = judge(mode, script(code))
    assert verdict.kind == 'passed', verdict


def test_a_case_that_takes_too_long_ends_the_program(mode: str) -> None:
    slow = 'n = int(input())\nwhile n == 5: pass\nprint(2 * n)'
    stubborn = (
        'import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nn = int(input())\n'
        'while n == 5:\n    try:\n        while True: pass\n    except BaseException: pass\n'
        'print(2 * n)'
    )
    loading = 'while True: pass\ndef solve(n): return n'
    calling = 'def solve(n):\n    while n > 1: pass\n    return n'
    asked = (Case('1', '1'), Case('2', '2'))
    programs = [script(slow), script(stubborn), method(loading, *asked), method(calling, *asked)]
    found = [(verdict.kind, verdict.reason) for verdict in judge(mode, *programs)]
    late = ('timeout', 'case 2 of 3: more than 2 s')
    assert found == [
        late,
        late,
        ('timeout', 'case 1 of 2: more than 2 s'),
        ('timeout', 'case 2 of 2: more than 2 s'),
    ]


RIGHT_FUNCTIONS = {
    'a method': 'class Solution:\n    def solve(self, a: List[int], b): return a + [b]',
    'a function': 'def solve(a, b): return [*a, b]',
    'a tuple': 'def solve(a, b): return (*a, b)',
    'numpy': 'import numpy\ndef solve(a, b): return [numpy.int64(n) for n in (*a, b)]',
    'it prints': 'def solve(a, b):\n    print(a)\n    return [*a, b]',
}
JOIN = (Case('[1, 2]\n3', '[1, 2, 3]'), Case('[]\n"x"', '["x"]'))


def test_a_function_is_called_with_the_arguments_of_each_case(mode: str) -> None:
    numbers = (Case('[1, 2]\n3', '[1, 2, 3]'), Case('[]\n4', '[4]'))
    verdicts = judge(mode, *(method(code, *numbers) for code in RIGHT_FUNCTIONS.values()))
    assert [verdict.kind for verdict in verdicts] == ['passed'] * len(RIGHT_FUNCTIONS)
    [verdict] = judge(mode, method(RIGHT_FUNCTIONS['a method'], *JOIN))
    assert verdict.kind == 'passed'


WRONG_FUNCTIONS = {
    'def solve(a, b): return [1, 2, 3]': 'wrong answer: case 2 of 2: [1, 2, 3], not ["x"]',
    'def solve(a, b): return [*a, str(b)]': 'wrong answer: case 1 of 2: [1, 2, "3"], not [1, 2, 3]',
    'def solve(a, b): return {*a, b}': 'wrong answer: case 1 of 2: nothing, not [1, 2, 3]',
    'def solve(a, b): return [(1,), 2]': 'wrong answer: case 1 of 2: nothing, not [1, 2, 3]',
    'def solve(a): return a': 'TypeError: solve() takes 1 positional argument but 2 were given',
    'def other(a, b): return a': "AttributeError: module 'solution' has no attribute 'solve'",
    'import sys\ndef solve(a, b): sys.exit()': 'SystemExit',
}


@pytest.mark.parametrize('code', WRONG_FUNCTIONS)
def test_a_wrong_function_fails(mode: str, code: str) -> None:
    [verdict] = judge(mode, method(code, *JOIN))
    assert verdict.kind == 'failed'
    assert verdict.reason.startswith(WRONG_FUNCTIONS[code]), verdict


FORGERIES = {
    'equal to everything': (
        'class Equal(list):\n    def __eq__(self, other): return True\ndef solve(n): return Equal()'
    ),
    'it passes by itself': 'import os\nos.write(200, b"\\0\\0\\0\\1T")\ndef solve(n): return 0',
    'it answers before it is asked': (
        'import os\nfor _ in range(9): os.write(200, b"\\0\\0\\0\\2A1")\ndef solve(n): return 0'
    ),
    'a large answer': 'def solve(n): return "x" * (1 << 25)',
    'it looks for what is right': (
        'import gc, sys\n'
        'def solve(n):\n'
        '    frame, found = sys._getframe(), []\n'
        '    while frame:\n'
        '        found += [repr(v) for v in (*frame.f_locals.values(), frame.f_globals)]\n'
        '        frame = frame.f_back\n'
        '    found += [repr(each) for each in gc.get_objects() if isinstance(each, (dict, list))]\n'
        '    return 1 if any("73" + "91" in each for each in found) else 0'
    ),
    'deep JSON': (
        'import os\n'
        'answer = b"A" + b"[" * 60000\n'
        'def solve(n): os.write(200, len(answer).to_bytes(4, "big") + answer)'
    ),
    'it is gone': 'import os\ndef solve(n): os._exit(0)',
}


@pytest.mark.parametrize('about', FORGERIES)
def test_a_forged_answer_fails(mode: str, about: str) -> None:
    [verdict] = judge(mode, method(FORGERIES[about], Case('2', '1'), Case('3', '7391')))
    assert verdict.kind in ('failed', 'resource', 'timeout'), verdict


HOSTILE_SCRIPTS = {
    'it ends at once': 'import os\nos._exit(3)',
    'it dies': 'import ctypes\nctypes.string_at(0)',
    'it prints for ever': 'while True: print("x" * 10000)',
    'it takes all memory': 'kept = []\nwhile True: kept.append(bytearray(b"x" * 10**7))',
    'a fork bomb': 'import os\nwhile True: os.fork()',
    'it kills its parent': 'import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nprint(8)',
    'it has the channel': 'import os\nos.write(200, b"\\0\\0\\0\\2A8")',
    'it closes everything': 'import os\nos.closerange(0, 300)',
    'it forks and prints twice': 'import os\nos.fork()\nprint(int(input()) * 2, flush=True)',
    'what it forked fails when it has ended itself': (
        'import os, time\nif os.fork() == 0:\n    time.sleep(0.3)\n    raise OSError\n'
        'print(int(input()) * 2)'
    ),
}


@pytest.mark.parametrize('about', HOSTILE_SCRIPTS)
def test_a_hostile_script_does_not_pass(mode: str, about: str) -> None:
    [verdict] = judge(mode, script(HOSTILE_SCRIPTS[about]))
    assert verdict.kind in ('failed', 'resource', 'timeout'), verdict


def test_cases_need_no_rights(mode: str) -> None:
    programs = [
        script(RIGHT_SCRIPTS['input']),
        script('print(8)'),
        script('while True: pass'),
        method('def solve(n): return 2 * n', Case('4', '8')),
    ]
    kinds = [verdict.kind for verdict in judge_as_nobody(mode, *programs, seconds=2.0)]
    assert kinds == ['passed', 'failed', 'timeout', 'passed']


def test_large_inputs_and_outputs_go_through(mode: str) -> None:
    numbers = '\n'.join(map(str, range(500_000)))
    program = script(
        'import sys\nprint(*sys.stdin.read().split(), sep="\\n")', Case(numbers, numbers)
    )
    [verdict] = judge(mode, program)
    assert verdict.kind == 'passed', verdict
