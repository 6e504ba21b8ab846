"""One place knows how a name becomes an object."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from evalkit.config import load_config, resolve_type, type_path
from evalkit.datasets import BaseDataset, CalcDataset
from evalkit.errors import ConfigError
from evalkit.inferencers import GenInferencer
from tests.config.conftest import Write


def error_of(spec: object, place: str = 'type') -> str:
    with pytest.raises(ConfigError) as caught:
        resolve_type(spec, place)
    assert '\n' not in str(caught.value)
    return str(caught.value)


def test_every_spelling_means_the_same_object() -> None:
    spellings = [
        GenInferencer,
        'GenInferencer',
        'evalkit.inferencers.GenInferencer',
        'evalkit.inferencers.gen.GenInferencer',
        'opencompass.openicl.icl_inferencer.GenInferencer',
        'opencompass.openicl.icl_inferencer.icl_gen_inferencer.GenInferencer',
    ]
    assert {resolve_type(spelling) for spelling in spellings} == {GenInferencer}


@pytest.mark.parametrize('obj', [GenInferencer, CalcDataset, Counter, json.loads, len, type_path])
def test_a_type_path_leads_back_to_the_object(obj: object) -> None:
    assert resolve_type(type_path(obj)) is obj


def test_a_path_is_its_own_type_path() -> None:
    assert type_path('a.b') == 'a.b'


def test_what_has_no_path_is_refused() -> None:
    class Local:
        pass

    with pytest.raises(ConfigError, match='Local has no dotted path'):
        type_path(Local)


def test_a_nested_class_of_a_users_module_resolves(write: Write) -> None:
    write('mine/__init__.py', '')
    write('mine/parts/things.py', 'class Outer:\n    class Inner:\n        name = "found"\n')
    assert resolve_type('mine.parts.things.Outer.Inner').name == 'found'


def test_a_module_beside_the_config_can_be_used_from_elsewhere(write: Write) -> None:
    write('runs/deep/my_dataset_1.py', 'class MyDataset:\n    pass\n')
    path = write(
        'runs/deep/c.py',
        'from my_dataset_1 import MyDataset\ndatasets = [dict(type=MyDataset)]\n',
    )
    [dataset] = load_config(path)['datasets']
    assert resolve_type(dataset['type']).__name__ == 'MyDataset'


def test_started_processes_find_the_same_modules(write: Write) -> None:
    write('runs/my_dataset_2.py', 'class MyDataset:\n    pass\n')
    load_config(write('runs/c.py', ''))
    program = (
        'from evalkit.config import resolve_type; print(resolve_type("my_dataset_2.MyDataset"))'
    )
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True, cwd='/')
    assert (done.stdout.strip(), done.stderr) == ("<class 'my_dataset_2.MyDataset'>", '')


def test_a_file_beside_the_config_does_not_hide_a_package(write: Write) -> None:
    write('runs/json.py', 'raise SystemExit("hidden")\n')
    load_config(write('runs/c.py', ''))
    program = (
        'from evalkit.config import resolve_type; print(resolve_type("json.loads").__module__)'
    )
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ('json', '')
    assert os.environ['EVALKIT_IMPORT_PATH']


@pytest.mark.parametrize(
    ('spec', 'error'),
    [
        ('GenInferencr', 'type: evalkit has no GenInferencr; did you mean GenInferencer?'),
        (
            'opencompass.openicl.GenInferenser',
            'type: evalkit has no GenInferenser (of opencompass.openicl); '
            'did you mean GenInferencer?',
        ),
        ('Zxqw', 'type: evalkit has no Zxqw; write module.Name for one of your own'),
        (
            'evalkit.inferencers.GenInferenser',
            'type: evalkit.inferencers has no GenInferenser; did you mean GenInferencer?',
        ),
        (
            'evalkit.datasets.GenInferenser',
            'type: evalkit.datasets has no GenInferenser; did you mean GenInferencer?',
        ),
        (
            'no_such_module.GenInferencer',
            'type: no_such_module.GenInferencer: there is no module no_such_module, '
            'neither installed nor beside the config; did you mean GenInferencer?',
        ),
        (
            '.mine.Model',
            'type: .mine.Model is relative; put the module beside the config and import it '
            'absolutely, as in `from mine import ...`',
        ),
        ('json.decoder', 'type: json.decoder is a module, not a class or a function'),
        ('', "type: '' is not a class, a function or the path of one"),
        (3, 'type: 3 is not a class, a function or the path of one'),
        (None, 'type: None is not a class, a function or the path of one'),
    ],
)
def test_an_unknown_type_names_the_nearest_one(spec: object, error: str) -> None:
    assert error_of(spec) == error


def test_the_place_of_the_key_is_named() -> None:
    assert error_of('Zxqw', 'models[0].type').startswith('models[0].type: ')


@pytest.mark.parametrize(
    ('text', 'error'),
    [
        (
            'import no_such_thing\n',
            "mine.py:1: ModuleNotFoundError: No module named 'no_such_thing'",
        ),
        ('x = 1\nfrom json import nothing\n', 'mine.py:2: ImportError: cannot import name'),
        ('def f():\n    return y\nf()\n', "mine.py:2: NameError: name 'y' is not defined"),
        ('x = (\n', "mine.py:1: SyntaxError: '(' was never closed"),
    ],
)
def test_an_error_inside_a_users_module_is_told_as_such(
    write: Write, text: str, error: str
) -> None:
    write('mine.py', text)
    found = error_of('mine.Thing', 'datasets[0].type')
    assert found.startswith('datasets[0].type: mine.Thing cannot be imported: ')
    assert error in found


def test_resolving_imports_no_engine() -> None:
    program = (
        'import sys\n'
        'from evalkit.config import resolve_type\n'
        'resolve_type("GenInferencer")\n'
        'print([m for m in ("torch", "transformers", "mmengine") if m in sys.modules])'
    )
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ('[]', '')


def test_a_base_class_is_a_type_like_any_other() -> None:
    assert resolve_type('BaseDataset') is BaseDataset
