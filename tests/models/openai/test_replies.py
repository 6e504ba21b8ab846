"""Rows 7 and 9 to 11 of docs/faults.md: answers with status 200 that are none, and odd ones."""

import json
from typing import Any

import pytest

from evalkit.types import GenerationParams, Usage
from tests.models.openai.ask import ask, ask_one, chat, completions, errors, user
from tests.models.openai.fault_server import (
    Act,
    Asked,
    FaultServer,
    chat_body,
    error,
    reply,
    say,
)

HTML = reply(b'<html><body>Please log in</body></html>', content_type='text/html')

GARBLED = {
    'html': (HTML, 'the answer is no JSON: <html><body>Please log in</body></html>'),
    'half JSON': (reply(b'{"choices": [{"mess'), 'the answer is no JSON: {"choices": [{"mess'),
    'empty': (reply(b''), 'the answer is no JSON: '),
    'a list': (reply([1]), 'the answer is a list, not an object: [1]'),
    'no choices': (reply({'choices': []}), 'the answer has no choices: {"choices": []}'),
    'choices of null': (reply({'choices': None}), 'the answer has no choices'),
    'a choice of text': (reply({'choices': ['x']}), 'a choice is not an object'),
    'no message': (reply({'choices': [{}]}), 'the choice has no message with a content'),
    'a number': (reply(chat_body(5)), 'the content is a int, not a text'),
    'a reason of 1': (reply(chat_body('x', 1)), 'finish_reason is not a text'),
    'an error': (reply({'error': 'overloaded'}), 'an error with status 200: {"error": "overl'),
}


@pytest.mark.parametrize(('harm', 'text'), GARBLED.values(), ids=GARBLED)
def test_an_answer_that_is_none_is_asked_three_times_and_shown(harm: Act, text: str) -> None:
    def script(asked: Asked) -> Act:
        return harm if asked.text == 'q3' else say(asked.text)

    with FaultServer(script) as server:
        answers = ask(chat(server), 10)
    assert errors(answers) == {'q3': 'bad_response'}
    assert f'bad_response: {text}' in str(answers['q3'].error)
    assert server.texts.count('q3') == 3
    assert len(server.asked) == 12


def test_an_answer_that_is_garbled_once_is_asked_again() -> None:
    with FaultServer(lambda asked: HTML if asked.number == 1 else say('good')) as server:
        assert ask(chat(server))['q0'].text == 'good'


def test_no_more_than_500_bytes_of_garbage_are_kept() -> None:
    with FaultServer(lambda _: reply(b'x' * 10_000)) as server:
        text = str(ask(chat(server))['q0'].error)
    assert text.count('x') == 500


def test_an_error_with_a_status_in_its_body_is_read_as_that_status() -> None:
    with FaultServer(lambda _: reply({'error': {'message': 'bad', 'code': 400}})) as server:
        assert ask(chat(server))['q0'].error == 'bad_request: 400 BadRequestError: bad'
    assert len(server.asked) == 1


@pytest.mark.parametrize('content', [None, '', ' \n'])
def test_an_empty_answer_is_kept_with_its_raw_reply_and_not_asked_again(content: Any) -> None:
    with FaultServer(lambda _: say(content)) as server:
        answer = ask(chat(server))['q0']
    assert answer.error is None
    assert answer.text == (content or '')
    assert json.loads(answer.extra['raw']) == chat_body(content)
    assert len(server.asked) == 1


def test_a_refusal_is_an_empty_answer() -> None:
    with FaultServer(lambda _: reply(chat_body(None, refusal='I cannot'))) as server:
        answer = ask(chat(server))['q0']
    assert (answer.text, answer.error) == ('', None)
    assert 'I cannot' in answer.extra['raw']


@pytest.mark.parametrize('reason', ['length', 'content_filter', 'stop'])
def test_why_an_answer_ended_is_kept(reason: str) -> None:
    with FaultServer(lambda _: say('so far', reason)) as server:
        answer = ask(chat(server))['q0']
    assert (answer.text, answer.finish_reason, answer.error) == ('so far', reason, None)
    assert len(server.asked) == 1


def test_a_prompt_that_is_filtered_is_filtered_and_no_error() -> None:
    filtered = error(400, 'The prompt triggered our policy', code='content_filter')
    with FaultServer(lambda _: filtered) as server:
        answer = ask(chat(server))['q0']
    assert (answer.text, answer.finish_reason, answer.error) == ('', 'content_filter', None)
    assert len(server.asked) == 1


def test_an_answer_that_the_engine_broke_off_is_asked_again() -> None:
    def script(asked: Asked) -> Act:
        return say('hal', 'abort') if asked.number == 1 else say('whole')

    with FaultServer(script) as server:
        assert ask(chat(server))['q0'].text == 'whole'


def test_the_text_ends_before_a_stop_word_that_the_server_left_in() -> None:
    params = GenerationParams(stop=('\n\n', 'END'))
    with FaultServer(lambda _: say('42 END of it\n\nmore', 'length')) as server:
        answer = ask_one(chat(server), user('q'), params)
        assert server.asked[0].body['stop'] == ['\n\n', 'END']
    assert (answer.text, answer.finish_reason) == ('42 ', 'stop')


def test_thoughts_stand_before_the_answer_as_in_opencompass() -> None:
    thought = reply(chat_body('42', reasoning_content='6 x 7 END'))
    params = GenerationParams(stop=('END',))
    with FaultServer(lambda _: thought) as server:
        assert ask_one(chat(server), user('q')).text == '6 x 7 END</think>42'
        model = chat(server, think_tag='<<<')
        assert ask_one(model, user('q'), params).text == '6 x 7 END<<<42'


@pytest.mark.parametrize('text', ['a\u2028b\x85c\x00d', '😀 中文', 'lone \ud800 surrogate'])
def test_odd_characters_come_through(text: str) -> None:
    with FaultServer(lambda asked: say(asked.text)) as server:
        assert ask_one(chat(server), user(text)).text == text


def test_ten_megabytes_come_through_both_ways() -> None:
    with FaultServer(lambda asked: say(asked.text)) as server:
        text = 'ten megabytes' * 800_000
        server_reads = ask_one(chat(server), user(text)).text
    assert server_reads == text


def test_tokens_are_counted_and_what_is_not_counted_is_zero() -> None:
    with FaultServer(lambda _: say('x')) as server:
        assert ask(chat(server))['q0'].usage == Usage(7, 3, 2)
    body = {**chat_body('x'), 'usage': None}
    with FaultServer(lambda _: reply(body)) as server:
        assert ask(chat(server))['q0'].usage == Usage()


def test_log_probabilities_are_asked_for_and_kept() -> None:
    body = chat_body('x')
    body['choices'][0]['logprobs'] = {'content': [{'token': 'x', 'logprob': -0.5}]}
    with FaultServer(lambda _: reply(body)) as server:
        answer = ask(chat(server, logprobs=True, top_logprobs=5))['q0']
        assert (server.asked[0].body['logprobs'], server.asked[0].body['top_logprobs']) == (True, 5)
    assert answer.extra == {'logprobs': {'content': [{'token': 'x', 'logprob': -0.5}]}}


def test_a_base_model_is_asked_by_completions() -> None:
    body = {'choices': [{'index': 0, 'text': ' Paris', 'finish_reason': 'length'}]}
    with FaultServer(lambda _: reply(body)) as server:
        answer = ask_one(completions(server), 'The capital of France is')
        [asked] = server.asked
    assert (asked.path, asked.body['prompt']) == ('/v1/completions', 'The capital of France is')
    assert 'messages' not in asked.body
    assert (answer.text, answer.finish_reason) == (' Paris', 'length')
