"""The first thing inside a sandbox: it gives up every right that is left, then runs a program.

It is told on one descriptor what to give up, and reports there: `R` ready, `L` the solution is
loaded, `T` all assertions hold, `E` an exception, `X` the sandbox cannot be set up. The keeper
answers `R` with the solution, `L` with the tests, and `T` with a token, which comes back: that
alone is a pass. So nothing that would prove one is here before the last assertion holds. Where the
keeper has cases in place of tests, it sends one by one, and `A` comes back with an answer.
"""

from __future__ import annotations

import marshal
import os
import sys

from .frames import receive, send

TYPE_CHECKING = False
if TYPE_CHECKING:  # each module costs time, for each program
    from types import CodeType, ModuleType
    from typing import Any, NoReturn

SOLUTION, TESTS, PRELUDE = '<solution>', '<tests>', '<prelude>'
MODULE = 'solution'
MAX_TEXT = 500
CHANNEL = 200
"""The descriptor is moved to a place where no program meets it by chance."""


def main(descriptor: int) -> None:
    """Do as the keeper says, and end without any clean-up that a program could have left."""
    os.dup2(descriptor, CHANNEL, inheritable=False)
    os.close(descriptor)
    try:
        restrict(marshal.loads(receive(CHANNEL)))
    except BaseException as error:  # noqa: BLE001 - the keeper tells it
        send(CHANNEL, b'X' + describe(error).encode())
        os._exit(1)
    try:
        run(CHANNEL)
    except BaseException as error:  # noqa: BLE001 - a program may raise anything
        flush()
        send(CHANNEL, b'E' + describe(error).encode('utf-8', 'replace'))
        os._exit(1)
    os._exit(0)


def restrict(plan: dict[str, Any]) -> None:
    """Give up the rights that the plan names."""
    sys.path[:0] = plan['import_paths']
    sys.dont_write_bytecode = True
    from . import privileges

    if plan['parent']:
        os.chdir(plan['folder'])
        os.environ['HOME'] = os.environ['TMPDIR'] = plan['folder']
    if plan['landlock']:
        from . import landlock

        landlock.restrict(plan['readable'], [plan['folder'], *plan['devices']])
    if plan['uid'] is not None:
        privileges.drop_user(plan['uid'], reads_closed_folders=plan['reads_closed_folders'])
    if plan['parent']:
        privileges.die_with(plan['parent'])
    privileges.limit(plan['limits'])
    if plan['seccomp']:
        from . import seccomp

        pid = os.getpid()
        seccomp.install(seccomp.filter_instructions(same_user=plan['same_user'], own_pid=pid))


def run(descriptor: int) -> None:
    """Load the solution; run the tests on it and hand the token back, or put cases to it."""
    send(descriptor, b'R')
    module = type(sys)(MODULE)
    sys.modules[MODULE] = module
    program = marshal.loads(receive(descriptor))
    exec(compiled(program['prelude'], PRELUDE), module.__dict__)
    number, code = first_that_compiles(program['solutions'], program['entry_point'])
    if program['has_cases']:
        answer_cases(descriptor, program, number, code, module)
    exec(code, module.__dict__)
    send(descriptor, b'L' + str(number).encode())
    exec(compiled(receive(descriptor).decode('utf-8', 'surrogatepass'), TESTS), module.__dict__)
    flush()
    send(descriptor, b'T')
    send(descriptor, receive(descriptor))


def answer_cases(
    descriptor: int, program: dict[str, Any], number: int, code: CodeType, module: ModuleType
) -> NoReturn:
    """Answer cases until the keeper has seen enough."""
    from . import cases

    loaded = b'L' + str(number).encode()
    if program['function']:
        exec(code, module.__dict__)
        method = cases.method_of(module, program['function'])
        send(descriptor, loaded)
        cases.call_with_cases(descriptor, method)
    cases.import_early(program['solutions'][number])
    send(descriptor, loaded)
    cases.run_with_cases(descriptor, code, module.__dict__, describe)


def first_that_compiles(solutions: list[str], entry_point: str) -> tuple[int, CodeType]:
    """Return the number and the code of the first text that is Python; else raise why not."""
    errors: list[Exception] = []
    for number, text in enumerate(solutions):
        try:
            return number, compiled_solution(text, entry_point)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            errors.append(error)
    raise errors[0]


def compiled_solution(text: str, entry_point: str) -> CodeType:
    """Return the code of a solution, or of what an entry point needs of it."""
    if not entry_point:
        return compiled(text, SOLUTION)
    from . import needed

    code: CodeType = compile(needed.needed_by(entry_point, text), SOLUTION, 'exec')
    return code


def compiled(text: str, name: str) -> CodeType:
    """Return the code of a text."""
    code: CodeType = compile(text, name, 'exec', dont_inherit=True)
    return code


def describe(error: BaseException) -> str:
    """Return the kind of an error, its place in the program, and its text, a line each."""
    if type(error).__name__ == 'ScriptError':  # it is what another process has described
        return str(error)
    place = ''
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in (SOLUTION, TESTS):
            place = f'{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}'
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename in (SOLUTION, TESTS):
        place = f'{error.filename}:{error.lineno}'
    return f'{type(error).__name__}\n{place}\n{text_of(error)[:MAX_TEXT]}'


def text_of(error: BaseException) -> str:
    """Return the text of an error, whose class the program may have written."""
    try:
        return error.msg if isinstance(error, SyntaxError) else str(error)
    except BaseException:  # noqa: BLE001
        return ''


def flush() -> None:
    """Write out what was printed; the program may have replaced what it prints to."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # noqa: BLE001
            continue
