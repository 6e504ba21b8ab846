"""The errors that evalkit raises on purpose; anything else that escapes is a bug.

    EvalkitError
    ├── ConfigError    the config or the command line is wrong            exit code 2
    ├── BackendError   an engine cannot be loaded or has died             exit code 4
    ├── StoreError     the work directory cannot be read or written       exit code 5
    └── TaskError      a task cannot be done with what is there           exit code 3

The text of an error is one line for the user: what is wrong, where, and what to do.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the exit status of `run.py` tells a script."""

    COMPLETE = 0
    CONFIG = 2
    FAILED = 3  # samples or datasets failed for good; running again does not help by itself
    INCOMPLETE = 4  # run again with `-r` to resume
    STORE = 5
    INTERRUPTED = 130


class EvalkitError(Exception):
    """An error whose text is meant for the user."""

    exit_code: ExitCode = ExitCode.FAILED


class ConfigError(EvalkitError):
    """The config or the command line is wrong; nothing was run."""

    exit_code = ExitCode.CONFIG


class BackendError(EvalkitError):
    """An engine is not installed, cannot load the model, or has died."""

    exit_code = ExitCode.INCOMPLETE


class StoreError(EvalkitError):
    """The work directory cannot be written or is held by another run."""

    exit_code = ExitCode.STORE


class TaskError(EvalkitError):
    """A task cannot be done with what is there, for instance because predictions are missing."""

    exit_code = ExitCode.FAILED
