"""Asks all jobs at once, as many in flight as each endpoint bears, in one asyncio loop."""

import asyncio
import heapq
import logging
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Generic

from evalkit.errors import BackendError, ConfigError, EvalkitError
from evalkit.models.openai.accounting import Accounting, RateReport
from evalkit.models.openai.ceilings import Ceilings
from evalkit.models.openai.endpoint import Endpoint
from evalkit.models.openai.failures import AttemptError, Blame, Failure
from evalkit.models.openai.jobs import Answer, Job
from evalkit.models.openai.payloads import SPARSE, names_a_field
from evalkit.models.openai.replies import Reply, read_usage
from evalkit.models.openai.retries import RetryPolicy, Verdict, judge
from evalkit.models.openai.served import base_answers, is_sglang
from evalkit.models.openai.transport import Transport

logger = logging.getLogger(__name__)

FEW_FAILING = 3  # requests that fail where all others had an answer may be at fault themselves
REFUSED_FIRST = 16  # refused requests without an answer, after which the config must be wrong

HINTS = {
    'forbidden': ' (may this `key` use the model?)',
    'auth': ' (is the `key` right, or OPENAI_API_KEY?)',
    'model_not_found': ' (does the server know the model `path`, and does the address end in /v1?)',
}


@dataclass(frozen=True, slots=True)
class Errand(Generic[Answer]):
    """One attempt: which job, where, since when, and what it is expected to take."""

    job: Job[Answer]
    endpoint: Endpoint
    began: float
    dialect: int
    expected_tokens: float


@dataclass
class Outlook:
    """What lasts longer than one exchange: the endpoints, the budgets and the counts."""

    endpoints: Sequence[Endpoint]
    model: str
    path: str
    policy: RetryPolicy
    ceilings: Ceilings
    accounting: Accounting
    report: RateReport | None = None
    served_model: str | None = None
    num_refused: int = 0


class Exchange(Generic[Answer]):
    """Pulls jobs as there is room for them; `next_answers` gives what has arrived.

    Jobs that failed wait in a heap for their next attempt, and go before new ones. `jobs` is asked
    again after its end, since answers that are taken may bring others.
    """

    def __init__(self, jobs: Iterator[Job[Answer]], outlook: Outlook, transport: Transport) -> None:
        self.jobs = jobs
        self.outlook = outlook
        self.transport = transport
        self.answers: deque[Answer] = deque()
        self.error: BaseException | None = None
        self._again: list[tuple[float, int, Job[Answer]]] = []
        self._order = count()
        self._tasks: set[asyncio.Task[None]] = set()
        self._num_answered = 0
        self._is_exhausted = False
        self._wake = asyncio.Event()

    async def next_answers(self) -> list[Answer]:
        """Return the answers that have arrived, at least one; none means that all are there."""
        self._fill()
        while not self.answers and not self._is_over():
            await self._wait()
            self._fill()
        found = list(self.answers)
        self.answers.clear()
        if not found and self.error is not None:
            raise self.error
        return found

    async def close(self) -> None:
        """Cancel what is in flight."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _is_over(self) -> bool:
        if self.error is not None:
            return True
        return self._is_exhausted and not self._tasks and not self._again

    def _fill(self) -> None:
        """Send as many jobs as may be sent now."""
        while (errand := self._pick()) is not None:
            task = asyncio.get_running_loop().create_task(self._work(errand))
            self._tasks.add(task)
            task.add_done_callback(self._finish)

    def _pick(self) -> Errand[Answer] | None:
        """Take the next job, if one may be sent now, and count it as sent."""
        if self.error is not None or self.outlook.ceilings.wait() > 0:
            return None
        endpoint = max(self.outlook.endpoints, key=Endpoint.room)
        job = self._next_job() if endpoint.room() > 0 else None
        if job is None:
            return None
        now = time.monotonic()
        job.history.begin(now, self._num_answered)
        endpoint.begin()
        expected = self.outlook.ceilings.begin(job.prompt_tokens)
        return Errand(job, endpoint, now, endpoint.dialect, expected)

    def _next_job(self) -> Job[Answer] | None:
        if self._again and self._again[0][0] <= time.monotonic():
            return heapq.heappop(self._again)[2]
        if len(self._again) >= self._max_waiting():
            return None
        job = next(self.jobs, None)
        self._is_exhausted = job is None
        return job

    def _max_waiting(self) -> int:
        return sum(endpoint.limit.ceiling for endpoint in self.outlook.endpoints)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            self.error = self.error or error

    async def _wait(self) -> None:
        """Wait until a job is done, or until time alone has made room."""
        self._wake.clear()
        times = [endpoint.opens_at() for endpoint in self.outlook.endpoints]
        if self._again and any(endpoint.room() > 0 for endpoint in self.outlook.endpoints):
            times.append(self._again[0][0])
        pause = self.outlook.ceilings.wait()
        times += [time.monotonic() + pause] if pause else []
        known = [at for at in times if at is not None]
        timeout = max(0.0, min(known) - time.monotonic()) if known else None
        try:
            async with asyncio.timeout(timeout):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _work(self, errand: Errand[Answer] | None) -> None:
        """Run an errand, and then the next one, as long as there is one.

        So each answer is followed by a request at once. If a burst of answers were taken first and
        followed by a burst of requests, the server would idle between them.
        """
        while errand is not None:
            try:
                await self._run(errand)
            finally:
                errand.endpoint.in_flight -= 1
            self._wake.set()
            errand = self._pick()
            self._fill()

    async def _run(self, errand: Errand[Answer]) -> None:
        """Ask once, and settle what came of it."""
        job, address = errand.job, errand.endpoint.address
        try:
            body = job.body(errand.dialect)
        except AttemptError as error:
            self.answers.append(job.fail(error.failure))
            return
        self.outlook.accounting.num_requests += 1
        try:
            reply = await self.transport.post(address, self.outlook.path, body)
            if self.outlook.served_model is None:
                await self._check_model(errand.endpoint, reply)
            answer = job.read(reply)
        except AttemptError as error:
            self.outlook.ceilings.end(errand.expected_tokens, 0, 0)
            self._settle(errand, error.failure)
        else:
            self._take(errand, answer, reply)

    async def _check_model(self, endpoint: Endpoint, reply: Reply) -> None:
        """See with the first answer whether the model that is asked for is the one that answers."""
        if is_sglang(reply.answer):
            models = await self.transport.list_models(endpoint.address)
            refusal = base_answers(self.outlook.model, models)
            if refusal:
                raise AttemptError(Failure(Blame.FATAL, 'model_not_found', refusal))

    def _take(self, errand: Errand[Answer], answer: Answer, reply: Reply) -> None:
        """Count an answer, and keep it for whoever takes the next."""
        usage, seconds = read_usage(reply.answer.get('usage')), time.monotonic() - errand.began
        tokens = (usage.prompt_tokens, usage.output_tokens)
        self.outlook.ceilings.end(errand.expected_tokens, *tokens)
        self.outlook.accounting.add_answer(seconds, usage, reply.first_token)
        self._num_answered += 1
        errand.endpoint.succeed(seconds, 1 + usage.output_tokens)
        self._note(reply)
        self.answers.append(answer)

    def _note(self, reply: Reply) -> None:
        if self.outlook.served_model is None:
            self.outlook.served_model = str(reply.answer.get('model') or '')
        line = self.outlook.report and self.outlook.report.line(len(self._tasks))
        if line:
            logger.info(line)

    def _settle(self, errand: Errand[Answer], failure: Failure) -> None:
        """Decide, as the one owner of retries, what a failure means for job and endpoint."""
        job, endpoint = errand.job, errand.endpoint
        is_sample = failure.blame is Blame.SAMPLE
        if is_sample and errand.dialect < SPARSE and names_a_field(failure.text):
            endpoint.simplify(errand.dialect)
            self._ask_again(job, 0.0)
            return
        failure = endpoint.reconsider(failure)
        if failure.blame is Blame.SAMPLE:
            endpoint.is_proven = True
        elif failure.blame is not Blame.FATAL:
            endpoint.fail(failure, id(job), errand.began)
        job.history.add(failure, self._num_answered)
        is_alone = endpoint.has_answered and len(endpoint.failing) <= FEW_FAILING
        verdict = judge(job.history, self.outlook.policy, time.monotonic(), is_alone=is_alone)
        self._carry_out(verdict, errand, failure)

    def _carry_out(self, verdict: Verdict, errand: Errand[Answer], failure: Failure) -> None:
        job, endpoint = errand.job, errand.endpoint
        if verdict is Verdict.STOP:
            self.error = _fatal(endpoint, failure)
        elif verdict is Verdict.FAIL:
            self.answers.append(job.fail(failure))
            self._count_refused(endpoint, failure)
        else:
            self.outlook.accounting.retries[failure.kind] += 1
            self._ask_again(job, self.outlook.policy.backoff(job.history.num_failures - 1))
        if self.error is None and all(other.is_dead for other in self.outlook.endpoints):
            self._stop(failure)

    def _ask_again(self, job: Job[Answer], pause: float) -> None:
        heapq.heappush(self._again, (time.monotonic() + pause, next(self._order), job))

    def _count_refused(self, endpoint: Endpoint, failure: Failure) -> None:
        """Stop where every request is refused: then it is the config that is wrong."""
        if endpoint.has_answered or failure.kind != 'bad_request':
            return
        self.outlook.num_refused += 1
        if self.outlook.num_refused >= REFUSED_FIRST:
            self.error = ConfigError(
                f'{endpoint.address.label} refused each of the first {REFUSED_FIRST} requests: '
                f'{failure.text}'
            )

    def _stop(self, failure: Failure) -> None:
        """Give up: what was asked and not answered has an error, the rest is left open."""
        for _, _, job in sorted(self._again, key=lambda entry: entry[1]):
            self.answers.append(job.fail(job.history.last or failure))
        self._again.clear()
        labels = ', '.join(endpoint.address.label for endpoint in self.outlook.endpoints)
        self.error = BackendError(f'{labels} answered no more, the last failure is: {failure.text}')


def _fatal(endpoint: Endpoint, failure: Failure) -> EvalkitError:
    """Return the error that ends the exchange: before the first answer the config is wrong."""
    text = f'{endpoint.address.label}: {failure.text}'
    return (BackendError if endpoint.has_answered else ConfigError)(f'{text}{_hint(failure)}')


def _hint(failure: Failure) -> str:
    return HINTS.get(failure.kind, '')
