"""One program from its start to its verdict."""

import contextlib
import hmac
import marshal
import os
import secrets
import select
import socket
import subprocess
import time
from typing import Any

from . import processes
from .folder import Folder
from .frames import frame, split
from .marking import Marking
from .outcomes import Outcome, failed, in_one_line, of_exception, of_exit, resource

COMMANDS = 0
CHUNK_BYTES = 1 << 16
MAX_REPORT_BYTES = 1 << 16
MARSHAL_VERSION = 4
"""The stage may run in another Python, which knows none that came later."""

TICK_SECONDS = 0.01
MEASURE_SECONDS = 0.02
START_SECONDS = 60.0
WRITTEN_PER_DISK = 4
"""A program may write each byte of the disk so often."""


class Watch:
    """Starts a program, speaks with its stage, and ends it where it passes a limit."""

    def __init__(
        self, plan: Outcome, program: dict[str, Any], folder: Folder, uid: int | None
    ) -> None:
        self.limits = plan['limits']
        self.folder = folder
        self.program = program
        self.is_abandoned = False
        self.output = bytearray()
        self.num_output_bytes = 0
        self.report = bytearray()
        self.outgoing = bytearray()
        self.token = secrets.token_hex(32).encode()
        self.marking = Marking(program['cases'], program['function'])
        self.expected = [b'R', b'L', *([b'A'] if program['cases'] else [b'T', b''])]
        self.found: Outcome | None = None
        self.solution: int | None = None
        self.ended: dict[int, int] = {}
        self.written_before = processes.written_bytes(os.getpid())
        self.channel, theirs = socket.socketpair()
        self.start(plan, theirs, uid)
        theirs.close()
        self.channel.setblocking(False)
        self.began = self.measured = self.asked = time.monotonic()

    def start(self, plan: Outcome, theirs: socket.socket, uid: int | None) -> None:
        """Start the sandbox, and tell its stage what to give up."""
        stage = {
            **plan['stage'],
            'folder': self.folder.path,
            'uid': uid,
            'same_user': plan['drops_user'] is False or uid is None,
            'parent': os.getpid() if plan['shares_processes'] else 0,
        }
        self.outgoing += frame(marshal.dumps(stage, MARSHAL_VERSION))
        descriptor = theirs.fileno()
        self.process = subprocess.Popen(
            [*plan['command'], str(descriptor)],
            env=plan['environment'],
            cwd='/',
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=[descriptor],
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.pipe = self.process.stdout.fileno()
        os.set_blocking(self.pipe, False)

    def verdict(self) -> Outcome:
        """Watch until the program has passed, has ended, or has passed a limit."""
        exit_descriptor = os.pidfd_open(self.process.pid)
        poll = select.poll()
        for descriptor in (COMMANDS, self.pipe, exit_descriptor):
            poll.register(descriptor, select.POLLIN)
        try:
            while self.found is None:
                wanted = select.POLLOUT if self.outgoing else 0
                if self.channel.fileno() >= 0:
                    poll.register(self.channel, select.POLLIN | wanted)
                ready = dict(poll.poll(TICK_SECONDS * 1000))
                self.serve(ready, poll)
                self.check_limits()
                if exit_descriptor in ready and self.found is None:
                    self.take_exit()
        finally:
            os.close(exit_descriptor)
        if not self.has_begun and self.found['kind'] != 'error':
            reason = f'the sandbox does not become ready: {self.found["reason"]}'
            self.found = {'kind': 'error', 'reason': reason}
        return {**self.found, 'solution': self.solution, 'seconds': self.seconds}

    @property
    def has_begun(self) -> bool:
        """Whether the stage has given all rights up and told so: from then on it is the program."""
        return self.expected[0] != b'R'

    @property
    def seconds(self) -> float:
        """Seconds since the program has begun, or since the sandbox was started."""
        return round(time.monotonic() - self.began, 4)

    def serve(self, ready: dict[int, int], poll: select.poll) -> None:
        """Do what the descriptors ask for."""
        if COMMANDS in ready:  # nothing comes while a program runs, but the end
            self.is_abandoned = True
            self.found = {'kind': 'error', 'reason': 'evalkit has gone'}
        if self.pipe in ready and not self.read_output():
            poll.unregister(self.pipe)
        if self.channel.fileno() in ready:
            self.write_outgoing()
            if not self.read_report():
                poll.unregister(self.channel)
                self.channel.close()

    def read_output(self) -> bool:
        """Keep the beginning of what the program prints; tell whether more may come."""
        try:
            chunk = os.read(self.pipe, CHUNK_BYTES)
        except BlockingIOError:
            return True
        self.num_output_bytes += len(chunk)
        self.output += chunk[: self.limits['output_kept'] - len(self.output)]
        return bool(chunk)

    def write_outgoing(self) -> None:
        """Send what the stage waits for, as far as it takes it."""
        if self.outgoing:
            with contextlib.suppress(BlockingIOError, BrokenPipeError, ConnectionResetError):
                del self.outgoing[: self.channel.send(self.outgoing)]

    def read_report(self) -> bool:
        """Take what the stage says; tell whether more may come."""
        try:
            chunk = self.channel.recv(CHUNK_BYTES)
        except BlockingIOError:
            return True
        except ConnectionResetError:
            return False
        self.report += chunk
        for message in split(self.report):
            self.take(message)
        most = self.limits['output_most'] if self.program['cases'] else 0
        if len(self.report) > MAX_REPORT_BYTES + most:
            self.found = failed('tampered', 'it wrote to the descriptor of the verdict')
        return bool(chunk)

    def take(self, message: bytes) -> None:
        """Take a message of the stage, or of a program that plays the stage."""
        if self.found is not None:
            return
        kind, text = message[:1], message[1:].decode('utf-8', 'replace')
        if kind == b'X' and not self.has_begun:
            self.found = {'kind': 'error', 'reason': f'the sandbox fails: {in_one_line(text)}'}
        elif kind == b'E' and self.has_begun:
            self.found = of_exception(*[*text.split('\n', 2), '', ''][:3])
        elif kind == b'A' and self.expected == [b'A']:
            self.mark(message[1:])
        elif self.expected == [b'']:
            if hmac.compare_digest(message, self.token):
                self.found = {'kind': 'passed', 'reason': ''}
            else:
                self.found = failed('tampered', 'the token is wrong')
        elif kind == self.expected[0]:
            self.go_on(kind, text)
        else:
            self.found = failed('tampered', 'it wrote to the descriptor of the verdict')

    def go_on(self, kind: bytes, text: str) -> None:
        """Answer with what comes next."""
        del self.expected[0]
        if kind == b'R':
            self.began = time.monotonic()
        if kind == b'L':
            self.solution = int(text) if text.isdigit() else None
        if kind == b'L' and self.program['cases']:
            self.ask()
            return
        answers = {
            b'R': marshal.dumps(self.for_stage(), MARSHAL_VERSION),
            b'L': self.program['tests'].encode('utf-8', 'surrogatepass'),
            b'T': self.token,
        }
        self.asked = time.monotonic()
        self.outgoing += frame(answers[kind])
        self.write_outgoing()

    def for_stage(self) -> dict[str, Any]:
        """Return what the stage needs to load the solution; what is right stays here."""
        names = ('solutions', 'prelude', 'entry_point', 'function')
        has_cases = bool(self.program['cases'])
        return {**{name: self.program[name] for name in names}, 'has_cases': has_cases}

    def ask(self) -> None:
        """Put the next case to the solution."""
        self.asked = time.monotonic()
        self.outgoing += frame(self.marking.next_input())
        self.write_outgoing()

    def mark(self, answer: bytes) -> None:
        """Compare an answer, and go on where it is right."""
        mistake = self.marking.mistake(answer)
        if mistake:
            self.found = failed('wrong answer', mistake)
        elif self.marking.is_done:
            self.found = {'kind': 'passed', 'reason': ''}
        else:
            self.ask()

    def take_exit(self) -> None:
        """Say how the program has ended without a pass; what it reported last counts more."""
        while self.channel.fileno() >= 0 and self.found is None:
            before = len(self.report)
            if not self.read_report() or len(self.report) == before:
                break
        if self.found is None:
            self.ended |= processes.reap()
            status = self.ended.get(self.process.pid)
            self.found = of_exit(status, has_begun=self.has_begun)

    def check_limits(self) -> None:
        """End the program where it passes a limit."""
        if self.found is not None:
            return
        seconds = self.limits['seconds'] if self.has_begun else START_SECONDS
        if self.seconds > seconds:
            self.found = {'kind': 'timeout', 'reason': f'more than {seconds:g} s'}
        elif self.is_late:
            most = f'more than {self.limits["case_seconds"]:g} s'
            self.found = {'kind': 'timeout', 'reason': f'{self.marking.place}: {most}'}
        elif self.num_output_bytes > self.limits['output_most']:
            self.found = resource('output', self.limits['output_most'])
        elif time.monotonic() - self.measured > MEASURE_SECONDS:
            self.measure()
            self.measured = time.monotonic()

    @property
    def is_late(self) -> bool:
        """Whether a case, or loading the solution before the first one, takes too long."""
        took = time.monotonic() - self.asked
        has_cases = self.has_begun and bool(self.program['cases'])
        return has_cases and took > self.limits['case_seconds']

    def measure(self) -> None:
        """Compare memory, processes and disk of all that the program has started."""
        self.ended |= processes.reap()
        pids = processes.descendants(os.getpid())
        used = {
            'memory': sum(map(processes.resident_bytes, pids)),
            'processes': sum(map(processes.num_threads, pids)),
        }
        for name, value in used.items():
            if value > self.limits[name]:
                self.found = resource(name, self.limits[name])
        written = sum(map(processes.written_bytes, [os.getpid(), *pids])) - self.written_before
        most = self.limits['disk']
        if written > WRITTEN_PER_DISK * most or self.folder.is_too_full(most):
            self.found = resource('disk', most)

    def captured(self) -> str:
        """Return the beginning of what the program printed; called when all of it is dead."""
        while self.num_output_bytes <= self.limits['output_most']:
            before = self.num_output_bytes
            if not self.read_output() or self.num_output_bytes == before:
                break
        return self.output.decode('utf-8', 'replace')

    def close(self) -> None:
        """Give the descriptors back."""
        self.channel.close()
        self.process.returncode = 0  # whatever it was, it has been waited for
        if self.process.stdout is not None:
            self.process.stdout.close()
