"""Rows 3 and 4 of docs/faults.md: a wrong key, address or model, and one poisoned prompt."""

import pytest

from evalkit.errors import ConfigError
from tests.models.openai.ask import ask, chat, drain, errors, questions
from tests.models.openai.fault_server import Act, Asked, FaultServer, error, reply, say


@pytest.mark.parametrize(
    ('status', 'text'),
    [
        (401, '401 AuthenticationError: no (is the `key` right, or OPENAI_API_KEY?)'),
        (403, '403 PermissionDeniedError: no (may this `key` use the model?)'),
        (404, '404 NotFoundError: no (does the server know the model `path`, and does the'),
    ],
)
def test_a_wrong_key_or_model_costs_one_request(status: int, text: str) -> None:
    with FaultServer(lambda _: error(status, 'no', delay=0.05)) as server:
        with pytest.raises(ConfigError) as raised:
            list(chat(server).generate(questions(500)))
        assert text in str(raised.value)
        assert server.base in str(raised.value)
    assert len(server.asked) == 1


def test_no_error_names_the_key() -> None:
    with FaultServer(lambda _: error(401, 'bad key')) as server:
        with pytest.raises(ConfigError) as raised:
            list(chat(server, key='sk-canary-1234').generate(questions(5)))
        assert 'canary' not in str(raised.value)
        assert 'canary' not in str(chat(server, key=['sk-canary-1', 'sk-canary-2']).describe())


def test_an_exhausted_account_is_not_waited_for() -> None:
    refused = error(429, 'You exceeded your current quota', code='insufficient_quota')
    with FaultServer(lambda _: refused) as server:
        with pytest.raises(ConfigError, match='exceeded your current quota'):
            list(chat(server).generate(questions(5)))
        assert len(server.asked) == 1


def test_an_unknown_host_is_said_at_once() -> None:
    with FaultServer(lambda _: say('x')) as server:
        model = chat(server, openai_api_base='http://no-such-host.invalid/v1')
        with pytest.raises(ConfigError, match=r'no-such-host\.invalid'):
            list(model.generate(questions(5)))


def test_a_key_that_expires_midway_leaves_the_run_to_be_resumed() -> None:
    def script(asked: Asked) -> Act:
        return say(asked.text) if asked.number <= 10 else error(401, 'expired')

    with FaultServer(script) as server:
        answers, failure = drain(chat(server, max_workers=2), questions(100))
    assert failure.startswith('BackendError: ')
    assert '401 AuthenticationError: expired' in failure
    assert len(answers) == 10
    assert len(server.asked) <= 12


def test_a_403_among_answers_is_about_its_prompt() -> None:
    def script(asked: Asked) -> Act:
        return error(403, 'moderated') if asked.text == 'q7' else say(asked.text)

    with FaultServer(script) as server:
        assert errors(ask(chat(server, max_workers=1), 20)) == {'q7': 'forbidden'}
        assert len(server.asked) == 20


def test_one_poisoned_prompt_fails_alone_and_is_not_retried() -> None:
    def script(asked: Asked) -> Act:
        return error(400, 'invalid prompt') if asked.text == 'q7' else say(asked.text)

    with FaultServer(script) as server:
        answers = ask(chat(server), 20)
    assert len(answers) == 20
    assert answers['q7'].error == 'bad_request: 400 BadRequestError: invalid prompt'
    assert (answers['q7'].text, answers['q7'].finish_reason) == ('', 'error')
    assert errors(answers) == {'q7': 'bad_request'}
    assert len(server.asked) == 20


def test_a_poisoned_first_prompt_does_not_stop_the_others() -> None:
    def script(asked: Asked) -> Act:
        return error(400, 'invalid prompt') if asked.text == 'q0' else say(asked.text)

    with FaultServer(script) as server:
        assert errors(ask(chat(server), 5)) == {'q0': 'bad_request'}


def test_a_prompt_that_is_too_long_is_told_apart() -> None:
    said = "This model's maximum context length is 4096 tokens."
    with FaultServer(lambda _: error(400, said, code='context_length_exceeded')) as server:
        assert errors(ask(chat(server), 1)) == {'q0': 'context_length'}
    with FaultServer(lambda _: reply({'object': 'error', 'message': said}, 400)) as server:
        assert errors(ask(chat(server), 1)) == {'q0': 'context_length'}


def test_requests_that_are_all_refused_are_the_fault_of_the_config() -> None:
    with FaultServer(lambda _: error(400, 'max_tokens is too large')) as server:
        with pytest.raises(ConfigError, match=r'each of the first 16 requests.*max_tokens is too'):
            list(chat(server, max_workers=1).generate(questions(500)))
        assert len(server.asked) == 16


def test_the_same_server_error_again_and_again_fails_one_sample_only() -> None:
    def script(asked: Asked) -> Act:
        return error(500, 'assertion failed') if asked.text == 'q3' else say(asked.text)

    with FaultServer(script) as server:
        answers = ask(chat(server), 40)
    assert errors(answers) == {'q3': 'server'}
    assert server.texts.count('q3') == 3
    assert len(server.asked) == 42


def test_a_fatal_error_keeps_the_answers_that_came_before() -> None:
    def script(asked: Asked) -> Act:
        return say(asked.text) if asked.number <= 3 else error(404, 'gone')

    with FaultServer(script) as server:
        answers, failure = drain(chat(server, max_workers=1), questions(10))
    assert failure.startswith('BackendError: ')
    assert '404 NotFoundError: gone' in failure
    assert [answer.text for answer in answers] == ['q0', 'q1', 'q2']
