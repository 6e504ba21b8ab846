"""Finds the first traceback in a log: later ones are mostly its consequences."""

import re

START = 'Traceback (most recent call last):'
LINKS = ('During handling of the above', 'The above exception was the direct cause')
ERROR = re.compile(r'[A-Za-z_][\w.]*(: |:?$)')
MAX_LINES = 300


class FirstTraceback:
    """Takes the lines of a log one by one and keeps the first traceback with its whole chain.

    Engines put a prefix such as `(EngineCore pid=7) ERROR [core.py:9] ` before every line; it is
    taken off, and lines of other processes in between are left out.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._prefix = ''
        self._between: list[str] = []
        self._has_error = False
        self._is_over = False

    @property
    def text(self) -> str:
        """The traceback, or an empty text."""
        return '\n'.join(self.lines)

    @property
    def error(self) -> str:
        """The error at the end of the traceback, or an empty text."""
        errors = [line for line in self.lines if line != START and ERROR.match(line)]
        return errors[-1] if errors else ''

    def feed(self, line: str) -> None:
        """Take the next line of the log, without its newline."""
        if self._is_over:
            return
        if START in line:
            self._begin(line.partition(START)[0])
        elif self.lines:
            self._go_on(line)
        self._is_over |= len(self.lines) >= MAX_LINES

    def _begin(self, prefix: str) -> None:
        """Begin a traceback, unless it is a second one that has nothing to do with the first."""
        is_linked = any(line.startswith(LINKS) for line in self._between)
        if self.lines and not is_linked:
            self._is_over = True
            return
        self._prefix = prefix
        self.lines += [*self._between, START]
        self._between = []
        self._has_error = False

    def _go_on(self, line: str) -> None:
        """Take a line of the stack, the error below it, or what links it to the next one."""
        if self._prefix and not line.startswith(self._prefix[:4]):
            if self.lines[-1] != START:
                return
            self._prefix = ''
        line = line[len(self._prefix) :]
        if not self._has_error:
            self.lines.append(line)
            self._has_error = ERROR.match(line) is not None
        elif not line.strip() or line.startswith(LINKS):
            self._between.append(line)
        else:
            self._is_over = True
