"""Addresses, keys, headers and proxies, as the `openai` package reads them."""

from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.models import OpenAISDK
from evalkit.models.openai.addresses import Address, find_addresses
from tests.models.openai.ask import ask, chat
from tests.models.openai.fault_server import FaultServer, say

CHAT = '/chat/completions'


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    names = 'OPENAI_API_KEY OPENAI_BASE_URL OPENAI_ORG_ID OPENAI_PROJECT_ID OPENAI_PROXY_URL'
    names += (
        ' AZURE_OPENAI_ENDPOINT AZURE_OPENAI_API_KEY AZURE_OPENAI_DEPLOYMENT OPENAI_API_VERSION'
    )
    proxies = 'http_proxy https_proxy all_proxy no_proxy'
    for name in (*names.split(), *proxies.split(), *proxies.upper().split()):
        monkeypatch.delenv(name, raising=False)


def only(bases: str | None, key: str = 'k', **kwargs: Any) -> Address:
    [address] = find_addresses(bases, key, **kwargs)
    return address


@pytest.mark.parametrize(
    'base',
    [
        'http://h:8000/v1',
        'http://h:8000/v1/',
        'http://h:8000/v1/chat/completions',
        'http://h:8000/v1/completions',
        ' http://h:8000/v1/chat/completions/ ',
    ],
)
def test_an_address_may_be_written_with_or_without_the_path_of_the_call(base: str) -> None:
    assert only(base).url(CHAT) == 'http://h:8000/v1/chat/completions'


def test_the_address_is_openai_s_unless_the_environment_names_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert only(None).url(CHAT) == 'https://api.openai.com/v1/chat/completions'
    assert only(None).is_openai
    monkeypatch.setenv('OPENAI_BASE_URL', 'http://h/v1')
    assert only(None).url(CHAT) == 'http://h/v1/chat/completions'
    assert not only(None).is_openai


@pytest.mark.parametrize(
    ('base', 'proxy', 'is_local'),
    [
        ('http://localhost:8000/v1', '', True),
        ('http://127.0.0.1:8000/v1', '', True),
        ('http://[::1]:8000/v1', '', True),
        ('http://127.0.0.1:8000/v1', 'http://gateway:3128', False),
        ('http://10.0.0.7:8000/v1', '', False),
        ('http://localhost.example.com/v1', '', False),
    ],
)
def test_a_server_of_this_machine_is_known(base: str, proxy: str, is_local: bool) -> None:
    assert only(base, proxy=proxy).is_local is is_local


def test_an_azure_deployment_has_its_version_in_the_query_and_its_own_header() -> None:
    base = 'https://x.openai.azure.com/openai/deployments/d?api-version=2025-01-01'
    address = only(base)
    assert address.url(CHAT) == (
        'https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2025-01-01'
    )
    assert address.headers['api-key'] == 'k'
    assert 'Authorization' not in address.headers
    assert address.is_openai


@pytest.mark.parametrize('base', ['localhost:8000', 'ftp://h/v1', 'http://'])
def test_what_is_no_address_is_refused(base: str) -> None:
    with pytest.raises(ConfigError, match='is no address'):
        find_addresses(base, 'k')


def test_a_key_is_literal_or_names_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('OPENAI_API_KEY', 'sk-1, sk-2\n')
    monkeypatch.setenv('GATEWAY_KEY', 'g-1')
    found = find_addresses('http://h/v1', ['ENV', 'GATEWAY_KEY', 'EMPTY'])
    assert [address.headers['Authorization'] for address in found] == [
        'Bearer sk-1',
        'Bearer sk-2',
        'Bearer g-1',
        'Bearer EMPTY',
    ]
    assert [address.label for address in found][:2] == [
        'http://h/v1 (key 1)',
        'http://h/v1 (key 2)',
    ]


def test_a_missing_key_matters_to_openai_only() -> None:
    assert 'Authorization' not in only('http://h/v1', 'ENV').headers
    with pytest.raises(ConfigError, match='OPENAI_API_KEY is not set'):
        find_addresses(None, 'ENV')
    with pytest.raises(ConfigError, match='the environment variable MY_KEY is not set'):
        find_addresses('http://h/v1', 'MY_KEY')


def test_headers_come_from_the_config_and_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('OPENAI_ORG_ID', 'org-1')
    monkeypatch.setenv('OPENAI_PROJECT_ID', 'proj-1')
    headers = only('http://h/v1', default_headers={'X-Team': 'a', 'Authorization': 'mine'}).headers
    assert headers['OpenAI-Organization'] == 'org-1'
    assert headers['OpenAI-Project'] == 'proj-1'
    assert (headers['X-Team'], headers['Authorization']) == ('a', 'mine')
    assert only('http://h/v1', organisation='org-2').headers['OpenAI-Organization'] == 'org-2'


def test_a_proxy_comes_from_the_environment_and_no_proxy_is_respected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert only('http://h/v1').proxy is None
    monkeypatch.setenv('HTTPS_PROXY', 'http://proxy:3128')
    monkeypatch.setenv('NO_PROXY', 'inside.example')
    assert only('https://h/v1').proxy == 'http://proxy:3128'
    assert only('http://h/v1').proxy is None
    assert only('https://a.inside.example/v1').proxy is None
    assert only('https://h/v1', proxy='http://other:1').proxy == 'http://other:1'
    monkeypatch.setenv('ALL_PROXY', 'socks5://proxy:1080')
    with pytest.raises(ConfigError, match='a socks5 proxy is not possible'):
        only('http://h/v1')


def test_requests_go_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(lambda _: say('through the proxy')) as proxy:
        monkeypatch.setenv('HTTP_PROXY', f'http://127.0.0.1:{proxy.port}')
        answers = ask(OpenAISDK('m', key='k', openai_api_base='http://nowhere.invalid/v1'))
        assert proxy.asked[0].path == 'http://nowhere.invalid/v1/chat/completions'
    assert answers['q0'].text == 'through the proxy'


def test_requests_are_spread_over_addresses_and_keys() -> None:
    slow = lambda _: say('x', delay=0.02)  # noqa: E731
    with FaultServer(slow) as one, FaultServer(slow) as other:
        model = chat(one, openai_api_base=[one.base, other.base], key=['a', 'b'], max_workers=4)
        assert len(ask(model, 100)) == 100
        keys = [asked.headers['authorization'] for asked in one.asked]
    assert 35 <= len(one.asked) <= 65
    assert 15 <= keys.count('Bearer a') <= 35


def test_extra_kwargs_mean_what_they_mean_to_the_openai_package() -> None:
    kwargs = {
        'extra_headers': {'X-A': '1'},
        'extra_query': {'v': '2'},
        'extra_body': {'a': 3},
        'reasoning_effort': 'low',
    }
    with FaultServer(lambda _: say('x')) as server:
        ask(chat(server, openai_extra_kwargs=kwargs, extra_body={'b': 4}))
        [asked] = server.asked
    assert asked.headers['x-a'] == '1'
    assert asked.path == '/v1/chat/completions?v=2'
    assert (asked.body['a'], asked.body['b'], asked.body['reasoning_effort']) == (3, 4, 'low')
    assert 'extra_body' not in asked.body


def test_azure_s_variables_mean_what_they_mean_to_the_openai_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv('AZURE_OPENAI_ENDPOINT', 'https://gateway.example/')
    monkeypatch.setenv('AZURE_OPENAI_API_KEY', 'azure-key')
    newest = only(None, 'ENV')
    assert newest.url(CHAT) == 'https://gateway.example/openai/v1/chat/completions'
    assert newest.headers['api-key'] == 'azure-key'
    assert 'Authorization' not in newest.headers
    monkeypatch.setenv('OPENAI_API_VERSION', '2025-01-01')
    with pytest.raises(ConfigError, match='name it with AZURE_OPENAI_DEPLOYMENT'):
        find_addresses(None, 'ENV')
    monkeypatch.setenv('AZURE_OPENAI_DEPLOYMENT', 'mine')
    path = '/openai/deployments/mine/chat/completions?api-version=2025-01-01'
    assert only(None, 'ENV').url(CHAT) == f'https://gateway.example{path}'


def test_azure_s_key_goes_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('AZURE_OPENAI_ENDPOINT', 'https://gateway.example/')
    monkeypatch.setenv('AZURE_OPENAI_API_KEY', 'azure-key')
    monkeypatch.setenv('OPENAI_API_KEY', 'openai-key')
    assert only('http://h/v1', 'ENV').headers['Authorization'] == 'Bearer openai-key'
    with pytest.raises(ConfigError, match='are both set'):
        find_addresses(None, 'ENV')


def test_a_server_of_ones_own_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('HTTP_PROXY', 'http://proxy:3128')
    assert only('http://127.0.0.1:8000/v1').proxy == 'http://proxy:3128'
    assert only('http://127.0.0.1:8000/v1', proxy='').proxy is None
