"""What is sent: every field that decides an answer, and none that the server refuses."""

from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.models.openai.decoding import decode_json
from evalkit.models.openai.payloads import (
    FULL,
    LLAMA_FACTORY,
    OPENAI,
    SPARSE,
    TOP_K_FROM_0,
    PayloadWriter,
)
from evalkit.types import GenerationParams
from tests.models.openai.ask import ask, ask_one, chat, completions, drain, questions, user
from tests.models.openai.fault_server import Act, Asked, FaultServer, error, say

GREEDY = GenerationParams(max_out_len=16)
SAMPLED = GenerationParams(max_out_len=16, temperature=0.7, top_p=0.9, seed=3)


def body(params: GenerationParams, dialect: int, **kwargs: Any) -> dict[str, Any]:
    writer = PayloadWriter(**{'model': 'm', 'is_chat': True, **kwargs})
    decoded = decode_json(writer.generation(user('q'), params, dialect))
    return {key: decoded[key] for key in decoded if key not in ('model', 'messages')}


def test_nothing_is_left_to_the_generation_config_of_the_server() -> None:
    assert body(GREEDY, FULL) == {
        'max_tokens': 16,
        'temperature': 0.0,
        'top_p': 1.0,
        'frequency_penalty': 0.0,
        'presence_penalty': 0.0,
        'top_k': 1,
        'min_p': 0.0,
        'repetition_penalty': 1.0,
    }
    sampled = body(SAMPLED, FULL)
    assert (sampled['temperature'], sampled['top_p'], sampled['seed']) == (0.7, 0.9, 3)
    assert sampled['top_k'] == -1
    assert body(SAMPLED, TOP_K_FROM_0)['top_k'] == 0


def test_a_server_that_knows_only_openai_s_fields_gets_no_others() -> None:
    common = {'max_tokens': 16, 'temperature': 0.0, 'top_p': 1.0}
    penalties = {'frequency_penalty': 0.0, 'presence_penalty': 0.0}
    assert body(GREEDY, OPENAI) == {**common, **penalties}
    assert body(GREEDY, SPARSE) == common


def test_what_the_config_sets_is_sent_in_every_dialect() -> None:
    params = GenerationParams(top_k=20, min_p=0.1, repetition_penalty=1.1, min_out_len=4)
    for dialect in (FULL, TOP_K_FROM_0, OPENAI, SPARSE):
        sent = body(params, dialect)
        assert (sent['top_k'], sent['min_p'], sent['repetition_penalty']) == (20, 0.1, 1.1)
        assert sent['min_tokens'] == 4


def test_the_config_adds_and_overrides_fields() -> None:
    extra = {'chat_template_kwargs': {'enable_thinking': False}, 'top_p': 0.5}
    sent = body(GREEDY, OPENAI, extra=extra, temperature=0.3)
    assert sent['chat_template_kwargs'] == {'enable_thinking': False}
    assert (sent['top_p'], sent['temperature']) == (0.5, 0.3)


@pytest.mark.parametrize('model', ['o1-mini', 'o3', 'gpt-5-mini', 'openai/gpt-5'])
def test_openai_s_reasoning_models_get_no_sampling_fields(model: str) -> None:
    assert body(SAMPLED, OPENAI, model=model, is_openai=True) == {'max_completion_tokens': 16}
    assert body(SAMPLED, FULL, model=model)['temperature'] == 0.7


def test_a_gateway_to_a_reasoning_model_is_asked_as_openai_once_it_refuses() -> None:
    def script(asked: Asked) -> Act:
        if 'max_tokens' in asked.body:
            return error(400, "'max_tokens' is not supported. Use 'max_completion_tokens' instead.")
        return say(asked.text)

    with FaultServer(script) as server:
        model = chat(server, path='openai/o3-mini')
        answers = ask(model, 5, SAMPLED)
        assert model.describe()['dialects'] == ['sparse']
    assert [answers[f'q{number}'].error for number in range(5)] == [None] * 5
    assert server.asked[-1].body.keys() == {'model', 'messages', 'max_completion_tokens'}


def test_a_prompt_that_is_too_long_does_not_change_how_a_server_is_asked() -> None:
    text = "'max_tokens' or 'max_completion_tokens' is too large: the context length is 8"
    with FaultServer(lambda _: error(400, text)) as server:
        model = chat(server)
        answer = ask_one(model, user('q'), GREEDY)
        assert model.describe()['dialects'] == ['full']
    assert (answer.error or '').startswith('context_length: ')
    assert len(server.asked) == 1


def test_a_server_that_refuses_engine_fields_is_asked_without_them() -> None:
    def script(asked: Asked) -> Act:
        unknown = asked.body.keys() & {'top_k', 'min_p', 'repetition_penalty'}
        return error(422, f'Unexpected keys: {sorted(unknown)}') if unknown else say(asked.text)

    with FaultServer(script) as server:
        model = chat(server)
        answers = ask(model, 50)
        assert model.describe()['dialects'] == ['openai']
    assert not any(answer.error for answer in answers.values())
    assert len(answers) == 50
    assert len(server.asked) == 52


def test_a_server_that_counts_top_k_from_0_gets_0() -> None:
    def script(asked: Asked) -> Act:
        return say('x') if asked.body['top_k'] >= 0 else error(400, 'top_k must not be negative')

    with FaultServer(script) as server:
        model = chat(server)
        assert ask(model, 3, SAMPLED)['q2'].text == 'x'
        assert model.describe()['dialects'] == ['top_k from 0']


def test_a_field_that_the_config_sets_is_never_dropped() -> None:
    with FaultServer(lambda _: error(400, 'top_k is not supported')) as server:
        answer = ask_one(chat(server), user('q'), GenerationParams(top_k=5))
    assert answer.error == 'bad_request: 400 BadRequestError: top_k is not supported'
    assert [asked.body['top_k'] for asked in server.asked] == [5, 5, 5, 5]


def test_more_than_four_stop_words_go_to_other_servers_and_are_named_for_openai() -> None:
    params = GenerationParams(stop=('a', 'b', 'c', 'd', 'e'))
    with FaultServer(lambda _: say('x')) as server:
        ask(chat(server), params=params)
        assert server.asked[0].body['stop'] == ['a', 'b', 'c', 'd', 'e']
        model = chat(server, openai_api_base='https://api.openai.com/v1')
        answers, failure = drain(model, list(questions(3, params)))
    assert answers == []
    assert failure.startswith('ConfigError: OpenAI takes 4 stop words at most')
    assert "'a', 'b', 'c', 'd', 'e'" in failure


def test_a_text_for_a_chat_is_one_user_message_and_messages_for_a_base_model_an_error() -> None:
    with FaultServer(lambda _: say('x')) as server:
        ask_one(chat(server), 'hello')
        assert server.asked[0].body['messages'] == [{'role': 'user', 'content': 'hello'}]
        with pytest.raises(ConfigError, match='use OpenAISDK for a chat'):
            ask_one(completions(server), user('hello'))


def test_max_completion_tokens_overrides_the_length_under_that_name() -> None:
    for dialect in (FULL, OPENAI, SPARSE):
        sent = body(GREEDY, dialect, max_completion_tokens=4096)
        assert sent['max_completion_tokens'] == 4096
        assert 'max_tokens' not in sent


def test_llama_factory_gets_what_its_server_reads() -> None:
    assert body(GREEDY, LLAMA_FACTORY) == {
        'max_tokens': 16,
        'do_sample': False,
        'temperature': 0.0,
        'top_p': 1.0,
        'presence_penalty': 1.0,  # there it is the repetition penalty
    }
    penalised = GenerationParams(repetition_penalty=1.2, stop=('x',))
    sent = body(penalised, LLAMA_FACTORY)
    assert (sent['presence_penalty'], sent['stop']) == (1.2, ['x'])


@pytest.mark.parametrize('keys', [{'top_k': 5}, {'min_p': 0.1}, {'seed': 1}])
def test_what_llama_factory_would_ignore_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=f"LLaMA-Factory's server has no {next(iter(keys))}"):
        body(GenerationParams(temperature=0.5, **keys), LLAMA_FACTORY)


def test_a_dialect_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with FaultServer(lambda _: say('x')) as server, pytest.raises(ConfigError) as caught:
        chat(server, dialect='lamafactory')
    assert str(caught.value) == "dialect='lamafactory' is unknown; did you mean llamafactory?"
