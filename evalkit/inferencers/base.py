"""An inferencer turns samples into questions and a model's answers into predictions."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from evalkit.prompts import BaseRetriever, Prompter
from evalkit.store import answer_key
from evalkit.types import Completion, Prediction, Request, Sample, Scoring, ScoringRequest

Ask = Literal['generate', 'loglikelihood']

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Turn:
    """Which answer of a conversation a question is about, where each is asked for.

    `number` counts from 1, and `user` is what the user says last. `awaits` is the key of an earlier
    answer that the prompt lacks: until it is there, the question cannot be asked, and its own key
    stands for one that is not known yet.
    """

    number: int
    user: str
    awaits: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What must be asked for one prediction: one request, or one for each label."""

    key: str
    sample: Sample
    repeat: int
    prompt: Any
    requests: tuple[Request | ScoringRequest, ...]
    turn: Turn | None = None

    @property
    def awaits(self) -> str | None:
        """The key of the answer without which this cannot be asked; None if it can be."""
        return self.turn.awaits if self.turn else None


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

    asks_follow_ups: bool = False
    """Whether prompts hold earlier answers of the model, so that some are known only then."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @abstractmethod
    def questions(
        self, samples: Iterable[Sample], outputs: Mapping[str, str] = NOTHING
    ) -> Iterator[Question]:
        """Yield what to ask for each sample and repeat.

        `outputs` are answers by their keys, from which follow-ups are made. It may grow meanwhile.
        """

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
