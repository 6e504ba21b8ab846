"""Keeps what must not be read by others out of every file, log and process list.

A literal secret of a config is replaced by `${EVALKIT_SECRET_1}`; its value travels in the
environment of the processes that need it, and nowhere else.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from evalkit.errors import ConfigError

SECRET_NAMES = frozenset(
    {
        'access_key',
        'access_token',
        'accesskey',
        'api_key',
        'api_keys',
        'api_secret',
        'api_token',
        'apikey',
        'auth_token',
        'authorization',
        'client_secret',
        'cookie',
        'hf_token',
        'key',
        'openai_api_key',
        'passwd',
        'password',
        'private_key',
        'proxy_authorization',
        'secret',
        'secret_key',
        'secretkey',
        'token',
        'use_auth_token',
        'x_api_key',
    }
)
"""Names of keys whose texts are secret; exact names, so that `pad_token` is none of them."""

HARMLESS_HEADERS = frozenset({'accept', 'content_type', 'user_agent'})

SECRET_TEXTS = (
    re.compile(r'(?<=://)[^/\s:@]+:[^/\s@]+(?=@)'),  # https://user:password@host
    re.compile(r'(?<=://)[^/\s:@]{12,}(?=@)'),  # https://token@host
    re.compile(r'(?i)(?<=[?&]key=|\Wsig=)[^&#\s]+'),
    re.compile(r'(?i)(?<=[?&](?:api_key|api-key)=)[^&#\s]+'),
    re.compile(r'(?i)(?<=[?&]token=)[^&#\s]+'),
    re.compile(r'(?i)(?<=[?&]access_token=)[^&#\s]+'),
    re.compile(r'(?i)(?<=\bbearer )[\w.~+/=-]{8,}'),
    re.compile(r'\bsk-[\w-]{10,}'),
    re.compile(r'\bhf_[A-Za-z0-9]{16,}'),
    re.compile(r'\b(?:gsk_|ghp_|github_pat_|glpat-|xai-|nvapi-|AIza)[\w-]{16,}'),
)
"""Texts that are secret wherever they stand."""

ASSIGNED_SECRET = re.compile(
    rf"""(?i)(?<!\w)(?:{'|'.join(sorted(SECRET_NAMES))})['"]?\s*[:=]\s*['"\[].*"""
)
"""In the text of a config file: the name of a secret and all that follows it."""

VARIABLE = re.compile(r'[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|[A-Z]{1,20}')
"""A name of an environment variable, such as `ENV` or `OPENAI_API_KEY`: it is no secret."""

MIN_REDACTED = 4
"""Shorter texts are in every log; to replace them would hide nothing and spoil the log."""

SECRET_VARIABLE = 'EVALKIT_SECRET_'

REFERENCE = re.compile(r'\$\{(EVALKIT_SECRET_\d+)\}')


def hide_secrets(cfg: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return `cfg` with references for its literal secrets, and their values by name.

    Hiding twice changes nothing more. Names of environment variables stay as they are.
    """
    hidden = _Hidden(_references(cfg))
    return hidden.hide(dict(cfg)), hidden.secrets


def reveal_secrets(cfg: Any, environ: Mapping[str, str]) -> Any:
    """Return `cfg` with the secrets that its references name, taken from `environ`."""
    if isinstance(cfg, str):
        return REFERENCE.sub(lambda match: _reveal(match[1], environ), cfg)
    if isinstance(cfg, Mapping):
        return {key: reveal_secrets(value, environ) for key, value in cfg.items()}
    if isinstance(cfg, list | tuple):
        return type(cfg)(reveal_secrets(value, environ) for value in cfg)
    return cfg


def redact(text: str, secrets: Mapping[str, str] | Iterable[str]) -> str:
    """Return `text` without the secrets, also where they are escaped.

    Secrets by name are replaced by the reference that stands for them, bare ones by `***`.
    """
    marks = (
        {value: f'${{{name}}}' for name, value in secrets.items()}
        if isinstance(secrets, Mapping)
        else dict.fromkeys(secrets, '***')
    )
    for secret in sorted(marks, key=len, reverse=True):
        if len(secret) < MIN_REDACTED:
            continue
        for spelling in spellings(secret):
            text = text.replace(spelling, marks[secret])
    return text


def redact_known(text: str, environ: Mapping[str, str]) -> str:
    """Return `text` without the secrets that a process was given by its environment."""
    return redact(text, known_secrets(environ))


def known_secrets(environ: Mapping[str, str]) -> list[str]:
    """Return the secrets that a process was given by its environment."""
    return [environ[name] for name in environ if name.startswith(SECRET_VARIABLE)]


def spellings(secret: str) -> dict[str, None]:
    """Return the ways to write a secret: as it is, in JSON, in Python and in an address."""
    texts = (json.dumps(secret), json.dumps(secret, ensure_ascii=False), repr(secret))
    return dict.fromkeys((secret, *(text[1:-1] for text in texts), quote(secret, safe='')))


def blot(source: str) -> str:
    """Return a line of a config file without what looks like a literal secret."""
    for pattern in (ASSIGNED_SECRET, *SECRET_TEXTS):
        source = pattern.sub('***', source)
    return source


class _Hidden:
    """The secrets found so far; equal ones share a name, and names in use are not given again."""

    def __init__(self, taken: set[str]) -> None:
        self.secrets: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._taken = taken

    def hide(self, value: Any, name: str = '', *, is_header: bool = False) -> Any:
        """Return `value`, found under the key `name`, without the secrets in it."""
        if isinstance(value, Mapping):
            inside = name.endswith('headers')
            return {k: self.hide(v, _normal(k), is_header=inside) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.hide(item, name, is_header=is_header) for item in value)
        if not isinstance(value, str):
            return value
        if name in SECRET_NAMES or (is_header and name not in HARMLESS_HEADERS):
            return self.reference(value)
        for pattern in SECRET_TEXTS:
            value = pattern.sub(lambda match: self.reference(match[0]), value)
        return value

    def reference(self, secret: str) -> str:
        """Return what stands for `secret` in the config."""
        if not secret or VARIABLE.fullmatch(secret) or REFERENCE.search(secret):
            return secret
        if secret not in self._names:
            numbers = range(1, len(self._names) + len(self._taken) + 2)
            names = (f'EVALKIT_SECRET_{number}' for number in numbers)
            name = next(n for n in names if n not in self._taken and n not in self.secrets)
            self._names[secret] = name
            self.secrets[name] = secret
        return f'${{{self._names[secret]}}}'


def _references(value: Any) -> set[str]:
    return {name for text in _texts(value) for name in REFERENCE.findall(text)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _normal(key: object) -> str:
    return str(key).lower().replace('-', '_')


def _reveal(name: str, environ: Mapping[str, str]) -> str:
    if name not in environ:
        raise ConfigError(
            f'{name} is not set: start the run from its own config, or set it to the secret '
            'that stood there'
        )
    return environ[name]
