"""Rows 5, 6 and 8 of docs/faults.md: resets, half bodies, restarts, streams cut off, silence."""

import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from typing import Any

import pytest

from evalkit.errors import BackendError
from evalkit.models import OpenAISDK
from tests.models.openai.ask import ask, chat, errors, questions
from tests.models.openai.fault_server import (
    Act,
    Asked,
    FaultServer,
    chat_body,
    drip,
    half_body,
    hang,
    reset,
    say,
    stream,
)

HALF = {'choices': [{'index': 0, 'delta': {'content': 'half '}}]}
WHOLE = {'choices': [{'index': 0, 'delta': {'content': 'whole'}}]}
END = {'choices': [{'index': 0, 'delta': {}, 'finish_reason': 'stop'}]}
USAGE = {'choices': [], 'usage': {'prompt_tokens': 5, 'completion_tokens': 2}}


@pytest.mark.parametrize('harm', [reset(), half_body(chat_body('half an answer'))])
def test_a_connection_that_breaks_is_asked_again_and_nothing_partial_is_kept(harm: Act) -> None:
    def script(asked: Asked) -> Act:
        return harm if asked.number in (3, 4, 9) else say(f'whole {asked.text}')

    with FaultServer(script) as server:
        answers = ask(chat(server, max_workers=4), 20)
    assert {key: answer.text for key, answer in answers.items()} == {
        f'q{index}': f'whole q{index}' for index in range(20)
    }
    assert len(server.asked) == 23


def test_a_server_that_restarts_midway_loses_nothing() -> None:
    with FaultServer(lambda asked: say(asked.text, delay=0.05)) as first:
        model = chat(first, max_workers=4, retry=50, backoff_seconds=0.1)
        answers = []
        running = model.generate(questions(40))
        answers += [next(running) for _ in range(10)]
    later = FaultServer(lambda asked: say(asked.text), port=first.port)
    starter = threading.Timer(0.5, later.__enter__)
    starter.start()
    answers += running
    starter.join()
    later.__exit__(None, None, None)
    assert sorted(answer.key for answer in answers) == sorted(f'q{i}' for i in range(40))
    assert not any(answer.error for answer in answers)
    assert len(later.asked) <= 30


def test_a_server_that_is_not_there_is_given_up() -> None:
    with FaultServer(lambda _: say('x')) as server:
        pass
    began = time.monotonic()
    with pytest.raises(BackendError, match='ClientConnectorError'):
        list(chat(server, retry=2).generate(questions(3)))
    assert time.monotonic() - began < 5


@pytest.mark.parametrize('cut', [stream(HALF), stream(), stream(HALF, pause=0.05)])
def test_a_stream_that_ends_early_is_asked_again(cut: Act) -> None:
    def script(asked: Asked) -> Act:
        return cut if asked.number == 2 else stream(WHOLE, END, USAGE, '[DONE]')

    with FaultServer(script) as server:
        answers = ask(chat(server, stream=True), 4)
    assert {answer.text for answer in answers.values()} == {'whole'}
    assert len(server.asked) == 5


def test_a_stream_is_put_together_and_its_first_token_is_timed() -> None:
    pieces = stream(HALF, WHOLE, END, USAGE, '[DONE]', pause=0.05)
    with FaultServer(lambda _: pieces) as server:
        model = chat(server, stream=True)
        answer = ask(model)['q0']
        assert server.asked[0].body['stream'] is True
        assert server.asked[0].body['stream_options'] == {'include_usage': True}
    assert (answer.text, answer.finish_reason) == ('half whole', 'stop')
    assert (answer.usage.prompt_tokens, answer.usage.output_tokens) == (5, 2)
    described = model.describe()
    assert 0.04 < described['first_token_seconds']['p50'] < described['latency_seconds']['p50']


@pytest.mark.parametrize('last', [END, '[DONE]'])
def test_a_stream_may_end_with_a_finish_reason_alone_or_with_done_alone(last: Any) -> None:
    with FaultServer(lambda _: stream(HALF, last)) as server:
        assert ask(chat(server, stream=True))['q0'].text == 'half '


def test_an_error_inside_a_stream_is_no_answer() -> None:
    broken = {'error': {'message': 'engine died', 'code': 500}}

    def script(asked: Asked) -> Act:
        return stream(HALF, broken) if asked.number == 1 else stream(WHOLE, END, '[DONE]')

    with FaultServer(script) as server:
        assert ask(chat(server, stream=True))['q0'].text == 'whole'


@pytest.mark.parametrize('harm', [hang(), drip(chat_body('slow'), 0.05)])
def test_silence_and_one_byte_at_a_time_end_at_the_deadline(harm: Act) -> None:
    def script(asked: Asked) -> Act:
        return harm if asked.text == 'q3' else say(asked.text)

    began = time.monotonic()
    with FaultServer(script) as server:
        answers = ask(chat(server, timeout=0.3), 10)
    assert time.monotonic() - began < 5
    assert answers['q3'].error == 'timeout: no answer within 0.3 s'
    assert errors(answers) == {'q3': 'timeout'}
    assert server.texts.count('q3') == 3


def test_a_host_that_never_takes_the_connection_is_given_up_at_its_deadline() -> None:
    with ExitStack() as stack:
        full = stack.enter_context(socket.create_server(('127.0.0.1', 0), backlog=0))
        place = full.getsockname()
        for _ in range(8):  # nobody accepts them, so that the next one waits
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(place)
        base = f'http://127.0.0.1:{place[1]}/v1'
        quick: dict[str, Any] = {'connect_timeout': 0.2, 'retry': 1, 'backoff_seconds': 0.01}
        model = OpenAISDK('m', key='k', openai_api_base=base, **quick)
        began = time.monotonic()
        answer = ask(model)['q0']
        assert 0.4 <= time.monotonic() - began < 5
    assert str(answer.error).startswith('timeout: Connection timeout')


def test_a_stream_that_falls_silent_ends_at_its_own_deadline() -> None:
    def script(asked: Asked) -> Act:
        if asked.number == 1:
            return stream(HALF, END, '[DONE]', pause=2)
        return stream(WHOLE, END, '[DONE]')

    began = time.monotonic()
    with FaultServer(script) as server:
        assert ask(chat(server, stream=True, read_timeout=0.2))['q0'].text == 'whole'
    assert time.monotonic() - began < 1.5


def test_what_is_in_flight_is_cancelled_at_once_when_the_generator_is_closed() -> None:
    def script(asked: Asked) -> Act:
        return say(asked.text) if asked.number <= 3 else hang()

    with FaultServer(script) as server:
        model = chat(server, max_workers=4)
        running = model.generate(questions(1000))
        assert next(running).text == 'q0'
        began = time.monotonic()
        running.close()  # type: ignore[attr-defined]
        assert time.monotonic() - began < 1
        assert len(server.asked) <= 8


def test_an_exception_in_the_consumer_leaves_nothing_behind() -> None:
    with FaultServer(lambda asked: say(asked.text)) as server:
        running = chat(server).generate(questions(100))
        next(running)
        del running
        assert len(ask(chat(server), 5)) == 5


def test_an_interrupt_ends_it_at_once_and_leaves_no_noise() -> None:
    code = (
        'from evalkit.models import OpenAISDK; from tests.models.openai.ask import questions; '
        "list(OpenAISDK('m', key='k', openai_api_base='{}').generate(questions(50)))"
    )
    with FaultServer(lambda asked: hang() if asked.number > 1 else say('x')) as server:
        command = [sys.executable, '-X', 'dev', '-c', code.format(server.base)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        while len(server.asked) < 50:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
    assert said.strip().endswith('KeyboardInterrupt')
    assert 'destroyed' not in said
    assert 'Unclosed' not in said
    assert 'ResourceWarning' not in said
