"""The model class as a config and a task see it."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from evalkit.errors import ConfigError
from evalkit.models import OpenAICompletions, OpenAISDK, model_identity
from evalkit.types import GenerationParams
from tests.models.openai.ask import ask, ask_one, chat, completions, user
from tests.models.openai.fault_server import Act, Asked, FaultServer, error, say

CFG = {'type': OpenAISDK, 'path': 'm', 'key': 'a', 'openai_api_base': 'http://one/v1'}


def test_transport_is_no_part_of_the_identity() -> None:
    other = {
        **CFG,
        'key': 'b',
        'openai_api_base': ['http://two/v1'],
        'query_per_second': 5,
        'retry': 3,
        'timeout': 10,
        'max_workers': 7,
        'rpm_verbose': True,
        'batch_size': 8,
        'openai_extra_kwargs': {'timeout': 5},
        'default_headers': {'X-A': '1'},
    }
    assert model_identity(other) == model_identity(CFG)


@pytest.mark.parametrize(
    'change',
    [
        {'path': 'n'},
        {'temperature': 0.5},
        {'extra_body': {'top_k': 1}},
        {'openai_extra_kwargs': {'reasoning_effort': 'low'}},
        {'think_tag': 'x'},
        {'type': OpenAICompletions},
    ],
)
def test_what_changes_an_answer_changes_the_identity(change: dict[str, object]) -> None:
    assert model_identity({**CFG, **change}) != model_identity(CFG)


def test_prompts_are_messages_for_a_chat_and_texts_for_a_base_model() -> None:
    assert OpenAISDK.is_chat is True
    assert OpenAICompletions.is_chat is False


def test_importing_the_class_imports_no_http_client() -> None:
    code = (
        'import sys; from evalkit.models import OpenAISDK; '
        "sys.exit('aiohttp' in sys.modules or 'openai' in sys.modules)"
    )
    assert subprocess.run([sys.executable, '-c', code], check=False).returncode == 0


def test_it_tells_who_answered_how_often_and_what_it_cost() -> None:
    def script(asked: Asked) -> Act:
        return error(500, 'hiccup') if asked.number == 4 else say(asked.text)

    with FaultServer(script) as server:
        model = chat(server, prices={'prompt': 1.0, 'cached': 0.5, 'output': 10.0})
        ask(model, 100)
        described = dict(model.describe())
    latencies = described.pop('latency_seconds')
    assert sorted(latencies) == ['p50', 'p90', 'p99']
    assert 0 < latencies['p50'] <= latencies['p99'] < 5
    assert described.pop('concurrency')[0] >= 64
    # 100 x (5 fresh + 2 x 0.5 cached + 3 x 10 of output), for a million.
    assert described.pop('cost') == pytest.approx(0.0036)
    assert described == {
        'engine': 'openai',
        'addresses': [server.base],
        'served_model': 'served-model',
        'dialects': ['full'],
        'requests': 101,
        'answers': 100,
        'retries': {'server': 1},
        'prompt_tokens': 700,
        'output_tokens': 300,
        'cached_tokens': 200,
    }


def test_no_credentials_of_an_address_are_shown() -> None:
    model = OpenAISDK('m', key='k', openai_api_base='http://user:canary@h/v1?key=canary')
    assert 'canary' not in str(model.describe())


def test_one_model_answers_several_calls_and_remembers_its_endpoint() -> None:
    with FaultServer(lambda asked: say(asked.text)) as server:
        model = chat(server)
        for _ in range(3):
            assert len(ask(model, 5)) == 5
        assert model.describe()['requests'] == 15
        assert ask(model, 0) == {}


def test_the_rate_is_logged_where_it_is_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    with FaultServer(lambda asked: say(asked.text)) as server:
        model = chat(server, rpm_verbose=True)
        report = model.client.outlook.report
        assert report is not None
        report.at -= 60
        with caplog.at_level(logging.INFO):
            ask(model, 5)
    assert 'requests a minute' in caplog.text


def test_the_part_of_a_prompt_that_mode_names_is_dropped(tiny_llama: Path) -> None:
    words = ' '.join(f'{number}' for number in range(200))
    params = GenerationParams(max_out_len=8)
    options = {'tokenizer_path': str(tiny_llama), 'max_seq_len': 100}
    with FaultServer(lambda asked: say(asked.text)) as server:
        answers = {
            mode: ask_one(chat(server, mode=mode, **options), user(words), params)
            for mode in ('none', 'front', 'mid', 'rear')
        }
        short = ask_one(chat(server, mode='rear', **options), user('1 2 3'), params)
    texts = {mode: answer.text for mode, answer in answers.items()}
    assert (short.text, short.usage.cut_tokens) == ('1 2 3', 0)
    assert answers['none'].usage.cut_tokens == 0
    assert all(answers[mode].usage.cut_tokens > 100 for mode in ('front', 'mid', 'rear'))
    assert texts['none'] == words
    assert all(len(texts[mode]) < len(words) / 2 for mode in ('front', 'mid', 'rear'))
    assert texts['front'].endswith('199')
    assert texts['rear'].startswith('0 1 2')
    assert texts['mid'].startswith('0 1 2')
    assert texts['mid'].endswith('199')


def test_a_base_model_s_text_is_cut_too(tiny_llama: Path) -> None:
    options = {'tokenizer_path': str(tiny_llama), 'max_seq_len': 50, 'mode': 'rear'}
    with FaultServer(lambda _: say('x')) as server:
        list_of_words = 'word ' * 200
        ask_one(completions(server, **options), list_of_words, GenerationParams(max_out_len=8))
        assert 0 < len(server.asked[0].body['prompt']) < len(list_of_words)


def test_a_mode_needs_a_tokenizer_and_a_length() -> None:
    with pytest.raises(ConfigError, match='name a `tokenizer_path`'):
        OpenAISDK('m', key='k', openai_api_base='http://h/v1', mode='mid')
    with pytest.raises(ConfigError, match="mode='middle' is unknown"):
        OpenAISDK('m', key='k', openai_api_base='http://h/v1', mode='middle')
