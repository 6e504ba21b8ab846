"""What a new user does first: the shipped model on the shipped problems, and the README's own."""

import re
from pathlib import Path

import pytest

from tests.runs import (
    CALC_MODEL,
    ROOT,
    evaluate,
    records,
    reuse_lines,
    run_folder,
    summary,
    values,
)

PLACE = ('calc', 'calc-llama-0.8m-hf')
README = (ROOT / 'README.md').read_text()


@pytest.fixture(scope='module')
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The first run, started in another folder than the repository, on a part of the problems."""
    folder = tmp_path_factory.mktemp('elsewhere')
    done = evaluate(folder, ROOT / 'configs' / 'eval_calc.py', '--limit', 12)
    assert done.returncode == 0, done.stderr
    return run_folder(folder, 'outputs/eval_calc'), done.stdout


def test_the_first_run_shows_an_accuracy_and_the_time(first_run: tuple[Path, str]) -> None:
    run, shown = first_run
    cell = values(run)[PLACE]
    assert (cell['n'], cell['n_ok'], cell['failed'], cell['truncated']) == (12, 12, 0, 0)
    assert cell['value'] >= 75
    assert f'{cell["value"]:.2f} ± {cell["stderr"]:.2f}' in shown
    timing = summary(run)['timing']['calc-llama-0.8m-hf']['calc']
    assert 0 < timing['infer_seconds'] < 60
    assert timing['prompt_tokens'] > 12 * 20
    assert timing['output_tokens'] > 12 * 20
    assert f'{timing["infer_seconds"]:.1f}' in shown


def test_the_first_run_keeps_what_was_said(first_run: tuple[Path, str]) -> None:
    run, _ = first_run
    found = records(run)
    assert sorted(record['index'] for record in found) == list(range(12))
    for record in found:
        [message] = record['prompt']
        assert message['role'] == 'user'
        assert message['content'].startswith('你是一名擅长数学运算的助手')
        assert '"infer":' in record['output']


def test_the_same_run_asks_nothing_again(first_run: tuple[Path, str]) -> None:
    run, shown = first_run
    folder = run.parents[2]
    again = evaluate(folder, ROOT / 'configs' / 'eval_calc.py', '--limit', 12, '-r')
    assert again.stdout == shown
    assert reuse_lines(run) == ['reused 12, stale 0, new 0']
    assert len(records(run)) == 12


def test_models_and_datasets_are_named_on_the_command_line(tmp_path: Path) -> None:
    named = ['--models', 'hf_calc_llama', '--datasets', 'calc_gen']
    done = evaluate(tmp_path, *named, '--limit', 2)
    assert done.returncode == 0, done.stderr
    assert values(run_folder(tmp_path, 'outputs/default'))[PLACE]['n_ok'] == 2


def test_a_model_is_given_by_its_path(tmp_path: Path) -> None:
    done = evaluate(
        tmp_path,
        *('--hf-path', CALC_MODEL, '--datasets', 'calc_gen', '--limit', 2),
        *('--max-out-len', 256, '--batch-size', 1, '--model-kwargs', 'torch_dtype=float32'),
        *('--generation-kwargs', 'do_sample=False', '--stop-words', '```\n'),
    )
    assert done.returncode == 0, done.stderr
    [row] = summary(run_folder(tmp_path, 'outputs/default'))['rows']
    [(abbr, cell)] = row['values'].items()
    assert abbr == 'calc-llama-0.8m_hf'
    assert cell['n_ok'] == 2


def readme_block(before: str, language: str = '') -> str:
    """Return the first code block of the README behind a text."""
    _, found, rest = README.partition(before)
    assert found, f'the README does not say {before!r} any more'
    fenced = re.search(rf'```{language}\n(.*?)```', rest, re.DOTALL)
    indented = re.search(r'(?:^ {4}.*\n)+', rest, re.MULTILINE)
    block = fenced if language else indented
    assert block is not None
    return block[1] if language else re.sub(r'^ {4}', '', block[0], flags=re.MULTILINE)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The files of the README's section on one's own data and model, as it shows them."""
    (tmp_path / 'capitals.jsonl').write_text(readme_block('Say `capitals.jsonl`'))
    config = readme_block('**2. The config**', 'python')
    config = config.replace('/path/to/my/model', str(CALC_MODEL))
    (tmp_path / 'eval_capitals.py').write_text(config)
    return tmp_path


def test_the_readmes_own_data_is_shown_before_it_is_asked(own: Path) -> None:
    commands = readme_block('**3. Look before you run**').splitlines()
    assert commands[0] == 'python run.py eval_capitals.py --dry-run'
    done = evaluate(own, *commands[0].split()[2:])
    assert done.returncode == 0, done.stderr
    assert 'What is the capital of France? Answer with one word.' in done.stdout
    assert not (own / 'outputs').exists()
    assert commands[1] == 'python run.py eval_capitals.py'
    done = evaluate(own, *commands[1].split()[2:])
    assert done.returncode == 0, done.stderr
    assert values(run_folder(own, 'outputs/eval_capitals'))['capitals', 'my-model']['n_ok'] == 2


def test_the_readmes_own_postprocessor_is_found_beside_the_config(own: Path) -> None:
    (own / 'capitals.py').write_text(readme_block('name it:', 'python'))
    how = readme_block('return text.strip()')
    imported, changed = (part.strip() for part in how.split('# in the config:'))
    text = (own / 'eval_capitals.py').read_text()
    text = re.sub(r'pred_postprocessor=dict\(type=\w+\)', changed, f'{imported}\n{text}')
    (own / 'eval_capitals.py').write_text(text)
    elsewhere = own / 'elsewhere'
    elsewhere.mkdir()
    (own / 'capitals.jsonl').rename(elsewhere / 'capitals.jsonl')
    done = evaluate(elsewhere, '../eval_capitals.py')
    assert done.returncode == 0, done.stderr
    run = run_folder(elsewhere, 'outputs/eval_capitals')
    details = (run / 'results' / 'my-model' / 'capitals.json').read_text()
    assert '"answer":' in details
    last_words = [record['output'].strip().rstrip('.').split()[-1] for record in records(run)]
    for word in last_words:
        assert word.encode('unicode_escape').decode()[:5] in details


def test_every_flag_of_the_readme_exists() -> None:
    table = README.partition('## The command line')[2].partition('`evalkit run')[0]
    flags = set(re.findall(r'(?<![\w-])--?[a-z][a-z-]*', table))
    shown = evaluate(ROOT, '--help').stdout
    assert len(flags) > 15
    assert {flag for flag in flags if not re.search(rf'(?<![\w-]){flag}\b', shown)} == set()
