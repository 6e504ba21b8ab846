"""The first traceback in a log says why a task failed."""

import subprocess
import sys
from textwrap import dedent

from evalkit.runners.tracebacks import FirstTraceback


def find(text: str) -> FirstTraceback:
    traceback = FirstTraceback()
    for line in dedent(text).strip('\n').splitlines():
        traceback.feed(line)
    return traceback


def test_a_log_without_one_has_none() -> None:
    traceback = find('loading\nError: no\ndone')
    assert (traceback.text, traceback.error) == ('', '')


def test_the_first_of_several_is_kept_without_what_surrounds_it() -> None:
    traceback = find("""
        loading
        Traceback (most recent call last):
          File "a.py", line 1, in <module>
            open('x')
        FileNotFoundError: [Errno 2] No such file or directory: 'x'
        shutting down

        Traceback (most recent call last):
          File "b.py", line 9, in close
        RuntimeError: the engine is gone
    """)
    assert traceback.text == dedent("""\
        Traceback (most recent call last):
          File "a.py", line 1, in <module>
            open('x')
        FileNotFoundError: [Errno 2] No such file or directory: 'x'""")
    assert traceback.error == "FileNotFoundError: [Errno 2] No such file or directory: 'x'"


def test_a_chain_belongs_together_and_its_end_is_the_error() -> None:
    script = """
try:
    import no_such_engine
except ImportError as error:
    raise RuntimeError('install it') from error
"""
    ended = subprocess.run([sys.executable, '-c', script], capture_output=True, text=True)
    traceback = find(ended.stderr + 'goodbye')
    assert traceback.text == ended.stderr.rstrip('\n')
    assert traceback.error == 'RuntimeError: install it'
    assert traceback.lines.count('Traceback (most recent call last):') == 2


def test_an_error_without_a_text_is_an_error() -> None:
    traceback = find("""
        Traceback (most recent call last):
          File "a.py", line 1, in <module>
        KeyboardInterrupt
        after
    """)
    assert traceback.error == 'KeyboardInterrupt'
    assert 'after' not in traceback.text


def test_a_prefix_before_every_line_is_taken_off() -> None:
    traceback = find("""
        (Engine pid=7) ERROR 08-12 [core.py:9] Traceback (most recent call last):
        (Engine pid=7) ERROR 08-12 [core.py:9]   File "core.py", line 1, in run
        INFO: a line of another process
        (Engine pid=7) ERROR 08-12 [core.py:9] torch.OutOfMemoryError: CUDA out of memory.
        (Engine pid=7) INFO 08-12 [core.py:10] bye
    """)
    assert traceback.lines == [
        'Traceback (most recent call last):',
        '  File "core.py", line 1, in run',
        'torch.OutOfMemoryError: CUDA out of memory.',
    ]


def test_a_prefix_before_the_first_line_only_is_no_prefix() -> None:
    traceback = find("""
        12:00 ERROR Traceback (most recent call last):
          File "a.py", line 1, in <module>
        ValueError: bad
    """)
    assert traceback.error == 'ValueError: bad'


def test_an_endless_traceback_is_cut() -> None:
    traceback = find('Traceback (most recent call last):\n' + '  File "a.py"\n' * 1000)
    assert len(traceback.lines) == 300
