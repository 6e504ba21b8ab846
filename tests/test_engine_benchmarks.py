"""What the scripts that compare evalkit with bare engines promise, as far as it needs no engine."""

import json
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from benchmarks.bare_engines import INSTRUCTION, load_tokenizer, prompts
from benchmarks.engine_runs import FailedError, Run, Side, in_turns
from benchmarks.option_scoring import run_each
from tests.runs import CALC_MODEL, ROOT, environment
from tests.tiny_model import save_tiny_tokenizer

ASKED = f'1 + 1?\n{INSTRUCTION}\n'


def run_module(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, '-m', name, *map(str, arguments)]
    env = environment()
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / 'test.jsonl'
    path.write_text(json.dumps({'question': '1 + 1?', 'answer': '#### 2'}) + '\n')
    return path


def test_a_bare_engine_is_not_asked_with_two_bos(tmp_path: Path, questions: Path) -> None:
    save_tiny_tokenizer(tmp_path)
    tokenizer = load_tokenizer(str(tmp_path))
    [text] = prompts(tokenizer, questions, 1)
    assert text == f'<|user|>\n{ASKED}</s><|assistant|>\n'
    assert tokenizer(text).input_ids[0] == tokenizer.bos_token_id


def test_a_template_whose_bos_the_tokenizer_does_not_add_keeps_it(
    tmp_path: Path, questions: Path
) -> None:
    save_tiny_tokenizer(tmp_path)
    path = tmp_path / 'tokenizer.json'
    path.write_text(json.dumps({**json.loads(path.read_text()), 'post_processor': None}))
    [text] = prompts(load_tokenizer(str(tmp_path)), questions, 1)
    assert text == f'<s><|user|>\n{ASKED}</s><|assistant|>\n'


def test_the_prompt_of_a_model_without_bos_is_its_template(questions: Path) -> None:
    [text] = prompts(load_tokenizer(str(CALC_MODEL)), questions, 1)
    assert text == f'<|im_start|>user\n{ASKED}<|im_end|>\n<|im_start|>assistant\n'


def side(name: str, order: list[str], tokens: int) -> Run:
    seconds = count(1.0)

    def run() -> Side:
        order.append(name)
        return Side(next(seconds), 0.5, 0.25, tokens)

    return run


def test_every_other_turn_begins_with_evalkit() -> None:
    order: list[str] = []
    theirs, own = in_turns(side('bare', order, 8), side('evalkit', order, 8), 3)
    assert order == ['bare', 'evalkit', 'evalkit', 'bare', 'bare', 'evalkit']
    assert theirs == own == [Side(seconds, 0.5, 0.25, 8) for seconds in (1.0, 2.0, 3.0)]


def test_sides_that_did_not_generate_as_much_are_not_compared() -> None:
    order: list[str] = []
    with pytest.raises(FailedError, match=r'^not as many tokens on both sides: .*=8\), .*=7\)$'):
        in_turns(side('bare', order, 8), side('evalkit', order, 7), 3)
    assert order == ['bare', 'evalkit']


def test_an_engine_that_cannot_run_has_a_row_that_says_so(questions: Path) -> None:
    done = run_module('benchmarks.engine_overhead', questions.parent, '--engines', 'none', 'nil')
    assert [line for line in done.stdout.splitlines() if 'FAILED' in line] == [
        '| none | FAILED | | | | | | | | |',
        '| nil | FAILED | | | | | | | | |',
    ]
    assert "KeyError: 'none'" in done.stderr
    assert done.returncode == 1


def test_a_backend_that_was_killed_fails_the_benchmark() -> None:
    source = 'import os, sys; os.kill(os.getpid(), 9 if sys.argv[1] == "killed" else 0)'
    command = [sys.executable, '-c', source]
    assert run_each(command, ['fine', 'killed']) == 1
    assert run_each(command, ['fine', 'fine']) == 0


WITHOUT_PACKAGES = """
import runpy, sys
sys.modules.update(dict.fromkeys(['uvicorn', 'fastapi', 'jieba', 'rouge_chinese']))
runpy.run_module('benchmarks.llama_factory', run_name='__main__')
"""


def test_missing_packages_end_the_comparison_of_predictions_before_it_begins() -> None:
    command = [sys.executable, '-c', WITHOUT_PACKAGES]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)
    assert done.stderr == (
        'the server or the scorers need fastapi, uvicorn, jieba, rouge_chinese beside '
        f"{sys.executable}: pip install 'evalkit[serving,scoring]'\n"
    )
    assert (done.returncode, done.stdout) == (1, '')
