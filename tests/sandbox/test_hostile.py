"""Hostile programs: each gets its verdict, and the host stays as it was."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from evalkit.sandbox import Limits, Program, Verdict, judge_all, plan_of

ROOT = Path(__file__).parents[2]
DATA = ROOT / 'tests' / 'data' / 'hostile_programs.toml'
PROGRAMS: list[dict[str, Any]] = tomllib.loads(DATA.read_text('utf-8'))['program']
KEY = 'sk-canary-5f1b'
NUM_WORKERS = 4
NOBODY = 65534
PYTHONS = [shutil.which(f'python3.{minor}', path='/usr/bin') for minor in range(11, 20)]
PYTHON = next(filter(None, PYTHONS), '')
TESTS = 'assert answer() == 42'


class Canaries:
    """What a program must not reach: a file, a TCP and a Unix server, and a key."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / 'canary.txt'
        self.file.write_text('alive')
        self.file.chmod(0o666)
        self.name = f'evalkit-canary-{uuid4().hex}'
        self.servers = [socket.create_server(('127.0.0.1', 0)), socket.socket(socket.AF_UNIX)]
        self.servers[1].bind(f'\0{self.name}')
        self.servers[1].listen()
        for server in self.servers:
            server.setblocking(False)

    def put_into(self, code: str) -> str:
        """Name the canaries in a program."""
        port = self.servers[0].getsockname()[1]
        names = {'FILE': self.file, 'FOLDER': self.file.parent, 'PORT': port}
        for name, value in {**names, 'SOCKET': self.name, 'KEY': KEY}.items():
            code = code.replace(f'@{name}@', str(value))
        return code

    def are_alive(self) -> bool:
        """Whether nothing has happened to any."""
        mode = self.file.stat().st_mode & 0o777
        is_whole = self.file.read_text() == 'alive' and mode == 0o666
        return is_whole and not any(map(was_visited, self.servers))


def was_visited(server: socket.socket) -> bool:
    """Whether anybody has connected."""
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.fixture(scope='module')
def canaries() -> Iterator[Canaries]:
    """Canaries in a folder that everybody may write to."""
    with tempfile.TemporaryDirectory(dir='/var/tmp') as folder, pytest.MonkeyPatch.context() as env:
        env.setenv('OPENAI_API_KEY', KEY)
        Path(folder).chmod(0o777)
        found = Canaries(Path(folder))
        yield found
        for server in found.servers:
            server.close()


def judge(mode: str, *programs: Program, seconds: float = 20.0) -> list[Verdict]:
    return judge_all(plan_of(mode, Limits(seconds=seconds, memory_mb=512)), programs, NUM_WORKERS)


def judge_as_nobody(mode: str, *programs: Program, seconds: float) -> list[Verdict]:
    """Judge as a user without any rights, with the Python of the system and a copy of evalkit."""
    if os.geteuid() != 0 or not PYTHON:
        pytest.skip('only root can become nobody, and needs a Python that nobody can read')
    request = {'mode': mode, 'seconds': seconds, 'programs': [asdict(each) for each in programs]}
    with tempfile.TemporaryDirectory(dir='/var/tmp') as folder:
        shutil.copytree(ROOT / 'evalkit', Path(folder, 'evalkit'))
        shutil.copy(ROOT / 'tests' / 'sandbox' / 'judge_all.py', folder)
        subprocess.run(['chmod', '-R', 'a+rX', folder], check=True)
        done = subprocess.run(
            [PYTHON, 'judge_all.py'],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            cwd=folder,
            env={'PATH': '/usr/bin:/bin', 'OPENAI_API_KEY': KEY},
            user=NOBODY,
            group=NOBODY,
            extra_groups=[],
        )
    assert done.returncode == 0, done.stderr
    return [Verdict(**each) for each in json.loads(done.stdout)]


JUDGES = (judge, judge_as_nobody)


@pytest.fixture(scope='module', params=JUDGES, ids=['this user', 'nobody'])
def verdicts(mode: str, canaries: Canaries, request: pytest.FixtureRequest) -> dict[str, Verdict]:
    """The verdict on each program; those that never end wait at the same time."""
    found: dict[str, Verdict] = {}
    for seconds in (1.0, 20.0):
        group = [each for each in PROGRAMS if ('timeout' in each['verdicts']) == (seconds == 1.0)]
        programs = [
            Program((canaries.put_into(each['code']),), each.get('tests', TESTS)) for each in group
        ]
        judged = request.param(mode, *programs, seconds=seconds)
        found |= {each['about']: verdict for each, verdict in zip(group, judged, strict=True)}
    return found


@pytest.mark.parametrize('hostile', PROGRAMS, ids=[each['about'] for each in PROGRAMS])
def test_a_hostile_program_has_its_verdict(
    hostile: dict[str, Any], verdicts: dict[str, Verdict]
) -> None:
    verdict = verdicts[hostile['about']]
    assert verdict.kind in hostile['verdicts'], verdict


@pytest.mark.usefixtures('verdicts')
def test_no_hostile_program_reaches_the_host(canaries: Canaries) -> None:
    assert canaries.are_alive()


@pytest.mark.parametrize(
    'about',
    ['it writes to a file of the host', 'it connects by TCP', 'it connects to an abstract Unix'],
)
def test_without_a_sandbox_the_same_programs_reach_the_host(about: str, canaries: Canaries) -> None:
    [code] = [each['code'] for each in PROGRAMS if each['about'].startswith(about)]
    judge('none', Program((canaries.put_into(code),), TESTS))
    assert not canaries.are_alive()
    canaries.file.write_text('alive')


def test_other_programs_do_not_notice_a_hostile_one(mode: str) -> None:
    hostile = [each['code'] for each in PROGRAMS if 'bomb' in each['about']]
    friendly = 'import threading, os\ndef answer(): return 42'
    programs = [Program((code,), TESTS) for each in hostile for code in (each, friendly)]
    verdicts = judge(mode, *programs)
    assert [verdict.kind for verdict in verdicts] == ['resource', 'passed'] * len(hostile)


@pytest.mark.parametrize('ending', ['', '\nwhile True: pass', '\nos._exit(0)'])
def test_a_daemon_is_gone_a_second_after_the_verdict(mode: str, ending: str) -> None:
    seconds = f'98765{os.getpid()}'
    daemon = f"""
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv('/bin/sleep', ['sleep', '{seconds}'])
    os._exit(0)
os.wait()
def answer(): return 42
"""
    judge(mode, Program((daemon + ending,), TESTS), seconds=2.0)
    time.sleep(1)
    assert not any(seconds.encode() in command for command in commands())


def commands() -> Iterator[bytes]:
    """Yield the command line of each process."""
    for path in Path('/proc').glob('[0-9]*/cmdline'):
        try:
            yield path.read_bytes()
        except OSError:
            continue
