"""Where requests go and with which headers, as the `openai` package reads its environment."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import product
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from evalkit.errors import ConfigError

DEFAULT_BASE = 'https://api.openai.com/v1'
ENDINGS = ('/chat/completions', '/completions')
OPENAI_HOSTS = ('api.openai.com', '.openai.azure.com')
AZURE_HOST = '.azure.com'
VARIABLE = re.compile(r'[A-Z][A-Z0-9]*(_[A-Z0-9]+)+')


@dataclass(frozen=True)
class Address:
    """One address asked with one key; `label` may be shown, `headers` may not."""

    base: str
    query: str
    headers: Mapping[str, str]
    proxy: str | None
    label: str
    is_openai: bool
    """Whether the service is OpenAI's own, which refuses what it does not know."""
    is_local: bool = False
    """Whether the server is on this machine, and so refuses at once what it refuses."""

    def url(self, path: str) -> str:
        """Return the full address of '/chat/completions' or '/completions'."""
        return f'{self.base}{path}' + (f'?{self.query}' if self.query else '')


def find_addresses(
    bases: str | Sequence[str] | None,
    key: str | Sequence[str],
    *,
    organisation: str | None = None,
    default_headers: Mapping[str, str] | None = None,
    default_query: Mapping[str, str] | None = None,
    proxy: str | None = None,
) -> list[Address]:
    """Return each address with each key; what is not given comes from the environment."""
    places = [_split(base) for base in _bases(bases)]
    keys = find_keys(key, of_azure=all(map(is_azure, places)))
    found = []
    for parts, secret in product(places, keys):
        is_openai = _host_is(parts, OPENAI_HOSTS)
        if secret is None and is_openai and not default_headers:
            raise ConfigError(
                "OPENAI_API_KEY is not set: export it, or give the model's config a `key`"
            )
        query = '&'.join(filter(None, (parts.query, urlencode(default_query or {}))))
        label = urlunsplit((parts.scheme, parts.netloc.rpartition('@')[2], parts.path, '', ''))
        through = _proxy(parts, proxy)
        address = Address(
            base=urlunsplit((parts.scheme, parts.netloc, parts.path, '', '')),
            query=query,
            headers={**_headers(parts, secret, organisation), **(default_headers or {})},
            proxy=through,
            label=label if len(keys) == 1 else f'{label} (key {keys.index(secret) + 1})',
            is_openai=is_openai,
            is_local=_is_loopback(parts.hostname or '') and through is None,
        )
        found.append(address)
    return found


def find_keys(key: str | Sequence[str], *, of_azure: bool = False) -> list[str | None]:
    """Return the keys: 'ENV' is OPENAI_API_KEY, a name such as 'MY_KEY' that variable.

    For Azure 'ENV' is AZURE_OPENAI_API_KEY, if that is set.
    """
    names = [key] if isinstance(key, str) else list(key)
    variables = ('AZURE_OPENAI_API_KEY', 'OPENAI_API_KEY') if of_azure else ('OPENAI_API_KEY',)
    keys = [found for name in names for found in _reveal(name, variables)]
    return list(dict.fromkeys(keys)) or [None]


def _reveal(name: str, usual: Sequence[str]) -> Iterator[str | None]:
    if name == 'ENV':
        name = next(filter(None, map(os.environ.get, usual)), '')
    elif VARIABLE.fullmatch(name):
        if name not in os.environ:
            raise ConfigError(f"key='{name}': the environment variable {name} is not set")
        name = os.environ[name]
    for part in name.split(','):
        yield part.strip() or None


def _bases(bases: str | Sequence[str] | None) -> list[str]:
    if not bases:
        bases = os.environ.get('OPENAI_BASE_URL') or _azure_base() or DEFAULT_BASE
    return [bases] if isinstance(bases, str) else list(dict.fromkeys(bases))


def _azure_base() -> str | None:
    """Return the address that the variables of Azure name, as the `openai` package reads them."""
    endpoint = os.environ.get('AZURE_OPENAI_ENDPOINT')
    if not endpoint:
        return None
    version = os.environ.get('OPENAI_API_VERSION')
    if os.environ.get('OPENAI_API_KEY'):
        raise ConfigError(
            'OPENAI_API_KEY and AZURE_OPENAI_ENDPOINT are both set: say by openai_api_base (or '
            'OPENAI_BASE_URL) which of the two is asked'
        )
    path = f'{endpoint.rstrip("/")}/openai'
    if not version:
        return f'{path}/v1'  # the version that needs none
    deployment = os.environ.get('AZURE_OPENAI_DEPLOYMENT')
    if not deployment:
        raise ConfigError(
            'OPENAI_API_VERSION asks for a deployment: name it with AZURE_OPENAI_DEPLOYMENT, or '
            'unset the version, and the model is found by its `path`'
        )
    return f'{path}/deployments/{deployment}?api-version={version}'


def _split(base: str) -> SplitResult:
    parts = urlsplit(base.strip())
    if parts.scheme not in ('http', 'https') or not parts.hostname:
        raise ConfigError(
            f"openai_api_base='{base}' is no address: write it as 'http://host:port/v1'"
        )
    path = parts.path.rstrip('/')
    # OpenCompass's configs name the full path of the chat.
    ending = next((ending for ending in ENDINGS if path.endswith(ending)), '')
    return parts._replace(path=path.removesuffix(ending))


def _headers(parts: SplitResult, secret: str | None, organisation: str | None) -> dict[str, str]:
    headers = {'Content-Type': 'application/json', 'Accept': 'application/json'}
    if secret is not None:
        headers |= {'api-key': secret} if is_azure(parts) else {'Authorization': f'Bearer {secret}'}
    for name, value in (
        ('OpenAI-Organization', organisation or os.environ.get('OPENAI_ORG_ID')),
        ('OpenAI-Project', os.environ.get('OPENAI_PROJECT_ID')),
    ):
        headers |= {name: value} if value else {}
    return headers


def is_azure(parts: SplitResult) -> bool:
    """Tell whether an address is Azure's: by its host, or since the environment says so."""
    endpoint = urlsplit(os.environ.get('AZURE_OPENAI_ENDPOINT', ''))
    return _host_is(parts, (AZURE_HOST,)) or (
        bool(endpoint.netloc) and (endpoint.netloc == parts.netloc)
    )


def _host_is(parts: SplitResult, names: Sequence[str]) -> bool:
    host = parts.hostname or ''
    return any(host == name or (name[0] == '.' and host.endswith(name)) for name in names)


def _is_loopback(host: str) -> bool:
    if host == 'localhost':
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _proxy(parts: SplitResult, given: str | None) -> str | None:
    """Return the proxy of an address: the one given ('' is none), or that of the environment."""
    if given == '':
        return None
    proxies = getproxies()
    if given == 'ENV':
        given = os.environ.get('OPENAI_PROXY_URL')
    host = parts.netloc.rpartition('@')[2]
    found = given or (
        None if proxy_bypass(host) else proxies.get(parts.scheme) or proxies.get('all')
    )
    if not found:
        return None
    found = found if '://' in found else f'http://{found}'
    if not found.startswith(('http://', 'https://')):
        scheme = found.split('://')[0]
        raise ConfigError(f'a {scheme} proxy is not possible: name one that speaks http://')
    return found
