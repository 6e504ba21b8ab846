"""What the exchange asks: a body to send, a reply to read, and an answer for the failed case."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Generic, TypeVar

from evalkit.models.openai.failures import AttemptError, Blame, Failure
from evalkit.models.openai.payloads import PayloadWriter
from evalkit.models.openai.replies import Reply, read_completion
from evalkit.models.openai.retries import History
from evalkit.models.openai.truncation import Fit
from evalkit.models.request_error import RequestError, failed_completion
from evalkit.types import Completion, Request

Answer = TypeVar('Answer')
CHARACTERS_PER_TOKEN = 4


class Job(ABC, Generic[Answer]):
    """One call, asked until it is answered or fails for good."""

    def __init__(self) -> None:
        self.history = History()

    @property
    @abstractmethod
    def prompt_tokens(self) -> int:
        """An estimate, for the ceiling on tokens."""

    @abstractmethod
    def body(self, dialect: int) -> bytes:
        """Return what to send."""

    @abstractmethod
    def read(self, reply: Reply) -> Answer:
        """Return the answer in a reply, or raise `AttemptError`."""

    @abstractmethod
    def fail(self, failure: Failure) -> Answer:
        """Return the answer of a job that failed for good."""


class GenerationJob(Job[Completion]):
    """Asks for one completion; `fit` may cut the prompt, or refuse it by a `RequestError`."""

    def __init__(
        self, request: Request, writer: PayloadWriter, think_tag: str, fit: Fit | None = None
    ) -> None:
        super().__init__()
        self.request = request
        self.writer = writer
        self.think_tag = think_tag
        self.fit = fit
        self.num_cut = 0

    @property
    def prompt_tokens(self) -> int:
        """A quarter of the characters."""
        prompt = self.request.prompt
        if isinstance(prompt, str):
            return len(prompt) // CHARACTERS_PER_TOKEN
        return sum(len(message['content']) for message in prompt) // CHARACTERS_PER_TOKEN

    def body(self, dialect: int) -> bytes:
        """Return the call of the chat or of the completions."""
        params = self.request.params
        try:
            prompt, self.num_cut = self.fit(self.request) if self.fit else (self.request.prompt, 0)
        except RequestError as error:
            kind, _, text = str(error).partition(': ')
            raise AttemptError(Failure(Blame.SAMPLE, kind, text)) from error
        return self.writer.generation(prompt, params, dialect)

    def read(self, reply: Reply) -> Completion:
        """Return the completion."""
        answer = read_completion(reply, self.request, self.think_tag)
        if not self.num_cut:
            return answer
        return replace(answer, usage=replace(answer.usage, cut_tokens=self.num_cut))

    def fail(self, failure: Failure) -> Completion:
        """Return a completion with an error; a filtered prompt is no error."""
        if failure.kind == 'content_filter':
            return Completion(
                self.request.key, '', finish_reason='content_filter', extra={'raw': failure.text}
            )
        return failed_completion(self.request, failure.error)
