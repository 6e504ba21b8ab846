import subprocess
import sys

import pytest

from evalkit.errors import ExitCode
from tests.tasks.runs import ROOT, Run, a_dataset, write_rows

CANARY = 'sk-canary-0123456789abcdef'


def test_a_secret_is_in_no_log_even_if_an_error_quotes_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('EVALKIT_SECRET_1', CANARY)
    run.model = {
        'type': 'tests.tasks.engines.LeakyModel',
        'abbr': 'leaky',
        'key': '${EVALKIT_SECRET_1}',
    }
    code, log = run.do_in_process('infer')
    assert code == 1
    assert 'CRITICAL evalkit: crashed' in log
    assert 'RuntimeError: cannot log in with' in log
    assert 'Traceback (most recent call last)' in log
    written = [path.read_bytes() for path in run.folder.rglob('*') if path.is_file()]
    assert CANARY not in log
    assert not [data for data in written if CANARY.encode() in data]


@pytest.mark.slow
def test_ten_thousand_samples_that_fail_alike_are_a_few_lines_of_log(run: Run) -> None:
    rows = [{'q': str(number), 'a': 'x'} for number in range(10_000)]
    run.datasets = [a_dataset(write_rows(run.folder / 'rows.jsonl', rows))]
    run.model['error_on'] = 'Q:'
    code, log = run.do_in_process('infer')
    assert code == ExitCode.FAILED
    assert len(log) < 2000
    assert 'ERROR evalkit.tasks.error_counts: sums, sample 0 failed: bad_request: the' in log
    assert 'sums: 10000 samples failed (10000 x bad_request)' in log
    assert run.progress('infer').num_failed == 10_000
    code, log = run.do_in_process('evaluate')
    assert code == ExitCode.FAILED
    assert len(log) < 2000


@pytest.mark.slow
def test_ten_thousand_answers_that_cannot_be_scored_are_a_few_lines_of_log(run: Run) -> None:
    rows = [{'q': str(number), 'a': 'x'} for number in range(10_000)]
    run.datasets = [a_dataset(write_rows(run.folder / 'rows.jsonl', rows))]
    evaluator = {'type': 'tests.evaluators.own.LengthEvaluator'}
    run.datasets[0]['eval_cfg'] = {'evaluator': evaluator}
    run.model.update(answers={'Q:7': '7'}, default='no number')
    assert run.do_in_process('infer')[0] == ExitCode.COMPLETE
    code, log = run.do_in_process('evaluate')
    assert code == ExitCode.COMPLETE
    assert len(log) < 2000
    assert 'sums: 8889 samples failed (8889 x scorer)' in log
    assert run.result()['n_ok'] == 1111


def test_the_first_error_of_each_kind_is_told_in_full(run: Run) -> None:
    run.model['answers'] = {
        '1+1': {'error': 'context_length: 9 tokens are too many'},
        '2+2': {'error': 'context_length: 10 tokens are too many'},
        '3+3': {'error': 'out_of_memory: no more'},
    }
    _, log = run.do_in_process('infer')
    told = [line.split(': ', 1)[1] for line in log.splitlines() if 'ERROR' in line]
    reason = 'sums: 3 samples failed (2 x context_length, 1 x out_of_memory)'
    assert told == [
        'sums, sample 1 failed: context_length: 9 tokens are too many',
        'sums, sample 3 failed: out_of_memory: no more',
        reason,
        reason,
    ]


def test_an_error_for_the_user_is_one_line_without_a_traceback(run: Run) -> None:
    run.model['engine_error_on'] = '0+0'
    code, log = run.do_in_process('infer')
    assert code == ExitCode.INCOMPLETE
    assert 'Traceback' not in log
    assert log.splitlines()[-1].endswith(
        "ERROR evalkit.tasks.run: the scripted engine died of '0+0'"
    )


def test_a_warning_goes_through_the_log(run: Run) -> None:
    script = (
        'from evalkit.tasks.logs import log_to_stderr\n'
        'import logging, warnings\n'
        'logging.basicConfig(level=logging.DEBUG)\n'  # as an engine might have done
        'log_to_stderr()\n'
        f'warnings.warn("the key is {CANARY}")\n'
        'logging.getLogger("noisy").info("chatter")\n'
    )
    done = subprocess.run(
        [sys.executable, '-c', script],
        cwd=ROOT,
        env={'EVALKIT_SECRET_1': CANARY},
        capture_output=True,
        text=True,
        check=True,
    )
    assert 'WARNING py.warnings: <string>:5: UserWarning: the key is' in done.stderr
    assert CANARY not in done.stderr
    assert 'chatter' not in done.stderr
