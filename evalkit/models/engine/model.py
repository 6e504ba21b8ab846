"""The part of an engine's model class that does not depend on the engine."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, TypeVar

from evalkit.models.base import BaseModel
from evalkit.models.encoding import PromptEncoder
from evalkit.models.engine.frontend import Frontend
from evalkit.models.engine.port import EnginePort, Generated, Job, Output, Scored
from evalkit.models.huggingface_decoding import GenerationRow
from evalkit.models.huggingface_scoring import ScoringRow, Target
from evalkit.models.request_error import RequestError, failed_completion, failed_scoring
from evalkit.types import Completion, Request, Scoring, ScoringRequest, Usage

MAX_OPEN = 4096  # requests in the engine; many times what it runs at once
NUM_LOOKAHEAD = 1024  # scoring requests among which those that share their work are looked for
MAX_TARGETS = 128  # that one request answers; vLLM's limit

Answer = TypeVar('Answer', Completion, Scoring)


class EngineModel(BaseModel):
    """A model on an engine that schedules all open requests by itself.

    Prompts are rendered here and go in as token ids; answers come back as token ids and are
    decoded and cut at stop words here, so that all engines give the same text for the same tokens.
    A class sets `frontend` and `port` in its constructor.
    """

    TRANSPORT_KEYS = BaseModel.TRANSPORT_KEYS | {'pad_token_id', 'startup_timeout'}

    frontend: Frontend
    port: EnginePort

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield each completion as soon as the engine has finished it.

        `usage.output_tokens` counts every generated token, the one that ended the answer included.
        Closing the iterator early drops what the engine has not answered.
        """
        # Unlike a generator, `map` can be asked again after its end.
        return self._run(map(self._generation_job, requests), self._completions)

    def loglikelihood(self, requests: Iterable[ScoringRequest]) -> Iterator[Scoring]:
        """Yield the log-probability of each continuation (`HuggingFaceBaseModel` says of what).

        Requests that follow each other and differ in their last token only, such as options of one
        token, are one request to the engine.
        """
        return self._run(self._scoring_jobs(requests), self._scorings)

    @property
    def prompt_encoder(self) -> PromptEncoder:
        """What renders prompts into token ids."""
        return self.frontend.encoder

    def describe(self) -> Mapping[str, Any]:
        """Say which engine really runs: its name, version, device and dtype."""
        return {**self.port.describe(), 'max_seq_len': self.frontend.max_seq_len}

    def close(self) -> None:
        """End the engine and its processes; the model answers no more."""
        self.port.close()

    def _run(
        self,
        jobs: Iterator[Job | Answer],
        answers: Callable[[Any, Output], Iterable[Answer]],
    ) -> Iterator[Answer]:
        """Keep the engine full, and yield what it has finished."""
        try:
            yield from self._fill(jobs, answers)
            while self.port.num_open:
                yield from self._finished(answers)
                yield from self._fill(jobs, answers)
        finally:
            self.port.abort()

    def _fill(
        self,
        jobs: Iterator[Job | Answer],
        answers: Callable[[Any, Output], Iterable[Answer]],
    ) -> Iterator[Answer]:
        """Put in what there is, as long as there is room."""
        while self.port.num_open < MAX_OPEN and (job := next(jobs, None)) is not None:
            if isinstance(job, Completion | Scoring):
                yield job
            else:
                yield from self._submit(job, answers)

    def _submit(
        self, job: Job, answers: Callable[[Any, Output], Iterable[Answer]]
    ) -> Iterable[Answer]:
        try:
            self.port.submit(job)
        except RequestError as error:
            return answers(job, error)
        return ()

    def _finished(self, answers: Callable[[Any, Output], Iterable[Answer]]) -> Iterator[Answer]:
        return chain.from_iterable(answers(job, output) for job, output in self.port.finished())

    def _generation_job(self, request: Request) -> GenerationRow | Completion:
        try:
            return self.frontend.generation_row(request)
        except RequestError as error:
            return failed_completion(request, str(error))

    def _scoring_jobs(self, requests: Iterable[ScoringRequest]) -> Iterator[ScoringRow | Scoring]:
        waiting = iter(requests)
        while chunk := list(islice(waiting, NUM_LOOKAHEAD)):
            targets = []
            for request in chunk:
                try:
                    targets.append(self.frontend.target(request))
                except RequestError as error:
                    yield failed_scoring(request, str(error))
            yield from scoring_rows(targets)

    def _completions(self, row: GenerationRow, output: Output) -> Iterable[Completion]:
        if isinstance(output, Generated):
            return [self.frontend.completion(row, output)]
        return [failed_completion(row.request, str(output))]

    def _scorings(self, row: ScoringRow, output: Output) -> Iterable[Scoring]:
        if not isinstance(output, Scored):
            return [failed_scoring(target.request, str(output)) for target in row.targets]
        return [
            Scoring(
                key=target.request.key,
                logprob=logprob,
                num_tokens=target.num_tokens,
                is_greedy=is_greedy,
                usage=Usage(len(target.ids), 0, output.cached_tokens, target.num_cut),
            )
            for target, (logprob, is_greedy) in zip(row.targets, output.targets, strict=True)
        ]


def scoring_rows(targets: Iterable[Target]) -> Iterator[ScoringRow]:
    """Yield one row for all targets that differ in their last token only, in the order given."""
    by_input: dict[tuple[tuple[int, ...], int, str | None], list[Target]] = {}
    for target in targets:
        shape = (target.ids[:-1], target.start, target.request.adapter)
        by_input.setdefault(shape, []).append(target)
    for (ids, *_), shared in by_input.items():
        for first in range(0, len(shared), MAX_TARGETS):
            yield ScoringRow(ids, tuple(shared[first : first + MAX_TARGETS]))
