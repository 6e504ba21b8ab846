"""The command line: `evalkit run CONFIG`, and `python run.py CONFIG`, which is the same."""

import sys
from collections.abc import Sequence

from evalkit.cli.arguments import make_parser
from evalkit.errors import EvalkitError, ExitCode

__all__ = ['main']


def main(argv: Sequence[str] | None = None, program: str = 'evalkit') -> int:
    """Run a command and return its exit code; an error for the user is one line."""
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = make_parser(program).parse_args(words)
    arguments.program, arguments.argv = program, words
    try:
        from evalkit.cli.run import run  # --help needs none of what it imports

        return run(arguments)
    except EvalkitError as error:
        print(f'{program}: error: {error}', file=sys.stderr)  # noqa: T201 - for the user
        return error.exit_code
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
