"""`run.py -a openai --serve`: a judge gets a server of its own, after the model's is gone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.judges.runs import evaluator, judged, judgements
from tests.runs import evaluate, processes, records, run_folder, scores, write_config
from tests.servers.stub import hugging_face, install, starts

SERVE = ('words.py', '-a', 'openai', '--serve', 'vllm')
PLACE = ('words', 'llama-openai')


def install_judged(folder: Path, **judge: Any) -> dict[str, str]:
    """Install the stand-in, and let another served model judge the words."""
    env = install(folder)
    (folder / 'wise').mkdir()
    (folder / 'wise' / 'config.json').write_text('{"model_type": "llama"}')
    wise = hugging_face(**{'abbr': 'wise-hf', 'path': 'wise', **judge})
    write_config(folder, [hugging_face()], [judged(evaluator(judge_cfg=wise))])
    return env


def served(folder: Path) -> list[str]:
    """Return what each server that was started served, in their order."""
    return [arguments[arguments.index('--model') + 1] for arguments in starts(folder)]


@pytest.mark.parametrize('abbr', ['wise-hf', 'llama-hf'])
def test_a_judge_is_served_after_the_model_whatever_its_name(
    tmp_path: Path, mark: str, abbr: str
) -> None:
    env = install_judged(tmp_path, abbr=abbr)
    done = evaluate(tmp_path, *SERVE, mark=mark, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert scores(run_folder(tmp_path)) == {PLACE: 100.0}
    assert served(tmp_path) == ['llama', 'wise']
    assert {record['output'] for record in judgements(tmp_path)} == {'A'}
    assert processes(mark) == []


def test_asking_starts_the_model_alone_and_scoring_the_judge_alone(
    tmp_path: Path, mark: str
) -> None:
    env = install_judged(tmp_path)
    assert evaluate(tmp_path, *SERVE, '-m', 'infer', mark=mark, **env).returncode == 0
    assert served(tmp_path) == ['llama']
    done = evaluate(tmp_path, *SERVE, '-m', 'eval', mark=mark, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert served(tmp_path) == ['llama', 'wise']
    assert scores(run_folder(tmp_path)) == {PLACE: 100.0}


def test_a_judge_whose_server_always_dies_can_be_resumed(tmp_path: Path, mark: str) -> None:
    env = install_judged(tmp_path)
    assert evaluate(tmp_path, *SERVE, '-m', 'infer', mark=mark, **env).returncode == 0
    answered = records(run_folder(tmp_path))
    done = evaluate(tmp_path, *SERVE, '-m', 'eval', mark=mark, STUB='dies always', **env)
    assert done.returncode == 4, done.stdout + done.stderr
    assert 'the server died too often: it ended with exit code 9' in done.stdout
    assert processes(mark) == []
    known = [json.dumps(record) for record in judgements(tmp_path)]
    again = evaluate(tmp_path, *SERVE, '-m', 'eval', mark=mark, **env)
    assert again.returncode == 0, again.stdout + again.stderr
    assert scores(run_folder(tmp_path)) == {PLACE: 100.0}
    assert records(run_folder(tmp_path)) == answered
    assert [json.dumps(record) for record in judgements(tmp_path)][: len(known)] == known
    assert served(tmp_path) == ['llama', 'wise', 'wise', 'wise', 'wise']
