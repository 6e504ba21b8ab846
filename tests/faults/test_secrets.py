"""Row 35: a secret in a config reaches the model, and nothing that others can read."""

import json
import re
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from textwrap import dedent

import pytest

from tests.faults.harm import wait_until
from tests.runs import (
    command_line,
    dataset,
    evaluate,
    processes,
    run_folder,
    scores,
    start,
    write_config,
    write_words,
)

CANARY = 'canary-7f3a"é\\9c41-secret'
"""With characters that are written in other ways in JSON, in Python and in addresses."""

PASSWORD = 'pa55w0rd-canary-5d1e'

BEARER = 'bearer-canary-88e2f0aa'

OWN = """
    import json, logging, os, pathlib, sys, time, warnings
    from hashlib import sha256
    from evalkit.models import ScriptedModel

    def digest(text):
        return sha256(text.encode()).hexdigest()

    class Keyed(ScriptedModel):
        def __init__(self, key: str, url: str, headers: dict, fault: str = '') -> None:
            super().__init__(patterns={r'(word\\d+)': r'\\1'}, delay=0.02)
            received = [digest(key), digest(url), digest(headers['Authorization'])]
            pathlib.Path('received.json').write_text(json.dumps(received))
            self.key, self.fault = key, fault
            if fault == 'load':
                raise ValueError(f'the server refuses the key {key!r}')

        def generate(self, requests):
            for completion in super().generate(requests):
                if self.fault == 'ask':
                    raise RuntimeError('no such key: ' + self.key)
                if self.fault == 'error':
                    yield type(completion)(completion.key, '', 'error', error='no: ' + self.key)
                    continue
                if self.fault == 'talk':
                    print('sending', self.key, flush=True)
                    print(json.dumps({'key': self.key}), file=sys.stderr, flush=True)
                    logging.getLogger('client').warning('key=%s', self.key)
                    warnings.warn('the key ' + self.key + ' is old')
                if self.fault == 'abort':
                    os.abort()
                yield completion
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a dataset and the user's own model, and one for temporary files."""
    write_words(tmp_path, 30)
    (tmp_path / 'keyed.py').write_text(dedent(OWN))
    (tmp_path / 'tmp').mkdir()
    return tmp_path


def write_keyed(folder: Path, fault: str = '') -> None:
    """Write a config with three literal secrets."""
    keyed = {
        'type': 'keyed.Keyed',
        'abbr': 'keyed',
        'key': CANARY,
        'url': f'https://user:{PASSWORD}@localhost/v1',
        'headers': {'Authorization': f'Bearer {BEARER}'},
        'fault': fault,
    }
    write_config(folder, [keyed], [dataset()])


def spellings(secret: str) -> set[bytes]:
    """Return the ways in which a secret may stand in a file."""
    texts = {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]}
    return {text.encode() for text in texts} | {secret[:12].encode()}


def traces(data: bytes) -> list[bytes]:
    """Return the secrets that stand in some text, in any spelling."""
    return [
        spelling
        for secret in (CANARY, PASSWORD, BEARER)
        for spelling in spellings(secret)
        if spelling in data
    ]


def files_with_secrets(folder: Path) -> dict[str, list[bytes]]:
    """Return the files that a run has written and that hold a secret, the compiled ones too."""
    given = {folder / 'words.py', folder / 'keyed.py'}
    files = [path for path in folder.rglob('*') if path.is_file() and path not in given]
    found = {str(path.relative_to(folder)): traces(path.read_bytes()) for path in files}
    return {name: secrets for name, secrets in found.items() if secrets}


def check_the_model_got_them(folder: Path) -> None:
    """The constructor was given the secrets themselves."""
    given = (CANARY, f'https://user:{PASSWORD}@localhost/v1', f'Bearer {BEARER}')
    received = json.loads((folder / 'received.json').read_text())
    assert received == [sha256(text.encode()).hexdigest() for text in given]


def all_command_lines(mark: str, run: subprocess.Popen[str]) -> Iterator[bytes]:
    """Yield the arguments of every process of a run, until it has ended."""
    while run.poll() is None:
        yield from (command_line(pid) for pid in processes(mark))


def test_the_traces_of_a_secret_are_found() -> None:
    assert len(traces(f'key={CANARY}'.encode())) >= 2
    assert traces(json.dumps({'key': CANARY}).encode())
    assert traces(repr({'key': CANARY}).encode())
    assert traces(f'{PASSWORD} {BEARER}'.encode())


def test_a_secret_reaches_the_model_and_no_file_and_no_process_list(
    folder: Path, mark: str
) -> None:
    write_keyed(folder)
    run = start(folder, 'words.py', mark=mark, TMPDIR=str(folder / 'tmp'))
    seen = set(all_command_lines(mark, run))
    assert any(b'evalkit.tasks' in line for line in seen)
    assert not [line for line in seen if traces(line)]
    shown, said = run.communicate()
    assert run.returncode == 0, said
    assert traces((shown + said).encode()) == []
    assert files_with_secrets(folder) == {}
    check_the_model_got_them(folder)
    assert scores(run_folder(folder)) == {('words', 'keyed'): 100.0}
    saved = next((run_folder(folder) / 'configs').iterdir()).read_text()
    assert re.search(r"'key': '\$\{EVALKIT_SECRET_\d}'", saved)


@pytest.mark.parametrize(
    ('fault', 'code'),
    [('load', 3), ('ask', 3), ('error', 3), ('talk', 0), ('abort', 4)],
)
def test_a_secret_in_what_goes_wrong_is_blotted_out(folder: Path, fault: str, code: int) -> None:
    write_keyed(folder, fault)
    done = evaluate(folder, 'words.py', '--retry', 0, TMPDIR=str(folder / 'tmp'))
    assert done.returncode == code, done.stderr
    check_the_model_got_them(folder)
    assert files_with_secrets(folder) == {}
    assert traces((done.stdout + done.stderr).encode()) == []


@pytest.mark.parametrize('fault', ['load', 'ask', 'error'])
def test_a_secret_is_blotted_out_of_a_debug_run_too(folder: Path, fault: str) -> None:
    write_keyed(folder, fault)
    done = evaluate(folder, 'words.py', '--debug', TMPDIR=str(folder / 'tmp'))
    assert done.returncode == (3 if fault == 'error' else 1), done.stderr  # a bug is a traceback
    check_the_model_got_them(folder)
    assert files_with_secrets(folder) == {}
    assert traces((done.stdout + done.stderr).encode()) == []


@pytest.mark.parametrize(
    ('right', 'wrong'),
    [
        ("'abbr': 'keyed'", "'abbbr': 'keyed'"),
        ("'fault': ''", "'fault': '"),
        ("'headers'", "'heders'"),
        ("'type': 'keyed.Keyed'", "'type': 'keyed.Keyd'"),
        ("'url'", "7: 7, 'url'"),
    ],
)
def test_a_config_that_is_refused_says_no_secret(folder: Path, right: str, wrong: str) -> None:
    write_keyed(folder)
    path = folder / 'words.py'
    assert right in path.read_text()
    path.write_text(path.read_text().replace(right, wrong))
    done = evaluate(folder, 'words.py', TMPDIR=str(folder / 'tmp'))
    assert done.returncode == 2, done.stderr
    assert traces((done.stdout + done.stderr).encode()) == []
    assert files_with_secrets(folder) == {}


def test_a_resumed_run_needs_the_secret_from_its_config_alone(folder: Path) -> None:
    write_keyed(folder)
    assert evaluate(folder, 'words.py', '--limit', 3).returncode == 0
    (folder / 'received.json').unlink()
    done = evaluate(folder, 'words.py', '-r')
    assert done.returncode == 0, done.stderr
    check_the_model_got_them(folder)
    assert scores(run_folder(folder)) == {('words', 'keyed'): 100.0}
    assert files_with_secrets(folder) == {}


def test_a_key_that_is_a_name_is_read_from_the_environment(folder: Path, mark: str) -> None:
    """The name stays in the config that is saved; the value is the model's own business."""
    write_keyed(folder)
    path = folder / 'words.py'
    text = path.read_text()
    for secret in (CANARY, f'Bearer {BEARER}', f'https://user:{PASSWORD}@localhost/v1'):
        assert repr(secret) in text
        text = text.replace(repr(secret), "'SECRET_OF_MINE'")
    path.write_text(text)
    run = start(folder, 'words.py', mark=mark, SECRET_OF_MINE=CANARY)
    wait_until(lambda: run.poll() is not None)
    run.communicate()
    assert run.returncode == 0
    saved = next((run_folder(folder) / 'configs').iterdir()).read_text()
    assert "'key': 'SECRET_OF_MINE'" in saved
    assert files_with_secrets(folder) == {}
