"""Evaluators that do harm, each by the answer that it is given."""

import os
import re
import signal
from typing import Any

from evalkit.errors import ConfigError
from evalkit.evaluators import KillableEvaluator


class HarmfulEvaluator(KillableEvaluator):
    """Compares texts, unless the answer names some harm to do."""

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        if output == 'regexp':
            re.match(r'(a+)+$', 'a' * 64 + 'b')
        if output == 'power':
            str(9**9**9)
        if output == 'memory':
            bytearray(6 << 30)
        if output == 'kill':
            os.kill(os.getpid(), signal.SIGKILL)
        if output == 'exit':
            os._exit(7)
        if output == 'raise':
            raise ValueError('no')
        if output == 'pid':
            return {'pid': float(os.getpid())}
        return {'accuracy': float(output == reference)}


class UnpreparedEvaluator(HarmfulEvaluator):
    """Misses a package, or dies as it starts."""

    def __init__(self, ending: str) -> None:
        super().__init__()
        self.ending = ending

    def prepare(self) -> None:
        if self.ending == 'missing':
            raise ConfigError('a package is missing')
        os._exit(7)


class MissingLaterEvaluator(KillableEvaluator):
    """Finds only at an answer that it cannot score any."""

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        raise ConfigError('a package is missing')
