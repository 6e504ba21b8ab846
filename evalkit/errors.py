"""The errors that evalkit raises on purpose; anything else that escapes is a bug.

    EvalkitError
    ├── ConfigError    the config is wrong, or names what cannot be had   exit code 2
    ├── BackendError   an engine has died or cannot go on                 exit code 4
    ├── StoreError     the work directory cannot be read or written       exit code 5
    └── TaskError      a task cannot be done with what is there           exit code 3
        └── IncompleteError   predictions are missing: run again          exit code 4

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
    """The config or the command line is wrong, or names a model or engine that cannot be had.

    Running the same again does not help, so that no runner tries it again.
    """

    exit_code = ExitCode.CONFIG


class BackendError(EvalkitError):
    """An engine has died or cannot go on; the run can be resumed."""

    exit_code = ExitCode.INCOMPLETE


class StoreError(EvalkitError):
    """The work directory cannot be written or is held by another run."""

    exit_code = ExitCode.STORE


class TaskError(EvalkitError):
    """A task cannot be done with what is there, for instance because all of its samples failed."""

    exit_code = ExitCode.FAILED


class IncompleteError(TaskError):
    """Predictions are missing, which a resumed run can mend."""

    exit_code = ExitCode.INCOMPLETE
