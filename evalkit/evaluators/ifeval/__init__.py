"""IFEval: whether a response follows instructions that a program can verify."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.evaluators.base import BaseEvaluator, Metric, Scores, mean_metric
from evalkit.evaluators.ifeval.checks import CHECKS, follows
from evalkit.evaluators.noted import NotedScores, notes
from evalkit.evaluators.ratio import ratio_metric

__all__ = ['CHECKS', 'IFEvaluator', 'follows']

PROMPT, INSTRUCTION = 'Prompt-level-{}-accuracy', 'Inst-level-{}-accuracy'


@dataclass(frozen=True, slots=True)
class Followed:
    """How many of the instructions of a prompt are followed, strictly and loosely."""

    strict: int
    loose: int
    total: int


class IFEvaluator(BaseEvaluator):
    """The four accuracies of the paper, by OpenCompass's names, the first being the main one.

    Prompt-level: all instructions of a prompt are followed; Inst-level: the share of instructions.
    Loose: a response may also follow without its first line, its last, or both, and without
    asterisks (section 2.2 of https://arxiv.org/abs/2311.07911). A reference is a row of the data,
    with `instruction_id_list` and `kwargs`.
    """

    def score(self, output: Any, reference: Any) -> Scores:
        """Check the instructions of one prompt."""
        wanted = list(zip(reference['instruction_id_list'], reference['kwargs'], strict=True))
        if not wanted:
            raise ValueError('the prompt has no instructions')
        strict = [follows(str(output), *each) for each in wanted]
        loose = [any(follows(text, *each) for text in loosened(str(output))) for each in wanted]
        scores = {
            PROMPT.format('strict'): float(all(strict)),
            INSTRUCTION.format('strict'): sum(strict) / len(wanted),
            PROMPT.format('loose'): float(all(loose)),
            INSTRUCTION.format('loose'): sum(loose) / len(wanted),
        }
        return NotedScores(scores, Followed(sum(strict), sum(loose), len(wanted)))

    def aggregate(self, scores: Sequence[Scores], clusters: Sequence[int]) -> dict[str, Metric]:
        """Return means over prompts, and shares of all instructions."""
        found = notes(scores, Followed)
        metrics: dict[str, Metric] = {}
        for kind in ('strict', 'loose'):
            name = PROMPT.format(kind)
            metrics[name] = mean_metric([score[name] for score in scores], clusters)
            rows = [(getattr(each, kind), each.total) for each in found]
            metrics[INSTRUCTION.format(kind)] = ratio_metric(rows, clusters)
        return metrics


def loosened(response: str) -> list[str]:
    """Return a response and what is left of it without its first or last line or asterisks."""
    lines = response.split('\n')
    texts = [response, *('\n'.join(part).strip() for part in (lines[1:], lines[:-1], lines[1:-1]))]
    return [*texts, *(text.replace('*', '') for text in texts)]
