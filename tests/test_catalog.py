"""Configs are found by the name of their file."""

from pathlib import Path

import pytest

from evalkit.catalog import find_config, list_configs, load_named
from evalkit.errors import ConfigError


@pytest.fixture(autouse=True)
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a few configs below the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('EVALKIT_IMPORT_PATH', '')
    files = {
        'models/llama/hf_llama_8b.py': "models = [dict(abbr='llama', path='x')]\n",
        'models/llama/hf_llama_70b.py': "models = [dict(abbr='big'), dict(abbr='bigger')]\n",
        'datasets/gsm8k/gsm8k_gen.py': "_x = 1\ngsm8k_datasets = [dict(abbr='gsm8k')]\n",
        'datasets/mmlu/mmlu_gen.py': (
            "law_datasets = [dict(abbr='law')]\nart_datasets = [dict(abbr='art')]\n"
            "few_datasets = ['law']\nmini = [dict(abbr='mini')]\n"
        ),
        'datasets/mmlu/__init__.py': '',
        'datasets/one/same.py': "a_datasets = [dict(abbr='one')]\n",
        'datasets/two/same.py': "a_datasets = [dict(abbr='two')]\n",
        'datasets/plain.py': "datasets = [dict(abbr='plain')]\n",
        'datasets/empty.py': 'x = 1\n',
        'dataset_collections/chat.py': "datasets = [dict(abbr='all')]\n",
        'summarizers/table.py': "summarizer = dict(dataset_abbrs=['gsm8k'])\nother = dict(a=1)\n",
    }
    for name, text in files.items():
        path = Path('configs', name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def abbrs(name: str) -> list[str]:
    return [dataset['abbr'] for dataset in load_named('datasets', name)]


def test_a_name_is_the_name_of_a_file_at_any_depth() -> None:
    found = find_config('models', 'hf_llama_8b')
    assert found == Path('configs/models/llama/hf_llama_8b.py')
    assert load_named('models', 'hf_llama_8b') == [{'abbr': 'llama', 'path': 'x'}]


def test_a_pattern_that_matches_one_file_finds_it() -> None:
    assert find_config('datasets', '*gsm8k*') == Path('configs/datasets/gsm8k/gsm8k_gen.py')
    assert find_config('models', '*_8b') == Path('configs/models/llama/hf_llama_8b.py')


def test_a_folder_tells_two_files_of_one_name_apart() -> None:
    assert abbrs('one/same') == ['one']
    assert abbrs('two/same') == ['two']


def test_a_path_is_taken_as_it_is() -> None:
    assert abbrs('configs/datasets/two/same.py') == ['two']


def test_all_variables_that_end_in_datasets_are_taken_in_order() -> None:
    assert abbrs('mmlu_gen') == ['law', 'art']


def test_a_file_may_call_them_just_datasets() -> None:
    assert abbrs('plain') == ['plain']
    assert abbrs('chat') == ['all']


def test_a_suffix_chooses_the_variables() -> None:
    assert abbrs('mmlu_gen/mini') == ['mini']
    assert abbrs('mmlu_gen/law_datasets') == ['law']
    assert abbrs('mmlu/mmlu_gen/art_datasets') == ['art']


def test_a_summarizer_is_one_dict() -> None:
    assert load_named('summarizers', 'table') == [{'dataset_abbrs': ['gsm8k']}]
    assert load_named('summarizers', 'table/other') == [{'a': 1}]


def test_the_configs_here_come_before_the_shipped_ones() -> None:
    assert find_config('datasets', 'calc_gen').is_absolute()
    own = Path('configs/datasets/calc_gen.py')
    own.write_text("calc_datasets = [dict(abbr='mine')]\n")
    assert find_config('datasets', 'calc_gen') == own
    assert abbrs('calc_gen') == ['mine']


def test_the_folders_can_be_chosen() -> None:
    Path('elsewhere/models').mkdir(parents=True)
    Path('elsewhere/models/m.py').write_text("models = [dict(abbr='m')]\n")
    assert load_named('models', 'm', [Path('elsewhere')]) == [{'abbr': 'm'}]


@pytest.mark.parametrize(
    ('name', 'error'),
    [
        (
            'gsm8k_gne',
            '--datasets gsm8k_gne: there is no such config in configs/datasets; '
            'did you mean gsm8k_gen?',
        ),
        (
            'zzzzzzzz',
            '--datasets zzzzzzzz: there is no such config in configs/datasets; '
            '--list shows what there is',
        ),
        (
            'same',
            '--datasets same: several match: configs/datasets/one/same.py, '
            'configs/datasets/two/same.py',
        ),
        (
            'mmlu_gen/lwa_datasets',
            'configs/datasets/mmlu/mmlu_gen.py: no variable with dicts in it ends in '
            "'lwa_datasets'; did you mean law_datasets?",
        ),
        (
            'empty',
            "configs/datasets/empty.py: no variable with dicts in it ends in '_datasets' or "
            "'datasets'; it has none",
        ),
        (
            'configs/datasets/plian.py',
            '--datasets: there is no file configs/datasets/plian.py; '
            'did you mean configs/datasets/plain.py?',
        ),
        (
            'nothing/like/this',
            '--datasets nothing/like: there is no such config in configs/datasets; '
            '--list shows what there is',
        ),
    ],
)
def test_what_cannot_be_found_names_what_there_is(name: str, error: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_named('datasets', name, [Path('configs')])
    assert str(caught.value) == error


def test_many_candidates_are_counted() -> None:
    for number in range(20):
        Path(f'configs/datasets/many_{number:02}.py').touch()
    with pytest.raises(ConfigError, match=r'many_07\.py and 12 more$'):
        find_config('datasets', 'many_*')


def test_the_list_shows_every_config_once() -> None:
    rows = list_configs([], [Path('configs'), Path('configs')])
    assert [(row.kind, row.place) for row in rows] == [
        ('models', 'llama/hf_llama_70b'),
        ('models', 'llama/hf_llama_8b'),
        ('datasets', 'chat'),
        ('datasets', 'empty'),
        ('datasets', 'gsm8k/gsm8k_gen'),
        ('datasets', 'mmlu/mmlu_gen'),
        ('datasets', 'one/same'),
        ('datasets', 'plain'),
        ('datasets', 'two/same'),
        ('summarizers', 'table'),
    ]


def test_the_list_can_be_narrowed_by_parts_of_names_or_by_patterns() -> None:
    assert [row.name for row in list_configs(['llama', 'gsm'], [Path('configs')])] == [
        'hf_llama_70b',
        'hf_llama_8b',
        'gsm8k_gen',
    ]
    assert [row.name for row in list_configs(['*_8b'], [Path('configs')])] == ['hf_llama_8b']


def test_the_list_includes_the_shipped_configs() -> None:
    assert 'calc_gen' in {row.name for row in list_configs(['calc'])}
