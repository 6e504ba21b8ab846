"""Scoring by running: the program of each answer, with its tests, in a sandbox."""

import logging
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from evalkit.errors import TaskError
from evalkit.evaluators.base import BaseEvaluator, Metric, Scores, Unscored, mean_metric
from evalkit.evaluators.noted import ExplainedScores, explanation
from evalkit.evaluators.passes import pass_chances
from evalkit.evaluators.suspicions import suspicions
from evalkit.sandbox import Limits, Program, Verdict, choose_mode, judge_all, plan_of

logger = logging.getLogger(__name__)

UNSAFE = 'code that a model wrote was run WITHOUT A SANDBOX (--allow-unsafe-code)'


class CodeEvaluator(BaseEvaluator):
    """Whether a program passes its tests; a subclass puts program and tests together.

    Each program has `seconds` and `memory_mb` for all its processes. `sandbox` is 'bubblewrap',
    'landlock', or 'auto' for the best that this machine has; without any, nothing is run unless
    `allow_unsafe_code` says so (docs/code.md). `num_workers` programs run at a time, by default
    one a core.
    """

    metric = 'pass@{k}'
    """The name of a metric; without a `{k}` there is just one."""

    def __init__(
        self,
        k: int | Sequence[int] = (1, 10, 100),
        *,
        seconds: float = 10.0,
        memory_mb: int = 1024,
        sandbox: str = 'auto',
        allow_unsafe_code: bool = False,
        num_workers: int | None = None,
    ) -> None:
        self.sizes = [k] if isinstance(k, int) else list(k)
        self.limits = Limits(seconds=seconds, memory_mb=memory_mb)
        self.sandbox = sandbox
        self.allow_unsafe_code = allow_unsafe_code
        self.num_workers = num_workers
        self.mode = ''

    @abstractmethod
    def program(self, output: Any, reference: Any) -> Program:
        """Return the program of an answer, and its tests."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Return 1 if the program of an answer passes its tests, else 0."""
        [scores] = self.score_all([output], [reference])
        if isinstance(scores, Unscored):
            raise TaskError(scores.error)
        return scores

    def score_all(
        self, outputs: Sequence[Any], references: Sequence[Any]
    ) -> Sequence[Scores | Unscored]:
        """Run the programs of all answers, several at a time."""
        self.choose_sandbox()
        self.prepare(references)
        return self.run_all(outputs, references)

    def choose_sandbox(self) -> None:
        """Take the sandbox that is wanted, or the best that there is."""
        self.mode = choose_mode(self.sandbox, allow_unsafe_code=self.allow_unsafe_code)
        if self.mode == 'none':
            logger.warning(UNSAFE)

    def run_all(self, outputs: Sequence[Any], references: Sequence[Any]) -> list[Scores | Unscored]:
        """Return the scores of each answer."""
        told: list[Program] = []
        verdicts = judge_all(
            self.plan(), self.programs(outputs, references, told), self.num_workers
        )
        return [self.scores(*pair) for pair in zip(told, verdicts, strict=True)]

    def prepare(self, references: Sequence[Any]) -> None:
        """Do what all programs need, before the first is made."""

    def plan(self) -> dict[str, Any]:
        """Return how programs are run."""
        return plan_of(self.mode, self.limits)

    def programs(
        self, outputs: Sequence[Any], references: Sequence[Any], told: list[Program]
    ) -> Iterator[Program]:
        """Yield the program of each answer when it is wanted; without its cases it is `told`."""
        for pair in zip(outputs, references, strict=True):
            program = self.program(*pair)
            told.append(replace(program, cases=()))
            yield program

    def scores(self, program: Program, verdict: Verdict) -> Scores | Unscored:
        """Return the score of a verdict; a program that could not be run has none."""
        if verdict.kind == 'error':
            return Unscored(f'sandbox: {verdict.reason}')
        passed = verdict.kind == 'passed'
        return ExplainedScores({self.main_metric: float(passed)}, explain(program, verdict))

    @property
    def main_metric(self) -> str:
        """The name of the share of the programs that pass."""
        return self.metric.format(k=1)

    def aggregate(self, scores: Sequence[Scores], clusters: Sequence[int]) -> dict[str, Metric]:
        """Return pass@k for each k that every sample has answers for; k = 1 always.

        Of n answers of which c pass, k drawn ones have a pass with the chance of
        1 - C(n-c, k) / C(n, k), which is unbiased (Chen et al., https://arxiv.org/abs/2107.03374).
        """
        passed = [score[self.main_metric] for score in scores]
        metrics = {self.main_metric: mean_metric(passed, clusters)}
        fewest = min(Counter(clusters).values())
        for size in self.sizes:
            if 1 < size <= fewest and '{k}' in self.metric:
                chances = pass_chances(passed, clusters, size)
                metrics[self.metric.format(k=size)] = mean_metric(chances, range(len(chances)))
        return metrics

    def report(self, scores: Sequence[Scores]) -> Mapping[str, Any]:
        """Say in which sandbox the programs ran, and how they ended."""
        told = [explanation(each) for each in scores]
        suspicious = [each for each in told if each['verdict'] == 'passed' and each['suspicions']]
        remarks = [UNSAFE] if self.mode == 'none' else []
        if suspicious:
            remarks.append(
                f'{len(suspicious)} programs that pass use what could forge a pass '
                "(details: 'suspicions')"
            )
        return {
            'sandbox': self.mode,
            'verdicts': dict(Counter(each['verdict'] for each in told)),
            'suspicious': len(suspicious),
            'remarks': remarks,
        }


def explain(program: Program, verdict: Verdict) -> dict[str, Any]:
    """Return what was run, and what came of it."""
    solution = program.solutions[verdict.solution or 0]
    return {
        'verdict': verdict.kind,
        'why': why(solution, program.tests, verdict),
        'printed': verdict.output,
        'suspicions': suspicions(solution),
        'program': f'{solution.rstrip()}\n\n{program.tests.strip()}'.rstrip() + '\n',
    }


def why(solution: str, tests: str, verdict: Verdict) -> str:
    """Return the reason with the line that it comes from."""
    name, _, number = verdict.place.partition(':')
    lines = {'<solution>': solution, '<tests>': tests}.get(name, '').splitlines()
    if not number.isdigit() or not 0 < int(number) <= len(lines):
        return verdict.reason
    return f'{verdict.reason} ({name.strip("<>")}, line {number}: {lines[int(number) - 1].strip()})'
