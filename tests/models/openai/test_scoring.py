"""Log-probabilities by echo, as vLLM and SGLang return them."""

from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.types import Scoring, ScoringRequest
from tests.models.openai.ask import chat, completions
from tests.models.openai.fault_server import Act, Asked, FaultServer, error, reply

LOGPROBS = {' Paris': -0.25, ' Rome': -3.0, ' of': -0.5, 'The': -9.0, ' capital': -1.0}


def tokens_of(text: str) -> list[str]:
    """A tokeniser that keeps the space before a word."""
    words = text.split(' ')
    return [word if place == 0 else f' {word}' for place, word in enumerate(words)]


def echo(asked: Asked) -> Act:
    choices = [choice(number, text) for number, text in enumerate(asked.body['prompt'])]
    return reply({'choices': choices[::-1], 'usage': {'prompt_tokens': 12}})


def choice(number: int, text: str) -> dict[str, Any]:
    tokens = tokens_of(text)
    values = [None, *(LOGPROBS.get(token, -2.0) for token in tokens[1:])]
    tops = [
        None,
        *({token: values[place + 1], ' x': -0.75} for place, token in enumerate(tokens[1:])),
    ]
    logprobs = {'tokens': tokens, 'token_logprobs': values, 'top_logprobs': tops}
    return {'index': number, 'text': text, 'logprobs': logprobs, 'finish_reason': 'length'}


def score(server: FaultServer, *pairs: tuple[str, str]) -> list[Scoring]:
    requests = [
        ScoringRequest(f's{number}', context, continuation)
        for number, (context, continuation) in enumerate(pairs)
    ]
    found = list(completions(server).loglikelihood(requests))
    return sorted(found, key=lambda scoring: scoring.key)


def test_options_of_one_context_share_a_call() -> None:
    with FaultServer(echo) as server:
        paris, rome = score(server, ('The capital', ' Paris'), ('The capital', ' of Rome'))
        [asked] = server.asked
    assert asked.path == '/v1/completions'
    assert asked.body['prompt'] == ['The capital Paris', 'The capital of Rome', 'The capital']
    assert (asked.body['echo'], asked.body['max_tokens']) == (True, 0)
    assert (paris.logprob, paris.num_tokens, paris.is_greedy) == (-0.25, 1, True)
    assert (rome.logprob, rome.num_tokens, rome.is_greedy) == (-3.5, 2, False)
    assert paris.usage.prompt_tokens == 6


def test_white_space_at_the_end_of_a_context_belongs_to_the_continuation() -> None:
    with FaultServer(echo) as server:
        [paris] = score(server, ('The capital ', 'Paris'))
    assert (paris.logprob, paris.num_tokens) == (-0.25, 1)


def test_a_token_that_reaches_over_the_boundary_belongs_to_the_continuation() -> None:
    with FaultServer(echo) as server:
        [scoring] = score(server, ('The capi', 'tal'))
    assert (scoring.logprob, scoring.num_tokens) == (-1.0, 1)


def test_without_a_context_all_tokens_count_and_all_but_the_first_are_scored() -> None:
    with FaultServer(echo) as server:
        [scoring] = score(server, ('', 'The capital of'))
    assert (scoring.logprob, scoring.num_tokens) == (-1.5, 3)


def test_a_failed_call_fails_its_scorings_only() -> None:
    def script(asked: Asked) -> Act:
        return error(400, 'poison') if 'bad' in asked.body['prompt'][0] else echo(asked)

    with FaultServer(script) as server:
        found = score(server, ('The capital', ' Paris'), ('bad', ' a'), ('bad', ' b'))
    assert [scoring.error for scoring in found] == [
        None,
        'bad_request: 400 BadRequestError: poison',
        'bad_request: 400 BadRequestError: poison',
    ]


def test_a_server_without_them_is_said_to_be_so() -> None:
    body = {'choices': [{'index': 0, 'text': 'x'}, {'index': 1, 'text': 'x'}]}
    with FaultServer(lambda _: reply(body)) as server:
        with pytest.raises(ConfigError, match='no log-probabilities of a prompt'):
            score(server, ('The capital', ' Paris'))
        with pytest.raises(ConfigError, match='OpenAISDK cannot return log-probabilities'):
            list(chat(server).loglikelihood([]))
