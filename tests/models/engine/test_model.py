"""The part of the engine backends that needs no engine: an echo stands in its place."""

import shutil
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import BackendError
from evalkit.models.engine import EngineModel, EnginePort, Generated, Job, Output, Scored
from evalkit.models.engine.frontend import Frontend, FrontendSettings
from evalkit.models.engine.model import scoring_rows
from evalkit.models.huggingface_decoding import GenerationRow
from evalkit.models.request_error import RequestError
from evalkit.types import GenerationParams, Request, ScoringRequest
from tests.models.growing import Growing
from tests.tiny_model import edit_json


class Echo(EnginePort):
    """Answers with the prompt, the last request first; `room` of them are in it at a time."""

    def __init__(self) -> None:
        self.waiting: deque[Job] = deque()
        self.asked: list[Job] = []
        self.most_open = 0

    @property
    def num_open(self) -> int:
        return len(self.waiting)

    def submit(self, job: Job) -> None:
        if isinstance(job, GenerationRow) and job.request.key == 'refused':
            raise RequestError('bad_request', 'the echo refuses')
        if isinstance(job, GenerationRow) and job.request.key == 'deadly':
            self.waiting.clear()
            raise BackendError('the echo died')
        self.waiting.append(job)
        self.asked.append(job)
        self.most_open = max(self.most_open, len(self.waiting))

    def finished(self) -> Iterator[tuple[Job, Output]]:
        job = self.waiting.pop()
        if isinstance(job, GenerationRow):
            ids = [*job.ids[1:], 1]
            yield job, Generated(ids, 'stop', len(ids), cached_tokens=3)
        else:
            yield job, Scored([(-float(target.ids[-1]), True) for target in job.targets])

    def abort(self) -> None:
        self.waiting.clear()

    def describe(self) -> Mapping[str, Any]:
        return {'engine': 'echo'}

    def close(self) -> None:
        self.abort()


class EchoModel(EngineModel):
    """A base model on the echo."""

    def __init__(self, path: Path, **settings: Any) -> None:
        self.frontend = Frontend(FrontendSettings(str(path), **settings), is_chat=self.is_chat)
        self.echo = self.port = Echo()


@pytest.fixture
def model(tiny_llama: Path) -> EchoModel:
    return EchoModel(tiny_llama)


def ask(key: str, prompt: str = 'the fox', max_out_len: int = 8, **params: Any) -> Request:
    return Request(key, prompt, GenerationParams(max_out_len=max_out_len, **params))


def test_all_requests_are_in_the_engine_before_the_first_answer(model: EchoModel) -> None:
    answers = list(model.generate(ask(f'{number}') for number in range(100)))
    assert [answer.key for answer in answers] == [f'{number}' for number in reversed(range(100))]
    assert model.echo.most_open == 100


def test_what_an_answer_brings_joins_what_the_engine_has(model: EchoModel) -> None:
    requests = Growing([ask('a'), ask('b')])
    keys = []
    for answer in model.generate(requests):
        keys.append(answer.key)
        if answer.key == 'b':
            requests.waiting.append(ask('c'))
    assert keys == ['b', 'c', 'a']


def test_the_answer_is_decoded_on_our_side(model: EchoModel) -> None:
    [answer] = model.generate([ask('a', 'the lazy dog')])
    assert (answer.text, answer.finish_reason) == ('the lazy dog', 'stop')
    assert answer.usage.prompt_tokens == answer.usage.output_tokens == 4
    assert answer.usage.cached_tokens == 3


def test_stop_words_are_cut_on_our_side(model: EchoModel) -> None:
    [answer] = model.generate([ask('a', 'the lazy dog', stop=('zy', 'dog'))])
    assert (answer.text, answer.finish_reason) == ('the la', 'stop')


def test_a_refused_request_fails_alone(model: EchoModel) -> None:
    requests = [ask('refused'), ask('long', 'x' * 400), ask('empty', max_out_len=8), ask('good')]
    errors = {answer.key: answer.error for answer in model.generate(requests)}
    assert errors['refused'] == 'bad_request: the echo refuses'
    assert errors['long'] == (
        'context_length: the prompt has 401 tokens and max_out_len is 8, '
        'but the context holds 256 tokens: '
        "lower max_out_len, or let mode='mid' of the model cut long prompts"
    )
    assert errors['good'] is None


def test_a_request_may_lower_the_context(model: EchoModel) -> None:
    [answer] = model.generate([ask('a', max_seq_len=9)])
    assert 'but the context holds 9 tokens: ' in (answer.error or '')


def test_tokens_that_the_model_does_not_have_reach_no_engine(
    tiny_llama: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_llama, tmp_path / 'small')
    edit_json(folder / 'config.json', vocab_size=300)
    model = EchoModel(folder)
    assert model.frontend.end_ids(GenerationParams(stop_token_ids=(7, 299, 300, 999))) == [
        1,
        7,
        299,
    ]
    scored = ScoringRequest('scored', 'the fox', ' because')
    [scoring] = model.loglikelihood([scored])
    [answer] = model.generate([ask('asked', 'the fox because')])
    assert scoring.error == answer.error
    assert (answer.error or '').startswith("bad_request: the tokenizer's token 3")
    assert model.echo.asked == []


def test_a_mode_drops_the_named_part_of_a_long_prompt(tiny_llama: Path) -> None:
    model = EchoModel(tiny_llama, mode='mid', max_seq_len=14)
    [answer] = model.generate([ask('a', 'x1' * 100, max_out_len=8)])
    assert answer.error is None
    assert answer.usage.prompt_tokens == 6


def test_a_dead_engine_ends_the_call(model: EchoModel) -> None:
    with pytest.raises(BackendError, match='the echo died'):
        list(model.generate([ask('a'), ask('deadly'), ask('b')]))


def test_closing_the_iterator_aborts_what_is_open(model: EchoModel) -> None:
    answers = model.generate([ask(f'{number}') for number in range(10)])
    assert next(answers).key == '9'
    answers.close()  # type: ignore[attr-defined]
    assert model.echo.num_open == 0


def test_options_of_one_token_are_one_request(model: EchoModel) -> None:
    requests = [
        ScoringRequest(f'{question}{letter}', f'question {question}: x', letter)
        for question in (1, 2)
        for letter in '1234'
    ]
    scorings = list(model.loglikelihood(requests))
    assert len(model.echo.asked) == 2
    assert {scoring.key for scoring in scorings} == {request.key for request in requests}
    assert all(scoring.num_tokens == 1 for scoring in scorings)


def test_options_that_share_no_prefix_are_requests_of_their_own(model: EchoModel) -> None:
    requests = [ScoringRequest(text, 'the x', text) for text in ('12', '31', '34')]
    scorings = {scoring.key: scoring for scoring in model.loglikelihood(requests)}
    assert len(model.echo.asked) == 2
    assert all(scoring.num_tokens == 2 for scoring in scorings.values())


def test_more_options_than_an_engine_takes_are_cut_into_rows(model: EchoModel) -> None:
    target = model.frontend.target(ScoringRequest('a', 'the ', 'a'))
    sizes = [len(row.targets) for row in scoring_rows([target] * 300)]
    assert sizes == [128, 128, 44]


def test_a_continuation_without_a_token_fails_alone(model: EchoModel) -> None:
    requests = [ScoringRequest('none', 'the fox', ''), ScoringRequest('one', 'the fox', 'a')]
    errors = {scoring.key: scoring.error for scoring in model.loglikelihood(requests)}
    assert errors == {'none': 'bad_request: the continuation has no token to score', 'one': None}
