"""A config that cannot be read is told in one line, with the file, the line and the cause."""

from pathlib import Path

import pytest

from evalkit.config import load_config
from evalkit.errors import ConfigError, ExitCode
from tests.config.conftest import Write

BASE = 'from mmengine.config import read_base\nwith read_base():\n    '


def error_of(path: Path | str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    text = str(caught.value)
    assert '\n' not in text
    assert caught.value.exit_code == ExitCode.CONFIG
    return text


@pytest.mark.parametrize(
    ('text', 'error'),
    [
        ('models = [\n', "c.py:1: '[' was never closed: models = ["),
        ('x = 1\nmodels = [undefined]\n', "c.py:2: NameError: name 'undefined' is not defined"),
        ('x = {}\nx["a"]\n', "c.py:2: KeyError: 'a'"),
        ('import sys\nsys.exit(3)\n', 'c.py:2: SystemExit: 3'),
        ('raise ValueError("one\\ntwo")\n', 'c.py:1: ValueError: one two'),
        ('def f():\n    return 1 / 0\nf()\n', 'c.py:2: ZeroDivisionError: division by zero'),
        ('import os, re\n', 'c.py:1: one module an import: import os; import re'),
        ('with open("x") as f:\n    pass\n', 'c.py:1: the only `with` of a config is read_base()'),
        ('d = {}\nd["d"] = d\n', 'c.py: the data of the config refer to themselves'),
        (
            'from pkg.mod import get\nx = get(1)\n',
            'c.py:2: pkg.mod.get is not imported while a config is read, so it cannot be called; '
            'write dict(type=get, ...)',
        ),
        (
            'import pkg\nx = pkg.mod.get(1)\n',
            'c.py:2: pkg.mod.get is not imported while a config is read, so it cannot be called; '
            'write dict(type=get, ...)',
        ),
        (
            'from x import *\n',
            'c.py:1: from x import * can only stand inside `with read_base():`, for another config',
        ),
        (
            'x = [dict() for i in range(10**9)]\n',
            'c.py:1: range(10 ** 9): a range in a config must not exceed 1000000',
        ),
        (
            'x = 0\nfor i in range(0, 2 * 1000 * 1000):\n    x += 1\n',
            'c.py:2: range(0, 2 * 1000 * 1000): a range in a config must not exceed 1000000',
        ),
        (
            'datasets = range(2000000 - 1)\n',
            'c.py: datasets: 1999999 items; a config may have 1000000',
        ),
        (
            'models = [dict(type=lambda x: x)]\n',
            'c.py: models[0].type: <lambda> has no dotted path: a `type` must be defined at the '
            'top of a module, not in the config file itself; put it into a module beside the '
            'config',
        ),
        ('datasets = [dict(a={1, 2})]\n', 'c.py: datasets[0].a: a set is no data: {1, 2}'),
        (
            'from pkg.base import models\n',
            "c.py: models is 'pkg.base.models'; what another config defines must be imported "
            'inside `with read_base():`',
        ),
        (BASE + 'import x\n', 'c.py:3: only `from .x import y` can stand inside read_base()'),
        (
            BASE + 'from .parts.modles import models\n',
            'c.py:3: read_base: there is no file parts/modles.py; did you mean parts/models.py?',
        ),
        (
            BASE + 'from .parts.models import modles\n',
            'c.py:3: .parts.models has no modles; did you mean models?',
        ),
        (BASE + 'from nowhere.models import *\n', 'c.py:3: read_base: there is no file'),
        (
            BASE + 'from .parts.broken import x\n',
            "parts/broken.py:2: NameError: name 'y' is not defined",
        ),
        (BASE + 'from .parts.torn import x\n', "parts/torn.py:1: '(' was never closed: x = ("),
        (BASE + 'from .c import x\n', 'c.py:3: the bases go round in a circle: c.py -> c.py'),
        (
            BASE + 'from .parts.ring import x\n',
            'parts/ring2.py:1: the bases go round in a circle: ring.py -> ring2.py -> ring.py',
        ),
    ],
)
def test_one_line_says_what_is_wrong_and_where(write: Write, text: str, error: str) -> None:
    write('parts/models.py', 'models = []\n')
    write('parts/broken.py', 'a = 1\nx = y\n')
    write('parts/torn.py', 'x = (\n')
    write('parts/ring.py', 'with read_base(): from .ring2 import x\n')
    write('parts/ring2.py', 'with read_base(): from .ring import x\n')
    assert error_of(write('c.py', text)).startswith(error)


def test_a_missing_file_names_the_nearest_one(write: Write) -> None:
    write('configs/models/llama.py', 'models = []\n')
    near = 'did you mean configs/models/llama.py?'
    assert error_of('configs/models/lama.py') == f'there is no file configs/models/lama.py; {near}'
    assert error_of('config/model/lama.py') == f'there is no file config/model/lama.py; {near}'
    assert error_of('quite/different.py') == 'there is no file quite/different.py'


@pytest.mark.parametrize('name', ['c.json', 'c', 'configs'])
def test_a_config_is_a_python_file(write: Write, name: str) -> None:
    write('configs/x.py', '')
    assert error_of(name) == f'{name}: a config is a Python file, with the suffix .py'


def test_a_file_that_is_no_text_is_told(write: Write) -> None:
    Path('c.py').write_bytes(b'\xff\xfe\x00models')
    assert error_of('c.py').startswith('c.py: this is not a Python file: ')
    Path('d.py').write_bytes(b'x = "\x00"')
    assert error_of('d.py').startswith('d.py:')


def test_a_syntax_error_beside_a_secret_does_not_show_it(write: Write) -> None:
    path = write('c.py', "models = [dict(a=1, key='sesame-canary-1', b=)]\n")
    assert error_of(path) == 'c.py:1: invalid syntax: models = [dict(a=1, ***'
