"""`--runner ray` on a real Ray of two replicas, and what happens when one of them is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest

from tests.runs import (
    ROOT,
    acknowledged,
    asked,
    asked_twice,
    command_line,
    environment,
    evaluate,
    model,
    processes,
    records,
    run_folder,
    scores,
    start,
    write_config,
    write_words,
)

ON_TWO = ('--runner', 'ray', '--num-replicas', '2')
NUM_CALC = 100
AUTHENTICATED = {'RAY_AUTH_MODE': 'token', 'RAY_AUTH_TOKEN': uuid4().hex}
"""A cluster that others can reach asks everybody for a token."""


@pytest.fixture(autouse=True)
def ray_is_installed() -> None:
    """Ray is part of the extra `test`, so that these tests run wherever the others do."""
    assert find_spec('ray') is not None, "ray is not installed: pip install 'evalkit[test]'"


def replicas(mark: str) -> list[int]:
    """Return the processes of a run that hold an engine."""
    return [pid for pid in processes(mark) if b'ray::Replica' in command_line(pid)]


def num_answers(folder: Path) -> int:
    return len(records(run_folder(folder))) if any(folder.glob('outputs/*/*')) else 0


def is_open(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(('127.0.0.1', port)) == 0


def wait_until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, 'it never came to that'
        time.sleep(0.05)


def wait_for_answers(folder: Path, number: int) -> None:
    wait_until(lambda: num_answers(folder) >= number)


def answers(run: Path) -> dict[str, str]:
    """Return the output for each key."""
    return {record['key']: record['output'] for record in records(run)}


def test_the_real_model_gets_the_same_table_on_two_replicas(tmp_path: Path) -> None:
    config = ROOT / 'configs/eval_calc.py'
    tables = {}
    for name, flags in {'here': (), 'ray': ON_TWO}.items():
        done = evaluate(ROOT, config, '-w', tmp_path / name, *flags)
        assert done.returncode == 0, done.stderr
        [run] = (tmp_path / name).iterdir()
        tables[name] = (scores(run), answers(run))
    assert tables['ray'] == tables['here']
    assert len(tables['ray'][1]) == NUM_CALC


def test_a_replica_that_is_killed_loses_nothing(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, 120)
    write_config(tmp_path, [model(delay=0.05)])
    run = start(tmp_path, 'words.py', *ON_TWO, mark=mark)
    wait_for_answers(tmp_path, 10)
    before = acknowledged(run_folder(tmp_path))
    victim = replicas(mark)[0]
    os.kill(victim, signal.SIGKILL)
    said = run.communicate(timeout=100)[1]
    assert run.returncode == 0, said
    found = run_folder(tmp_path)
    assert scores(found) == {('words', 'scripted'): 100.0}
    assert len(acknowledged(found)) == 120
    assert not before & set(asked_twice(tmp_path))
    [note] = [line for line in said.splitlines() if 'requests go back' in line]
    assert note.startswith('scripted/words: replica ')
    assert f'(process {victim} on ' in note
    # One line says what happened; what Ray itself has to say of it stays in the log.
    assert [line.split(' ')[0] for line in said.splitlines()] == [
        'asking', 'scripted/words:', 'asked', 'scoring', 'scored'
    ]  # fmt: skip
    assert not processes(mark)


def test_a_request_that_kills_every_replica_is_poison_and_the_others_are_answered(
    tmp_path: Path,
) -> None:
    write_words(tmp_path, 20)
    write_config(tmp_path, [model(kill_on='word7.')])
    done = evaluate(tmp_path, 'words.py', *ON_TWO)
    assert done.returncode == 3, done.stderr
    found = {record['key']: record for record in records(run_folder(tmp_path))}
    failed = [record for record in found.values() if record['error']]
    assert len(found) == 20
    assert [record['index'] for record in failed] == [7]
    assert failed[0]['error'].startswith('poison: ')


def test_a_killed_run_leaves_no_process_of_ray_and_resumes_with_the_local_runner(
    tmp_path: Path, mark: str
) -> None:
    write_words(tmp_path, 60)
    write_config(tmp_path, [model(delay=0.05)])
    run = start(tmp_path, 'words.py', *ON_TWO, mark=mark)
    wait_for_answers(tmp_path, 10)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    wait_until(lambda: not processes(mark))
    before = acknowledged(run_folder(tmp_path))
    num_asked = len(asked(tmp_path))
    again = evaluate(tmp_path, 'words.py', '-r', '--num-replicas', 2)
    assert again.returncode == 0, again.stderr
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}
    assert len(asked(tmp_path)) - num_asked == 60 - len(before)


def test_ctrl_c_keeps_the_answers_and_leaves_nothing_of_ray(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, 400)
    write_config(tmp_path, [model(delay=0.05)])
    run = start(tmp_path, 'words.py', *ON_TWO, mark=mark)
    wait_for_answers(tmp_path, 10)
    run.send_signal(signal.SIGINT)
    told, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert 'To go on:' in told
    assert 10 <= len(acknowledged(run_folder(tmp_path))) < 400
    assert not processes(mark)


@contextmanager
def node(mark: str, *flags: str) -> Iterator[subprocess.Popen[bytes]]:
    """A node of a cluster with room for one replica, as `ray start` makes it."""
    ray = str(Path(sys.executable).parent / 'ray')
    command = [ray, 'start', '--block', '--num-cpus=1', '--disable-usage-stats', *flags]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command,
        env=environment(mark, **AUTHENTICATED),
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def test_a_cluster_that_loses_a_machine_goes_on_with_the_others(tmp_path: Path, mark: str) -> None:
    with socket.create_server(('127.0.0.1', 0)) as server:
        port = server.getsockname()[1]
    address = f'127.0.0.1:{port}'
    write_words(tmp_path, 300)
    write_config(tmp_path, [model(delay=0.1)])
    with node('', '--head', f'--port={port}', '--include-dashboard=false'):
        wait_until(lambda: is_open(port))
        with node(mark, f'--address={address}'):
            flags = (*ON_TWO, '--address', address)
            run = start(tmp_path, 'words.py', *flags, mark='', **AUTHENTICATED)
            wait_until(lambda: len(replicas(mark)) == 1 and num_answers(tmp_path) > 80)
            for pid in processes(mark):
                os.kill(pid, signal.SIGKILL)
            said = run.communicate(timeout=100)[1]
    assert run.returncode == 0, said
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}
    assert len([line for line in said.splitlines() if 'requests go back' in line]) == 1


def test_a_cluster_that_is_gone_leaves_a_run_to_resume(tmp_path: Path, mark: str) -> None:
    with socket.create_server(('127.0.0.1', 0)) as server:
        port = server.getsockname()[1]
    write_words(tmp_path, 200)
    write_config(tmp_path, [model(delay=0.1)])
    with node(mark, '--head', f'--port={port}', '--include-dashboard=false'):
        wait_until(lambda: is_open(port))
        flags = ('--runner', 'ray', '--address', f'127.0.0.1:{port}', '--retry', '1')
        impatient = {'RAY_gcs_rpc_server_reconnect_timeout_s': '3'}  # a minute by default
        run = start(tmp_path, 'words.py', *flags, mark='', **AUTHENTICATED, **impatient)
        wait_until(lambda: num_answers(tmp_path) > 40)
        for pid in processes(mark):
            os.kill(pid, signal.SIGKILL)
        told, said = run.communicate(timeout=100)
    assert run.returncode == 4, said
    assert 'the Ray cluster is gone' in said
    assert 'To go on:' in told
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}


def test_a_model_that_cannot_be_loaded_is_an_error_of_the_config(tmp_path: Path) -> None:
    write_words(tmp_path, 2)
    missing = {'type': 'evalkit.models.HuggingFaceBaseModel', 'abbr': 'none', 'path': './none'}
    write_config(tmp_path, [missing])
    done = evaluate(tmp_path, 'words.py', *ON_TWO)
    assert done.returncode == 2
    assert './none' in done.stderr


def test_nobody_at_the_address_is_one_line(tmp_path: Path) -> None:
    write_words(tmp_path, 2)
    write_config(tmp_path)
    done = evaluate(tmp_path, 'words.py', '--runner', 'ray', '--address', '127.0.0.1:1')
    assert done.returncode == 2, done.stderr
    assert 'no Ray cluster answers at 127.0.0.1:1' in done.stderr
