"""Asks one backend a few requests greedily, and scores the answers of the reference backend."""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from evalkit.errors import ConfigError
from evalkit.models import BaseModel
from evalkit.models.encoding import PromptEncoder
from evalkit.models.request_error import RequestError
from evalkit.store import Workspace
from evalkit.tasks.base import Task
from evalkit.tasks.guard import Failures
from evalkit.tasks.plan import DatasetPlan, build_model, identity_of
from evalkit.tasks.probes import Probe, Probed
from evalkit.tasks.progress import ProgressFile
from evalkit.types import Completion, Request, Scoring, ScoringRequest

logger = logging.getLogger(__name__)

Asked = tuple[Probed, Request | ScoringRequest]


class ProbeTask:
    """Writes `probes/<model>.json`; `task.reference` names the probe whose answers are scored."""

    def __init__(self, task: Task, progress: ProgressFile) -> None:
        self.task = task
        self.workspace = Workspace(Path(task.work_dir))
        self.file = progress
        self.failures = Failures()

    def run(self) -> None:
        """Ask everything, and write what came of it."""
        asked = list(self.requests())
        self.failures.raise_if_any()
        began = time.monotonic()
        model = build_model(self.task.model)
        self.begin(len(asked), time.monotonic() - began)
        try:
            probe = self.probe(model, asked)
        finally:
            model.close()
        probe.write(self.workspace.probe(self.task.model['abbr']))

    def requests(self) -> Iterator[Asked]:
        """Yield the requests of the first repeat of each sample, made greedy.

        Turns whose prompts hold an earlier answer are left out: those answers may differ.
        """
        identity = identity_of(self.task.model)
        for dataset_cfg in self.task.datasets:
            with self.failures.guard(dataset_cfg['abbr']):
                plan = DatasetPlan(dataset_cfg, self.task.model, identity)
                for question in plan.questions():
                    if question.repeat or question.awaits:
                        continue
                    for number, request in enumerate(question.requests):
                        is_generation = isinstance(request, Request)
                        item = Probed(plan.abbr, question.sample.index, number, is_generation)
                        asked = replace(request, key=item.key, adapter=plan.adapter)
                        yield item, greedy(asked)

    def begin(self, num_total: int, load_seconds: float) -> None:
        """Report that the model is loaded."""
        progress = self.file.progress
        progress.phase, progress.num_total, progress.load_seconds = (
            'asking',
            num_total,
            load_seconds,
        )
        self.file.update(now=True)

    def probe(self, model: BaseModel, asked: Sequence[Asked]) -> Probe:
        """Return what the model made of the requests."""
        answers = {answer.key: answer for answer in self.count(model.generate(generations(asked)))}
        continuations = self.reference_texts() or {
            key: answer.text for key, answer in answers.items()
        }
        scorings, reason = score(model, list(scoring_requests(asked, continuations)))
        encoder = model.prompt_encoder
        return Probe(
            engine=model.describe(),
            bos_token_id=encoder.tokenizer.bos_token_id if encoder else None,
            items=[
                with_scoring(
                    with_answer(with_prompt(item, request, encoder), answers.get(item.key)),
                    scorings.get(item.key),
                )
                for item, request in asked
            ],
            no_logprobs=reason,
        )

    def count(self, answers: Iterator[Completion]) -> Iterator[Completion]:
        """Report each answer as it comes."""
        for answer in answers:
            self.file.progress.num_done += 1
            self.file.progress.output_tokens += answer.usage.output_tokens
            self.file.update()
            yield answer

    def reference_texts(self) -> dict[str, str]:
        """Return the answers of the reference; none if this is the reference itself."""
        if self.task.reference is None:
            return {}
        probe = Probe.read(self.workspace.probe(self.task.reference))
        return {item.key: item.text for item in probe.items}


def greedy(request: Request | ScoringRequest) -> Request | ScoringRequest:
    """Return the request without anything random."""
    if isinstance(request, ScoringRequest):
        return request
    return replace(request, params=replace(request.params, temperature=0.0, seed=None))


def generations(asked: Sequence[Asked]) -> list[Request]:
    """Return the requests for an answer."""
    return [request for _, request in asked if isinstance(request, Request)]


def scoring_requests(
    asked: Sequence[Asked], continuations: Mapping[str, str]
) -> Iterator[ScoringRequest]:
    """Yield what is to be scored: given continuations, and the answers of the reference."""
    for item, request in asked:
        if isinstance(request, ScoringRequest):
            yield request
        elif continuations.get(item.key):
            yield ScoringRequest(
                item.key, request.prompt, continuations[item.key], adapter=request.adapter
            )


def score(
    model: BaseModel, requests: Sequence[ScoringRequest]
) -> tuple[dict[str, Scoring], str | None]:
    """Return the scorings by key, and why there are none where a backend cannot score."""
    try:
        return {scoring.key: scoring for scoring in model.loglikelihood(requests)}, None
    except ConfigError as error:
        logger.info('no log-probabilities: %s', error)
        return {}, str(error)


def with_prompt(
    item: Probed, request: Request | ScoringRequest, encoder: PromptEncoder | None
) -> Probed:
    """Add the prompt as it is rendered and encoded."""
    if encoder is None:
        return item
    try:
        if isinstance(request, ScoringRequest):
            ids, _ = encoder.encode_pair(request.context, request.continuation)
        else:
            ids = encoder.encode(request.prompt)
    except RequestError as error:
        return replace(item, error=str(error))
    return replace(item, prompt_ids=ids, prompt_text=encoder.tokenizer.decode(ids))


def with_answer(item: Probed, answer: Completion | None) -> Probed:
    """Add the greedy answer."""
    if answer is None:
        return item
    return replace(
        item,
        text=answer.text,
        token_ids=answer.token_ids,
        finish_reason=answer.finish_reason,
        prompt_tokens=answer.usage.prompt_tokens,
        error=answer.error,
    )


def with_scoring(item: Probed, scoring: Scoring | None) -> Probed:
    """Add the log-probability."""
    if scoring is None:
        return item
    if scoring.error is not None:
        return replace(item, error=item.error or scoring.error)
    return replace(
        item,
        logprob=scoring.logprob,
        num_tokens=scoring.num_tokens,
        is_greedy=scoring.is_greedy,
    )
