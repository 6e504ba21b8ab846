"""An evaluator during which the user presses Ctrl-C."""

import os
import signal

from evalkit.evaluators import AccEvaluator


class SignalEvaluator(AccEvaluator):
    """Interrupts its own process as it scores the reference '2'."""

    def score(self, output: str, reference: str) -> dict[str, float]:
        if reference == '2':
            os.kill(os.getpid(), signal.SIGINT)
        return super().score(output, reference)
