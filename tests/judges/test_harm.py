"""A judge that is dead, refuses, or says nothing clear costs what needs it, and says why."""

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.faults.harm import wait_until
from tests.judges.runs import (
    asked_judge,
    cascade,
    evaluator,
    judge,
    judged,
    judgements,
    result,
    write_judged,
)
from tests.models.openai.fault_server import Act, Asked, FaultServer, error, reply, say
from tests.runs import (
    asked,
    dataset,
    evaluate,
    model,
    processes,
    run_folder,
    scores,
    start,
    values,
    workers,
    write_config,
    write_words,
)


def served(server: FaultServer, **keys: Any) -> dict[str, Any]:
    """Return the config of a judge behind the server."""
    return {
        'type': 'evalkit.models.OpenAISDK',
        'abbr': 'served',
        'path': 'm',
        'key': 'secret',
        'openai_api_base': server.base,
        'backoff_seconds': 0.01,
        'retry': 2,
        **keys,
    }


def verdict(asked: Asked, delay: float = 0.0) -> Act:
    """Judge well."""
    return say('Both are the same.\n\nVerdict: A', delay=delay)


@pytest.fixture
def mark(tmp_path: Path) -> Iterator[str]:
    """Mark the processes of a run, and leave none behind."""
    name = str(tmp_path)
    yield name
    for pid in processes(name):
        os.kill(pid, signal.SIGKILL)


def failed(folder: Path) -> str:
    """Return why the words have no score."""
    cell = values(run_folder(folder))['words', 'scripted']
    assert cell['value'] is None
    return str(cell['error'])


def test_a_judge_behind_an_api(tmp_path: Path) -> None:
    with FaultServer(partial(verdict, delay=1.0)) as server:
        write_judged(tmp_path, evaluator(judge_cfg=served(server)))
        done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}
    assert len(server.asked) == 10
    assert server.most_open > 1


def test_the_judge_of_the_environment_is_asked(tmp_path: Path) -> None:
    write_judged(tmp_path, evaluator(judge_cfg={}))
    with FaultServer(verdict) as server:
        environment = {'OC_JUDGE_MODEL': 'org/m', 'OC_JUDGE_API_KEY': 'sk-of-judge-0123456789'}
        done = evaluate(tmp_path, 'words.py', OC_JUDGE_API_BASE=server.base, **environment)
    assert done.returncode == 0, done.stderr
    assert server.asked[0].headers['authorization'] == 'Bearer sk-of-judge-0123456789'
    assert server.asked[0].body['model'] == 'org/m'
    files = [path for path in run_folder(tmp_path).rglob('*') if path.is_file()]
    assert not [path for path in files if b'sk-of-judge-0123456789' in path.read_bytes()]


def test_a_dead_judge_fails_only_what_needs_it(tmp_path: Path) -> None:
    with FaultServer(verdict) as server:
        gone = server.base
    write_words(tmp_path)
    dead = evaluator(judge_cfg={**served(server), 'openai_api_base': gone, 'retry_seconds': 1})
    write_config(tmp_path, datasets=[judged(dead), dataset('plain')])
    done = evaluate(tmp_path, 'words.py', '--retry', 0)
    assert done.returncode == 4
    assert scores(run_folder(tmp_path)) == {
        ('words', 'scripted'): None,
        ('plain', 'scripted'): 100.0,
    }
    why = failed(tmp_path)
    assert 'of 10 answers have no judgement, the first being sample' in why
    assert why.startswith(f'{gone} answered no more')
    assert 'To go on:' in done.stdout


def test_a_judge_that_comes_back_is_asked_what_is_left(tmp_path: Path) -> None:
    with FaultServer(verdict) as server:
        port = server.port
    scored = evaluator(judge_cfg={**served(server), 'retry_seconds': 1})
    write_judged(tmp_path, scored)
    assert evaluate(tmp_path, 'words.py', '--retry', 0).returncode == 4
    with FaultServer(verdict, port):
        done = evaluate(tmp_path, 'words.py', '-r')
    assert done.returncode == 0, done.stderr
    assert len(asked(tmp_path)) == 10
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}


def test_a_judge_that_refuses_its_key_is_asked_once(tmp_path: Path) -> None:
    with FaultServer(lambda asked: error(401, 'invalid key')) as server:
        write_judged(tmp_path, evaluator(judge_cfg=served(server)))
        done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 2
    assert len(server.asked) == 1
    assert '401' in failed(tmp_path)


def test_malformed_answers_of_a_judge_are_no_verdicts(tmp_path: Path) -> None:
    def script(asked: Asked) -> Act:
        return reply(b'<html>busy</html>') if 'word3' in asked.text else verdict(asked)

    with FaultServer(script) as server:
        write_judged(tmp_path, evaluator(judge_cfg=served(server)))
        done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 3
    cell = values(run_folder(tmp_path))['words', 'scripted']
    assert (cell['value'], cell['n_ok'], cell['failed']) == (100.0, 9, 1)
    assert '9/10 by served' in done.stdout
    assert result(tmp_path)['details'][3]['error'].startswith('judge: bad_response')


def test_unclear_verdicts_are_errors_and_are_asked_for_again(tmp_path: Path) -> None:
    unclear = judge(answers={'G word3 ': 'The Answer is B'})
    write_judged(tmp_path, evaluator(judge_cfg=unclear))
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 3
    assert '100.00 ± 0.00 (9/10)' in done.stdout
    [record] = [record for record in judgements(tmp_path) if record['error']]
    assert (record['index'], record['output']) == (3, 'The Answer is B')
    assert result(tmp_path)['details'][3]['judgement'] == 'The Answer is B'
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 3
    assert len(asked_judge(tmp_path)) == 11


def test_the_metric_is_withheld_where_too_little_is_judged(tmp_path: Path) -> None:
    unclear = judge(answers={'G word3 ': 'B?', 'G word4 ': '{}'})
    write_judged(tmp_path, evaluator(judge_cfg=unclear))
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 3
    assert failed(tmp_path) == (
        'only 8 of 10 answers are judged, and the metric needs 90% (min_coverage); the first '
        'error: judge: verdict: neither the judgement nor its last line is A (CORRECT) or B '
        '(INCORRECT): B?'
    )
    assert 'metrics' not in result(tmp_path)
    assert len(result(tmp_path)['details']) == 10
    assert '8/10 by judge' in done.stdout
    write_judged(tmp_path, evaluator(judge_cfg=unclear, min_coverage=0.8))
    evaluate(tmp_path, 'words.py', '-r')
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}


def test_a_cascade_counts_what_the_judge_was_needed_for(tmp_path: Path) -> None:
    unclear = evaluator(judge_cfg=judge(answers={'P [no]': 'what?'}))
    write_judged(tmp_path, cascade(llm_evaluator=unclear), models=[model(answers={'word3': 'no'})])
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 3
    assert 'only 0 of 1 answers are judged' in failed(tmp_path)


def test_a_judgement_that_was_cut_is_no_verdict(tmp_path: Path) -> None:
    with FaultServer(lambda asked: say('A', 'length')) as server:
        write_judged(tmp_path, evaluator(judge_cfg=served(server)))
        evaluate(tmp_path, 'words.py')
    assert 'the judgement was cut at max_out_len of the judge' in failed(tmp_path)


def test_a_judge_killed_in_the_middle_loses_nothing(tmp_path: Path, mark: str) -> None:
    write_judged(tmp_path, evaluator(judge_cfg=judge(delay=0.05)), number=30)
    run = start(tmp_path, 'words.py', '--retry', 0, mark=mark)
    wait_until(lambda: len(asked_judge(tmp_path)) >= 8)
    for pid in workers(mark):
        os.kill(pid, signal.SIGKILL)
    run.communicate(timeout=60)
    assert run.returncode == 4
    kept = {record['key'] for record in judgements(tmp_path)}
    assert 7 <= len(kept) < 30
    before = len(asked_judge(tmp_path))
    done = evaluate(tmp_path, 'words.py', '-r')
    assert done.returncode == 0, done.stderr
    assert not kept & set(asked_judge(tmp_path)[before:])
    assert len(asked(tmp_path)) == 30
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}


def test_a_run_killed_while_it_judges_goes_on(tmp_path: Path, mark: str) -> None:
    write_judged(tmp_path, evaluator(judge_cfg=judge(delay=0.05)), number=30)
    run = start(tmp_path, 'words.py', mark=mark)
    wait_until(lambda: len(asked_judge(tmp_path)) >= 8)
    run.kill()
    run.communicate(timeout=60)
    wait_until(lambda: not processes(mark))
    kept = {record['key'] for record in judgements(tmp_path)}
    before = len(asked_judge(tmp_path))
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert not kept & set(asked_judge(tmp_path)[before:])
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}


def test_an_interrupted_judge_says_how_to_go_on(tmp_path: Path, mark: str) -> None:
    write_judged(tmp_path, evaluator(judge_cfg=judge(delay=0.05)), number=30)
    run = start(tmp_path, 'words.py', mark=mark)
    wait_until(lambda: len(asked_judge(tmp_path)) >= 8)
    os.kill(run.pid, signal.SIGINT)
    shown, _ = run.communicate(timeout=60)
    assert run.returncode == 130
    assert 'interrupted; every answer so far is kept' in shown
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert len(set(asked_judge(tmp_path))) == 30


def test_without_any_verdict_the_reason_and_the_count_are_told(tmp_path: Path) -> None:
    write_judged(tmp_path, evaluator(judge_cfg=judge(answers={'P [': 'The Answer is B'})))
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 3
    assert 'only 0 of 10 answers are judged' in failed(tmp_path)
    assert '0/10 by judge' in done.stdout
