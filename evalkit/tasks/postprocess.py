"""What is done to an output before it is scored."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from evalkit.errors import EvalkitError
from evalkit.evaluators import describe_failure
from evalkit.postprocessors.chain import Postprocessor, apply, postprocessors
from evalkit.workers import Crew, Lost, num_cores

logger = logging.getLogger(__name__)

SECONDS = 5.0
"""A postprocessor that takes longer for one output hangs, as a regular expression may."""

CHUNK = 256
"""Outputs that a process gets at a time."""


def on_output(
    eval_cfg: Mapping[str, Any], model_cfg: Mapping[str, Any]
) -> tuple[Postprocessor, ...]:
    """Return what makes an answer of an output: the role's turn, then the model's and the
    dataset's postprocessors (the evaluator comes after them).
    """
    return (
        *role_cutter(eval_cfg.get('pred_role'), model_cfg.get('meta_template')),
        *postprocessors(model_cfg.get('pred_postprocessor')),
        *postprocessors(eval_cfg.get('pred_postprocessor')),
    )


def role_cutter(
    role: str | None, meta_template: Mapping[str, Any] | None
) -> tuple[Postprocessor, ...]:
    """Return the function that keeps the turn of `role` of a base model's output."""
    rounds = (meta_template or {}).get('round', ()) if role else ()
    for item in rounds:
        if isinstance(item, Mapping) and item.get('role') == role:
            begin, end = str(item.get('begin') or ''), str(item.get('end') or '')
            cut = cut_own_turn if item.get('generate') else cut_turn
            return (partial(cut, begin=begin, end=end),)
    return ()


def cut_own_turn(text: str, begin: str, end: str) -> str:
    """Return the turn that an output begins with: the prompt has opened it already."""
    return cut_turn(before(text, end), begin, '')


def cut_turn(text: str, begin: str, end: str) -> str:
    """Return what stands between the marks of a turn; a mark that is absent cuts nothing."""
    return before(text.split(begin, 1)[-1] if begin else text, end)


def before(text: str, end: str) -> str:
    """Return what stands before a mark; white space alone is none, since answers have lines."""
    return text.split(end, 1)[0] if end.strip() else text


@dataclass(frozen=True, slots=True)
class Processed:
    """What the postprocessors make of a value, or the error that they end with."""

    value: Any
    error: str | None = None


class Postprocessing:
    """Applies postprocessors in processes that can be killed: one that hangs costs one answer."""

    def __init__(self) -> None:
        self.crew = Crew(PostprocessService(), num_cores(), CHUNK)

    def close(self) -> None:
        """End the processes."""
        self.crew.stop()

    def apply(
        self, functions: tuple[Postprocessor, ...], values: Iterable[Any], kind: str
    ) -> list[Processed]:
        """Return what the functions make of each value; `kind` begins the text of an error."""
        if not functions:
            return [Processed(value) for value in values]
        found = dict(self.crew.work((functions, value, kind) for value in values))
        return [as_processed(found[number], kind) for number in range(len(found))]


class PostprocessService:
    """What a process of `Postprocessing` does."""

    seconds = SECONDS

    def prepare(self) -> None:
        """Need nothing."""

    def do(self, item: tuple[tuple[Postprocessor, ...], Any, str]) -> Processed:
        """Apply functions one after the other."""
        functions, value, kind = item
        try:
            return Processed(apply(functions, value))
        except EvalkitError:  # a missing package concerns every sample
            raise
        except Exception as error:
            logger.debug('a %s failed', kind, exc_info=True)
            return Processed(None, f'{kind}: {describe_failure(error)}')


def as_processed(outcome: Any, kind: str) -> Processed:
    """Return what became of a value; one whose process had to be killed is an error."""
    if isinstance(outcome, Lost):
        return Processed(None, f'{kind}: {outcome.error}')
    found: Processed = outcome
    return found
