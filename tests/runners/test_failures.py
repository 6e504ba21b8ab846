"""Tasks that fail, are killed, or never begin."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from evalkit.errors import BackendError, ConfigError, ExitCode, StoreError
from evalkit.runners import TaskStatus
from evalkit.runners.tasklog import TaskLog
from evalkit.store import Workspace
from evalkit.tasks.base import Task
from tests.runners.scripts import ScriptRunner, log_text, run, task, tell

KILL_SELF = 'os.kill(os.getpid(), 9)\n'
COUNT = 'open("{path}", "a").write(os.environ["EVALKIT_ATTEMPT"])\n'


def counting(path: Path) -> str:
    """Return a line of a script that notes the number of the attempt."""
    return 'import os\n' + COUNT.format(path=path)


def test_complete_tasks_have_no_reason(tmp_path: Path) -> None:
    [status] = run(tmp_path, task('good', 'print("fine")'))
    log = tmp_path / 'logs/infer/good/data.log'
    assert status == TaskStatus('good/data', 0, 1, '', log, '', ('fine',))
    assert log.read_text().splitlines()[1:] == ['fine']


def test_one_failed_task_leaves_the_others_running(tmp_path: Path) -> None:
    bad = task('bad', 'raise ValueError("no such column")')
    good = task('good', 'import time; time.sleep(0.5); print("fine")')
    failed, complete = run(tmp_path, bad, good)
    assert failed.exit_code == ExitCode.FAILED
    assert failed.reason == 'ValueError: no such column'
    assert failed.attempts == 1
    assert complete.returncode == 0


def test_a_killed_task_is_tried_again_and_then_reported(tmp_path: Path) -> None:
    script = counting(tmp_path / 'count') + tell(num_total=100, num_done=37) + KILL_SELF
    [status] = run(tmp_path, task('poor', script))
    assert (tmp_path / 'count').read_text() == '123'
    assert status.returncode == -9
    assert status.exit_code == ExitCode.INCOMPLETE
    assert status.reason == (
        'killed by SIGKILL (out of memory?), 37 of 100 answered, attempt 3 of 3'
    )


def test_a_task_that_recovers_is_complete(tmp_path: Path) -> None:
    script = 'import os\nif os.environ["EVALKIT_ATTEMPT"] == "1": ' + KILL_SELF
    [status] = run(tmp_path, task('lucky', script))
    assert (status.returncode, status.attempts, status.reason) == (0, 2, '')


@pytest.mark.parametrize(
    ('code', 'attempts'), [(1, 1), (2, 1), (3, 1), (4, 3), (5, 1), (130, 1), (137, 3)]
)
def test_only_what_may_help_is_tried_again(tmp_path: Path, code: int, attempts: int) -> None:
    [status] = run(tmp_path, task('poor', f'raise SystemExit({code})'))
    assert (status.returncode, status.attempts) == (code, attempts)


def test_retry_zero_means_one_attempt(tmp_path: Path) -> None:
    [status] = run(tmp_path, task('poor', 'raise SystemExit(4)'), retry=0)
    assert status.attempts == 1


def test_more_attempts_are_made_while_the_suspects_change(tmp_path: Path) -> None:
    suspects = tmp_path / 'logs/infer/poor/data.progress.suspects.json'
    script = counting(tmp_path / 'count') + (
        f'number = os.environ["EVALKIT_ATTEMPT"]\n'
        f'open({str(suspects)!r}, "w").write(number if int(number) < 6 else "same")\n'
        'raise SystemExit(4)'
    )
    [status] = run(tmp_path, task('poor', script))
    assert (tmp_path / 'count').read_text() == '1234567'
    assert status.attempts == 7


def test_suspects_allow_sixteen_attempts_at_most(tmp_path: Path) -> None:
    suspects = tmp_path / 'logs/infer/poor/data.progress.suspects.json'
    script = f"""
        import os
        open({str(suspects)!r}, 'w').write(os.environ['EVALKIT_ATTEMPT'])
        raise SystemExit(4)
    """
    [status] = run(tmp_path, task('poor', script))
    assert status.attempts == 16
    title = log_text(tmp_path, 'poor').splitlines()[-1]
    assert title.startswith('--- attempt 16 of at most 16, ')


def test_the_suspects_of_an_earlier_run_are_forgotten(tmp_path: Path) -> None:
    suspects = tmp_path / 'logs/infer/poor/data.progress.suspects.json'
    suspects.parent.mkdir(parents=True)
    suspects.write_text('["old"]')
    run(tmp_path, task('poor', 'pass'))
    assert not suspects.exists()


def test_the_reason_that_a_task_tells_comes_first(tmp_path: Path) -> None:
    script = (
        tell(reason='gsm8k: the file is missing') + 'print("Error: other")\nraise SystemExit(3)'
    )
    [status] = run(tmp_path, task('poor', script))
    assert status.reason == 'gsm8k: the file is missing'


def test_without_a_traceback_the_reason_is_the_last_error_in_the_log(tmp_path: Path) -> None:
    script = 'print("12:00 ERROR engine: no room\\ngoodbye")\nraise SystemExit(3)'
    [status] = run(tmp_path, task('poor', script))
    assert status.reason == '12:00 ERROR engine: no room'


def test_a_task_that_says_nothing_is_known_by_its_code(tmp_path: Path) -> None:
    [status] = run(tmp_path, task('poor', 'raise SystemExit(7)'))
    assert status.reason == 'exit code 7'


def test_a_task_that_is_never_ready_is_killed_with_the_end_of_its_log(tmp_path: Path) -> None:
    script = 'import time; print("loading shard 1", flush=True); time.sleep(60)'
    began = time.monotonic()
    [status] = run(tmp_path, task('slow', script), ready_timeout=0.5, retry=0)
    assert time.monotonic() - began < 5
    assert status.exit_code == ExitCode.INCOMPLETE
    assert status.reason == (
        'not ready after 0.5 s (ready_timeout); its log ends: loading shard 1, attempt 1 of 1'
    )


def test_a_task_that_is_ready_may_take_its_time(tmp_path: Path) -> None:
    script = tell(phase='asking') + 'import time; time.sleep(1.2)'
    [status] = run(tmp_path, task('slow', script), ready_timeout=0.6)
    assert status.returncode == 0


def test_a_command_that_is_not_there_is_an_error_of_its_task(tmp_path: Path) -> None:
    class Missing(ScriptRunner):
        def command(self, task: Task, task_path: Path) -> list[str]:
            return ['no-such-program', str(task_path)]

    [status] = Missing(retry=0).run([task('poor', 'pass')], Workspace(tmp_path))
    assert status.reason == 'cannot start no-such-program: No such file or directory'
    assert status.exit_code == ExitCode.INCOMPLETE


def test_a_bug_in_a_runner_leaves_no_process_behind(tmp_path: Path) -> None:
    class Broken(ScriptRunner):
        def launch(
            self, task: Task, command: Sequence[str], env: Mapping[str, str], log: TaskLog
        ) -> int:
            if task.model['abbr'] == 'bug':
                time.sleep(0.5)
                raise ZeroDivisionError('a bug')
            return super().launch(task, command, env, log)

    tasks = [task('sleeper', 'import time; time.sleep(60)'), task('bug', 'pass')]
    began = time.monotonic()
    with pytest.raises(ZeroDivisionError, match='a bug'):
        Broken().run(tasks, Workspace(tmp_path))
    assert time.monotonic() - began < 5


def test_a_folder_that_cannot_hold_logs_stops_the_run_before_it_begins(tmp_path: Path) -> None:
    (tmp_path / 'logs').write_text('in the way')
    with pytest.raises(StoreError, match='a file stands where a folder is needed'):
        run(tmp_path, task('good', 'pass'))


def test_senseless_settings_are_refused() -> None:
    with pytest.raises(ConfigError, match='max_num_workers >= 1'):
        ScriptRunner(max_num_workers=0)
    with pytest.raises(ConfigError, match='retry >= 0'):
        ScriptRunner(retry=-1)
    with pytest.raises(ConfigError, match='max_workers_per_gpu is at least 1, not 0'):
        ScriptRunner(max_workers_per_gpu=0)


def test_the_children_find_this_evalkit_and_show_no_bars(tmp_path: Path) -> None:
    script = 'import evalkit, os; print(evalkit.__version__, os.environ["TQDM_DISABLE"])'
    [status] = run(tmp_path, task('child', script))
    assert status.log_tail == ('0.1.0 1',)


def test_tasks_run_side_by_side_up_to_the_number_of_workers(tmp_path: Path) -> None:
    script = """
        import time
        print('from', time.monotonic(), flush=True); time.sleep(0.4)
        print('to', time.monotonic())
    """
    tasks = [task(f't{number}', script) for number in range(3)]
    spans = [
        [float(line.split()[1]) for line in status.log_tail]
        for status in run(tmp_path, *tasks, max_num_workers=2)
    ]
    assert spans[1][0] < spans[0][1]
    assert spans[2][0] > min(spans[0][1], spans[1][1])


def test_an_error_of_the_place_is_the_reason(tmp_path: Path) -> None:
    class NoPlace(ScriptRunner):
        def launch(
            self, task: Task, command: Sequence[str], env: Mapping[str, str], log: TaskLog
        ) -> int:
            raise BackendError('the queue is closed')

    [status] = NoPlace(retry=1).run([task('poor', 'pass')], Workspace(tmp_path))
    assert (status.reason, status.attempts) == ('the queue is closed', 2)


def test_the_log_holds_every_attempt(tmp_path: Path) -> None:
    run(tmp_path, task('poor', 'print("bad day")\nraise SystemExit(4)'), retry=1)
    lines = log_text(tmp_path, 'poor').splitlines()
    assert [line.partition(',')[0] for line in lines] == [
        '--- attempt 1 of 2',
        'bad day',
        '--- attempt 2 of 2',
        'bad day',
    ]
