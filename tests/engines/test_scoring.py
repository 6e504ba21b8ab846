"""Log-probabilities equal to those of Hugging Face."""

from string import ascii_letters

import pytest

from evalkit.types import Scoring, ScoringRequest
from tests.engines.conftest import EngineCase
from tests.engines.host import HostedModel
from tests.tiny_model import NUM_POSITIONS

QUESTION = 'question: what is the sum of 1 and 2? ' * 2
TEXT = 'the quick brown fox jumps over the lazy dog because the answer is'
REQUESTS = [
    *(ScoringRequest(f'letter {letter}', QUESTION, letter) for letter in 'abcd'),
    *(
        ScoringRequest(f'option {option}', QUESTION, option)
        for option in ('answer: 3', 'a lazy dog')
    ),
    *(ScoringRequest(f'text {end}', '', f'{TEXT} {end}') for end in ('a', 'b', 'the fox')),
    ScoringRequest('again', '', f'{TEXT} the fox'),
]


def test_log_likelihoods_are_those_of_hugging_face(
    case: EngineCase, model: HostedModel, reference: HostedModel
) -> None:
    found, expected = model.loglikelihood(REQUESTS), reference.loglikelihood(REQUESTS)
    check_equal(case, found, expected)


def test_options_of_one_token_behind_one_context_are_those_of_hugging_face(
    case: EngineCase, model: HostedModel, reference: HostedModel
) -> None:
    # Behind a bracket a letter is a token, likely or not; the model knows some 300.
    requests = [ScoringRequest(letter, 'the answer is (', letter) for letter in ascii_letters]
    found, expected = model.loglikelihood(requests), reference.loglikelihood(requests)
    assert {scoring.num_tokens for scoring in expected.values()} == {1}
    check_equal(case, found, expected)


def check_equal(case: EngineCase, found: dict[str, Scoring], expected: dict[str, Scoring]) -> None:
    """Compare scorings as closely as the engine's dtype allows."""
    assert sorted(found) == sorted(expected)
    absolute, relative = (1e-4, 0) if case.dtype == 'float32' else (0.05, 0.01)
    for key, scoring in expected.items():
        assert (found[key].num_tokens, found[key].error) == (scoring.num_tokens, None)
        logprob = pytest.approx(scoring.logprob, abs=absolute, rel=relative)
        assert found[key].logprob == logprob, key


def test_the_likeliest_continuation_is_greedy(model: HostedModel, reference: HostedModel) -> None:
    from tests.engines.test_generation import ask

    [answer] = reference.generate([ask('a', TEXT, 1)]).values()
    greedy = ScoringRequest('greedy', TEXT, answer.text)
    other = ScoringRequest('other', TEXT, 'fox')
    expected = reference.loglikelihood([greedy, other])
    found = model.loglikelihood([greedy, other])
    assert {key: found[key].is_greedy for key in found} == {
        key: expected[key].is_greedy for key in expected
    }


def test_a_text_that_does_not_fit_fails_alone(model: HostedModel) -> None:
    found = model.loglikelihood(
        [ScoringRequest('long', '', TEXT * 40), ScoringRequest('short', TEXT, 'a')]
    )
    assert (found['long'].error or '').startswith('context_length: ')
    assert found['short'].error is None


def test_a_text_may_fill_the_context(model: HostedModel, reference: HostedModel) -> None:
    text = 'x' * 255  # 256 tokens with the BOS
    requests = [ScoringRequest('full', '', text)]
    [expected], [found] = (list(one.loglikelihood(requests).values()) for one in (reference, model))
    assert (found.num_tokens, found.error) == (expected.num_tokens, None) == (256, None)
    assert found.logprob == pytest.approx(expected.logprob, rel=0.01)


def test_an_option_may_fill_the_context(
    case: EngineCase, model: HostedModel, reference: HostedModel
) -> None:
    context = 'x' * 252 + ' ('
    requests = [ScoringRequest(letter, context, letter) for letter in 'xyz']
    found, expected = model.loglikelihood(requests), reference.loglikelihood(requests)
    assert {scoring.usage.prompt_tokens for scoring in expected.values()} == {NUM_POSITIONS}
    check_equal(case, found, expected)
