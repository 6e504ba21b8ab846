"""What a config file becomes."""

import subprocess
import sys

import pytest

from evalkit.config import load_config
from evalkit.errors import ConfigError
from tests.config.conftest import Write

READ_BASE = 'from mmengine.config import read_base\n\n'


def test_a_class_becomes_a_dotted_path_and_is_not_imported(write: Write) -> None:
    path = write(
        'c.py',
        """
        from no_such_package.models import Model as M
        import torch
        models = [dict(type=M, path='a/b', model_kwargs=dict(torch_dtype=torch.float16))]
        """,
    )
    assert load_config(path) == {
        'models': [
            {
                'type': 'no_such_package.models.Model',
                'path': 'a/b',
                'model_kwargs': {'torch_dtype': 'torch.float16'},
            }
        ]
    }


def test_the_standard_library_is_really_imported(write: Write) -> None:
    path = write(
        'c.py',
        """
        import json
        import os.path as osp
        import re
        from collections import OrderedDict
        from copy import deepcopy
        from pathlib import Path

        base = dict(n=[1])
        copied = deepcopy(base)
        copied['n'].append(2)
        ordered = OrderedDict(b=1, a=2)
        folder = Path('data') / 'x'
        joined = osp.join('a', 'b')
        number = int(re.search(r'\\d+', 'a12').group())
        text_of = json.dumps([1])
        """,
    )
    assert load_config(path) == {
        'base': {'n': [1]},
        'copied': {'n': [1, 2]},
        'ordered': {'b': 1, 'a': 2},
        'folder': 'data/x',
        'joined': 'a/b',
        'number': 12,
        'text_of': '[1]',
    }


def test_bases_are_merged_by_relative_imports(write: Write) -> None:
    write('parts/one.py', "one_datasets = [dict(abbr='one')]\nother = 1\n")
    write('parts/deep/two.py', "two_datasets = [dict(abbr='two')]\n")
    write(
        'parts/all.py',
        READ_BASE + 'with read_base():\n    from .one import *\n    from .deep.two import *\n',
    )
    path = write(
        'runs/c.py',
        READ_BASE
        + 'with read_base():\n'
        + '    from ..parts.all import one_datasets\n'
        + '    from ..parts.all import two_datasets as second_datasets\n\n'
        + 'datasets = sum((v for k, v in locals().items() if k.endswith("_datasets")), [])\n',
    )
    assert load_config(path) == {
        'one_datasets': [{'abbr': 'one'}],
        'second_datasets': [{'abbr': 'two'}],
        'datasets': [{'abbr': 'one'}, {'abbr': 'two'}],
    }


def test_a_base_can_be_changed_without_changing_the_file_it_came_from(write: Write) -> None:
    write('base.py', "models = [dict(abbr='m', batch_size=8)]\n")
    path = write(
        'c.py',
        READ_BASE
        + 'with read_base():\n    from .base import models\n\n'
        + 'for model in models:\n    model["batch_size"] = 1\n    model.abbr = "x"\n',
    )
    assert load_config(path)['models'] == [{'abbr': 'x', 'batch_size': 1}]
    assert load_config('base.py')['models'] == [{'abbr': 'm', 'batch_size': 8}]


def test_subsets_are_written_as_loops(write: Write) -> None:
    path = write(
        'c.py',
        """
        from opencompass.datasets import MMLUDataset

        _names = ['law', 'physics']
        mmlu_datasets = []
        for _name in _names:
            mmlu_datasets.append(dict(type=MMLUDataset, abbr=f'mmlu_{_name}', name=_name))
        datasets = mmlu_datasets + [dict(type=MMLUDataset, template={0: 'A', 1: 'B'})]
        del _name
        """,
    )
    mmlu = 'opencompass.datasets.MMLUDataset'
    assert load_config(path)['datasets'] == [
        {'type': mmlu, 'abbr': 'mmlu_law', 'name': 'law'},
        {'type': mmlu, 'abbr': 'mmlu_physics', 'name': 'physics'},
        {'type': mmlu, 'template': {0: 'A', 1: 'B'}},
    ]


def test_absolute_bases_come_from_an_importable_package(write: Write) -> None:
    write('opencompass/__init__.py', '')
    write('opencompass/configs/datasets/toy.py', "toy_datasets = [dict(abbr='toy')]\n")
    path = write(
        'c.py',
        READ_BASE
        + 'with read_base():\n'
        + '    from opencompass.configs.datasets.toy import toy_datasets\n',
    )
    program = 'from evalkit.config import load_config; print(load_config("c.py"))'
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
    assert done.stderr == ''
    assert done.stdout.strip() == "{'toy_datasets': [{'abbr': 'toy'}]}"
    assert path.is_file()


def test_absolute_bases_come_from_configs_here_or_from_a_folder_here(write: Write) -> None:
    write('configs/datasets/toy.py', "toy_datasets = [dict(abbr='toy')]\n")
    write('mine/models.py', "models = [dict(abbr='m')]\n")
    path = write(
        'runs/c.py',
        READ_BASE
        + 'with read_base():\n'
        + '    from configs.datasets.toy import toy_datasets as datasets\n'
        + '    from mine.models import models\n',
    )
    assert load_config(path) == {'datasets': [{'abbr': 'toy'}], 'models': [{'abbr': 'm'}]}


def test_the_shipped_configs_stand_in_for_those_of_opencompass(write: Write) -> None:
    path = write(
        'c.py',
        READ_BASE
        + 'with read_base():\n'
        + '    from opencompass.configs.datasets.calc.calc_gen import calc_datasets\n',
    )
    assert [dataset['abbr'] for dataset in load_config(path)['calc_datasets']] == ['calc']


def test_helpers_that_are_no_data_are_left_out(write: Write) -> None:
    path = write(
        'c.py',
        """
        import re
        from sys import modules, path

        def make(name):
            return dict(abbr=name)

        pattern = re.compile('x')
        table = {'f': lambda x: x}
        models = [make('a'), make('b')]
        kinds = {1, 2}
        """,
    )
    assert load_config(path) == {'models': [{'abbr': 'a'}, {'abbr': 'b'}]}


def test_functions_of_the_standard_library_become_dotted_paths(write: Write) -> None:
    path = write('c.py', 'from json import loads\nx = dict(a=dict(type=loads), b=[len, str])\n')
    assert load_config(path)['x'] == {
        'a': {'type': 'json.loads'},
        'b': ['builtins.len', 'builtins.str'],
    }


def test_numbers_ranges_and_tuples_stay_data(write: Write) -> None:
    path = write(
        'c.py', 'x = dict(a=1.5, b=None, c=True, d=range(3), e=(1, (2,)), f=float("inf"))\n'
    )
    assert load_config(path)['x'] == {
        'a': 1.5,
        'b': None,
        'c': True,
        'd': [0, 1, 2],
        'e': (1, (2,)),
        'f': float('inf'),
    }


def test_a_name_that_was_imported_and_then_assigned_is_data(write: Write) -> None:
    path = write(
        'c.py', 'from pkg import models as old\nfrom pkg import models\nmodels = [dict(a=1)]\n'
    )
    assert load_config(path) == {'models': [{'a': 1}]}


def test_mmengine_is_left_as_it_was(write: Write) -> None:
    from mmengine.config import config, utils

    before = utils._is_builtin_module, config.get_installed_path
    load_config(write('a.py', 'models = []\n'))
    with pytest.raises(ConfigError):
        load_config(write('b.py', 'models = [undefined]\n'))
    assert (utils._is_builtin_module, config.get_installed_path) == before


def test_invalid_escapes_in_prompts_do_not_warn(write: Write) -> None:
    path = write('c.py', "x = 'Put it in \\boxed{\\d}.'\n")
    assert load_config(path)['x'] == 'Put it in \boxed{\\d}.'


def test_loading_imports_no_engine(write: Write) -> None:
    write(
        'c.py',
        """
        from evalkit.models import HuggingFaceBaseModel
        import torch
        models = [dict(type=HuggingFaceBaseModel, path='x', dtype=torch.float16)]
        """,
    )
    program = (
        'import sys\n'
        'from evalkit.config import load_config\n'
        'load_config("c.py")\n'
        'print([m for m in ("torch", "transformers", "evalkit.models") if m in sys.modules])'
    )
    done = subprocess.run([sys.executable, '-c', program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ('[]', '')
