"""Questions of a dataset of the tests' own, asked of a scripted model."""

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.config import build
from evalkit.inferencers import BaseInferencer, Context, Question
from evalkit.models import BaseModel
from evalkit.prompts import Prompter
from evalkit.types import Prediction, Sample

SAMPLES = [Sample(4, {'q': 'one', 'a': '1'}, '1'), Sample(7, {'q': 'two', 'a': '2'}, '2')]

TEXT = 'Q:{q}\nA:{a}'


def an_inferencer(
    kind: str = 'GenInferencer',
    template: Any = TEXT,
    model_cfg: Mapping[str, Any] | None = None,
    num_repeats: int = 1,
    identity: str = 'me',
    is_chat: bool = False,
    input_columns: Sequence[str] = ('q',),
    **arguments: Any,
) -> Any:
    """Build an inferencer as a dataset plan does."""
    infer_cfg = {'prompt_template': {'type': 'PromptTemplate', 'template': template}}
    reader_cfg = {'input_columns': list(input_columns), 'output_column': 'a'}
    prompter = Prompter(infer_cfg, reader_cfg, None, is_chat)
    context = Context(
        prompter, prompter.retriever, model_cfg or {}, identity, num_repeats=num_repeats
    )
    return build({'type': kind, **arguments}, context=context)


def predict(inferencer: BaseInferencer, model: BaseModel, question: Question) -> Prediction:
    """Ask a model one question, in a time of 1.5 seconds."""
    method = getattr(model, inferencer.ask)
    answers = {answer.key: answer for answer in method(question.requests)}
    in_order = [answers[request.key] for request in question.requests]
    return inferencer.prediction(question, in_order, 1.5)


def prompts(inferencer: BaseInferencer, samples: Sequence[Sample] = SAMPLES) -> list[Any]:
    return [question.prompt for question in inferencer.questions(samples)]


def keys(inferencer: BaseInferencer, samples: Sequence[Sample] = SAMPLES) -> list[str]:
    return [question.key for question in inferencer.questions(samples)]
