"""An inferencer turns samples into questions and a model's answers into predictions."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from evalkit.prompts import BaseRetriever, Prompter
from evalkit.store import answer_key
from evalkit.types import Completion, Prediction, Request, Sample, Scoring, ScoringRequest

Ask = Literal['generate', 'loglikelihood']


@dataclass(frozen=True, slots=True)
class Question:
    """What must be asked for one prediction: one request, or one for each label."""

    key: str
    sample: Sample
    repeat: int
    prompt: Any
    requests: tuple[Request | ScoringRequest, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What an inferencer needs besides its own config."""

    prompter: Prompter
    retriever: BaseRetriever
    model_cfg: Mapping[str, Any]
    model_identity: str
    train: Sequence[Mapping[str, Any]] = ()
    num_repeats: int = 1


class BaseInferencer(ABC):
    """Files and engines are none of its business: it only translates."""

    mode: ClassVar[str]
    """How the answers are obtained, as the summary names it: 'gen' or 'ppl'."""

    ask: ClassVar[Ask]
    """The method of a model that answers the requests."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @abstractmethod
    def questions(self, samples: Iterable[Sample]) -> Iterator[Question]:
        """Yield what to ask for each sample and repeat."""

    @abstractmethod
    def prediction(
        self, question: Question, answers: Sequence[Completion | Scoring], seconds: float
    ) -> Prediction:
        """Return the record of a question from the answers to its requests, in their order."""

    def examples(self, sample: Sample) -> Sequence[Mapping[str, Any]]:
        """Return the rows that stand before the sample as in-context examples."""
        return self.context.retriever.retrieve(sample, self.context.train)

    def identity(self, prompt: Any, params: Any, repeat: int) -> str:
        """Return the key of an answer: the hash of everything that decides it."""
        return answer_key(self.context.model_identity, prompt, params, repeat)
