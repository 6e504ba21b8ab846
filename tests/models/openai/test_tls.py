"""A server with a certificate of its own, as behind a company's gateway."""

import ssl
import subprocess
from pathlib import Path

import pytest

from evalkit.errors import ConfigError
from tests.models.openai.ask import ask, chat, drain, questions
from tests.models.openai.connect_proxy import ConnectProxy
from tests.models.openai.fault_server import FaultServer, say


@pytest.fixture(scope='module')
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `cert.pem`, signed by itself for 127.0.0.1, and its `key.pem`."""
    folder = tmp_path_factory.mktemp('tls')
    subprocess.run(
        [
            *('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'),
            *('-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'),
            *('-keyout', str(folder / 'key.pem'), '-out', str(folder / 'cert.pem')),
        ],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate / 'cert.pem', certificate / 'key.pem')
    return context


def test_a_certificate_named_by_the_environment_is_trusted(
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('SSL_CERT_FILE', str(certificate / 'cert.pem'))
    with FaultServer(lambda asked: say(asked.text), tls=tls) as server:
        answers = ask(chat(server), 20)
    assert {answer.text for answer in answers.values()} == {f'q{index}' for index in range(20)}


def test_an_unknown_certificate_is_refused_at_once_with_the_remedy(tls: ssl.SSLContext) -> None:
    with FaultServer(lambda asked: say(asked.text), tls=tls) as server:
        answers, failure = drain(chat(server), questions(5))
    assert answers == []
    assert failure.startswith(f'{ConfigError.__name__}: {server.base}: ')
    assert 'SSL_CERT_FILE' in failure
    assert server.asked == []


def test_a_certificate_need_not_be_verified(tls: ssl.SSLContext) -> None:
    with FaultServer(lambda asked: say(asked.text), tls=tls) as server:
        assert len(ask(chat(server, verify=False), 5)) == 5


def test_a_proxy_tunnels_to_a_server_with_a_certificate_of_its_own(
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('SSL_CERT_FILE', str(certificate / 'cert.pem'))
    with ConnectProxy() as proxy, FaultServer(lambda asked: say(asked.text), tls=tls) as server:
        monkeypatch.setenv('HTTPS_PROXY', f'http://127.0.0.1:{proxy.port}')
        assert len(ask(chat(server), 10)) == 10
        assert set(proxy.targets) == {f'127.0.0.1:{server.port}'}
        num_tunnels = len(proxy.targets)
        monkeypatch.setenv('NO_PROXY', '127.0.0.1')
        assert len(ask(chat(server), 10)) == 10
        assert len(proxy.targets) == num_tunnels


def test_headers_of_a_gateway_reach_it(tls: ssl.SSLContext) -> None:
    headers = {'X-Gateway-Team': 'eval', 'api-key': 'g-1'}
    with FaultServer(lambda asked: say(asked.text), tls=tls) as server:
        ask(chat(server, verify=False, default_headers=headers))
        [asked] = server.asked
    assert (asked.headers['x-gateway-team'], asked.headers['api-key']) == ('eval', 'g-1')
