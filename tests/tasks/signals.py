"""Evaluators and models during which the user presses Ctrl-C."""

import os
import signal
from collections.abc import Iterable, Iterator

from evalkit.evaluators import AccEvaluator
from evalkit.models import ScriptedModel
from evalkit.types import Completion, Request


class SignalEvaluator(AccEvaluator):
    """Interrupts its own process as it scores the reference '2'."""

    def score(self, output: str, reference: str) -> dict[str, float]:
        if reference == '2':
            os.kill(os.getpid(), signal.SIGINT)
        return super().score(output, reference)


class InterruptedModel(ScriptedModel):
    """Takes all requests, and is interrupted before it answers the first."""

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        taken = list(requests)
        os.kill(os.getpid(), signal.SIGINT)
        yield from super().generate(taken)


class SlowlyLoadedModel(ScriptedModel):
    """Is interrupted while it is loaded."""

    def __init__(self, path: str = 'slow') -> None:
        super().__init__(path)
        os.kill(os.getpid(), signal.SIGINT)
