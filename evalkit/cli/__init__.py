"""The command line: `evalkit run CONFIG` (`python run.py CONFIG` is the same), and others."""

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from importlib import import_module

from evalkit.cli.arguments import make_parser
from evalkit.errors import ConfigError, EvalkitError, ExitCode

__all__ = ['main']


def main(argv: Sequence[str] | None = None, program: str = 'evalkit') -> int:
    """Run a command and return its exit code; an error for the user is one line."""
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = make_parser(program).parse_args(words)
    arguments.program, arguments.argv = program, words
    try:
        return command(arguments.command)(arguments)
    except EvalkitError as error:
        print(f'{program}: error: {error}', file=sys.stderr)  # noqa: T201 - for the user
        return error.exit_code
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def command(name: str) -> Callable[[Namespace], int]:
    """Return what a command does, and import no other: a mistake is told in half a second."""
    try:
        module = import_module(f'evalkit.cli.{name}')
    except ModuleNotFoundError as error:
        if (error.name or '').partition('.')[0] == 'evalkit':
            raise  # a bug of ours, which no installation mends
        raise ConfigError(
            f'{error.name} is not installed for {sys.executable}: `python -m pip install -e .` in '
            'the folder of evalkit installs all that it needs'
        ) from error
    found: Callable[[Namespace], int] = getattr(module, name)
    return found
