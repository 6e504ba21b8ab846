"""The flags, the plan that `--dry-run` prints, and what a laptop must not wait for."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.runs import (
    CALC_MODEL,
    ROOT,
    asked,
    dataset,
    environment,
    evaluate,
    model,
    run_folder,
    values,
    write_config,
    write_words,
)

ENGINES = ('torch', 'transformers', 'vllm', 'lmdeploy', 'sglang', 'openai', 'peft', 'tokenizers')

IMPORTED = """
import contextlib, sys
from evalkit.cli import main
with contextlib.suppress(SystemExit):
    main(sys.argv[1:])
print('IMPORTED', *(name for name in %r if name in sys.modules), 'and', len(sys.modules))
"""


def imported_by(folder: Path, *arguments: str) -> tuple[list[str], int]:
    """Return the engines that a command has imported, and how many modules in all."""
    done = subprocess.run(
        [sys.executable, '-c', IMPORTED % (ENGINES,), *arguments],
        cwd=folder,
        env=environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    words = done.stdout.splitlines()[-1].split()
    assert words[0] == 'IMPORTED'
    return words[1:-2], int(words[-1])


@pytest.mark.parametrize(
    'command',
    [
        ('--help',),
        ('run', '--help'),
        ('bench', '--help'),
        ('parity', '--help'),
        ('--version',),
        ('run', '--list'),
    ],
)
def test_help_imports_no_engine(tmp_path: Path, command: tuple[str, ...]) -> None:
    engines, num_modules = imported_by(tmp_path, *command)
    assert engines == []
    assert num_modules < (900 if '--list' in command else 200)


def test_a_dry_run_imports_no_engine(tmp_path: Path) -> None:
    config = str(ROOT / 'configs' / 'eval_calc.py')
    assert imported_by(tmp_path, 'run', config, '--dry-run')[0] == []
    named = ['--hf-path', str(CALC_MODEL), '--datasets', 'calc_gen']
    assert imported_by(tmp_path, 'run', *named, '--dry-run')[0] == []


def test_the_launching_process_of_a_run_imports_no_engine(tmp_path: Path) -> None:
    config = str(ROOT / 'configs' / 'eval_calc.py')
    assert imported_by(tmp_path, 'run', config, '--limit', '1')[0] == []


def test_a_dry_run_prints_tasks_samples_answers_and_prompts(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_words(tmp_path, 4, 'more.jsonl')
    write_config(tmp_path, datasets=[dataset(), dataset('more', 'more.jsonl')])
    evaluate(tmp_path, 'words.py', '--limit', 3)
    done = evaluate(tmp_path, 'words.py', '--dry-run', '-r')
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert any(row[-4:] == ['answered', 'stale', 'to', 'ask'] for row in rows)
    numbers = {row[1]: row[3:] for row in rows if row[:1] == ['scripted/words+1']}
    assert numbers == {'words': ['gen', '10', '3', '0', '7'], 'more': ['gen', '4', '3', '0', '1']}
    assert '--- first prompt of words\nwords: Say word0.\n' in done.stdout
    assert '--- first prompt of more\nmore: Say word0.\n' in done.stdout
    assert 'nothing was run' in done.stdout
    assert len(asked(tmp_path)) == 6


def test_a_dry_run_writes_nothing_and_finds_what_is_wrong(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, datasets=[dataset(), dataset('missing', 'no.jsonl')])
    before = sorted(tmp_path.rglob('*'))
    done = evaluate(tmp_path, 'words.py', '--dry-run')
    assert done.returncode == 3
    [line] = done.stderr.splitlines()
    assert line.startswith('run.py: error: missing: there is no data at no.jsonl')
    assert 'words: Say word0.' in done.stdout
    assert sorted(tmp_path.rglob('*')) == before


def test_a_misspelt_name_is_one_line_with_the_nearest_one(tmp_path: Path) -> None:
    for flag, name, nearest in (
        ('--models', 'hf_calc_lama', 'hf_calc_llama'),
        ('--datasets', 'calc_gn', 'calc_gen'),
        ('--summarizer', 'exmple', 'example'),
    ):
        named = {'--models': 'hf_calc_llama', '--datasets': 'calc_gen', flag: name}
        done = evaluate(tmp_path, *(word for pair in named.items() for word in pair))
        assert done.returncode == 2
        [line] = done.stderr.splitlines()
        assert f'{flag} {name}: there is no such config' in line
        assert f'did you mean {nearest}' in line


def test_a_list_shows_the_configs_that_match(tmp_path: Path) -> None:
    done = evaluate(tmp_path, '--list')
    assert done.returncode == 0
    assert 'hf_calc_llama' in done.stdout
    assert 'calc/calc_gen' in done.stdout
    done = evaluate(tmp_path, '--list', 'llama')
    assert 'hf_calc_llama' in done.stdout
    assert 'calc/calc_gen' not in done.stdout
    assert evaluate(tmp_path, '--list', 'nothing-like-it').returncode == 2


def test_own_configs_are_named_before_the_shipped_ones(tmp_path: Path) -> None:
    write_words(tmp_path)
    for kind in ('models', 'datasets'):
        (tmp_path / 'configs' / kind).mkdir(parents=True)
    write_config(tmp_path / 'configs' / 'models', [model()], [], 'mine.py')
    write_config(tmp_path / 'configs' / 'datasets', [], [dataset()], 'words_gen.py')
    done = evaluate(tmp_path, '--models', 'mine', '--datasets', 'words_gen', '-w', 'kept')
    assert done.returncode == 0, done.stderr
    assert list(values(run_folder(tmp_path, 'kept'))) == [('words', 'scripted')]


def test_without_models_or_datasets_it_says_what_to_give(tmp_path: Path) -> None:
    done = evaluate(tmp_path)
    assert done.returncode == 2
    assert done.stderr == (
        'run.py: error: the command line names no models: give a config that sets them, '
        'or --models or --hf-path\n'
    )
    done = evaluate(tmp_path, '--no-such-flag')
    assert done.returncode == 2
    assert 'unrecognized arguments: --no-such-flag' in done.stderr


@pytest.mark.parametrize(
    ('words', 'complaint'),
    [
        (('--modell', 'x'), 'unrecognized arguments: --modell; did you mean --models?'),
        (('--limit', 'two'), "argument --limit: 'two' is not a positive number"),
        (('--model-kwargs', 'dtype'), "--model-kwargs takes key=value, not 'dtype'"),
    ],
)
def test_a_flag_that_is_not_right_is_one_line(
    tmp_path: Path, words: tuple[str, ...], complaint: str
) -> None:
    done = evaluate(tmp_path, *words)
    assert done.returncode == 2
    assert done.stderr == f'run.py: error: {complaint} (run.py --help lists the flags)\n'


@pytest.mark.parametrize('words', [('--max-out-len', '5'), ('--hf-type', 'base')])
def test_a_flag_that_would_have_no_effect_is_refused(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    done = evaluate(tmp_path, 'words.py', *words)
    assert done.returncode == 2
    assert f'{words[0]} describes the model of --hf-path, which is not given' in done.stderr


def test_the_console_script_is_the_same(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    script = Path(sys.executable).parent / 'evalkit'
    done = subprocess.run(
        [script, 'run', 'words.py'],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert values(run_folder(tmp_path))['words', 'scripted']['value'] == 100.0


def test_a_pipe_gets_whole_lines_and_no_escape_codes(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, [model('a' * 60), model('b' * 60)])
    done = evaluate(tmp_path, 'words.py', COLUMNS='40')
    assert '\x1b' not in done.stdout + done.stderr
    [header] = [line for line in done.stdout.splitlines() if line.startswith('dataset')]
    assert header.split() == ['dataset', 'version', 'metric', 'mode', 'a' * 60, 'b' * 60]


def test_a_python_without_the_packages_of_evalkit_is_told_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / 'empty'
    subprocess.run([sys.executable, '-m', 'venv', '--without-pip', str(folder)], check=True)
    python = folder / 'bin' / 'python'
    done = subprocess.run(
        [str(python), str(ROOT / 'run.py'), 'configs/eval_calc.py'],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.startswith('run.py: error: ')
    assert done.stderr.endswith(
        f' is not installed for {python}: `python -m pip install -e .` in the folder of evalkit '
        'installs all that it needs\n'
    )
    assert len(done.stderr.splitlines()) == 1


def test_the_package_is_the_command_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, '-m', 'evalkit', 'run', '--list', 'calc'],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert 'calc' in done.stdout
