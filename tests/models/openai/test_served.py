"""SGLang answers to the name of an adapter with the base model; that is found out."""

from tests.models.openai.ask import chat, drain, questions
from tests.models.openai.fault_server import Act, Asked, FaultServer, chat_body, reply, say

MODELS = {
    'data': [
        {'id': 'base', 'parent': None},
        {'id': 'adapter', 'parent': 'base'},
    ]
}


def sglang(asked: Asked) -> Act:
    """Answer as SGLang does, which alone tells the version of its weights."""
    if asked.path.endswith('/models'):
        return reply(MODELS)
    return reply({**chat_body(asked.text), 'metadata': {'weight_version': 'default'}})


def test_the_bare_name_of_an_adapter_is_refused_with_the_right_one() -> None:
    with FaultServer(sglang) as server:
        answers, failure = drain(chat(server, path='adapter'), questions(20))
    assert answers == []
    assert failure.startswith('ConfigError: ')
    assert "SGLang answers to 'adapter' with the base model: ask for 'base:adapter'" in failure
    assert [asked.path for asked in server.asked] == ['/v1/chat/completions', '/v1/models']


def test_the_base_and_the_full_name_of_an_adapter_are_asked() -> None:
    for name in ('base', 'base:adapter'):
        with FaultServer(sglang) as server:
            answers, failure = drain(chat(server, path=name), questions(20))
        assert (len(answers), failure) == (20, '')
        assert len(server.asked) == 21


def test_other_servers_are_not_asked_for_their_models() -> None:
    with FaultServer(lambda asked: say(asked.text)) as server:
        drain(chat(server), questions(5))
    assert len(server.asked) == 5
