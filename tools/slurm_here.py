"""A Slurm of one node on this machine, for tests: `python -m tools.slurm_here COMMAND...`.

It writes a configuration into a folder of its own, starts munged, slurmctld and slurmd, runs the
command with SLURM_CONF set, and stops the three again by their process ids. Nothing of a Slurm
that is there already is touched. Needs Debian's packages slurm-wlm and munge, and root.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

NEEDED = ('munged', 'mungekey', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scontrol')
GPUS = ('null', 'zero', 'full', 'random')
"""Devices that Slurm is told are GPUs, and gives out; nobody computes on them."""

START_SECONDS = 60.0
STOP_SECONDS = 10.0

CONFIGURATION = """\
ClusterName=here
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
GresTypes=gpu
MaxArraySize=8
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
ReturnToService=2
MpiDefault=none
SwitchType=switch/none
SchedulerParameters=sched_interval=1,batch_sched_delay=0,bf_interval=1
KillWait=2
SlurmctldPort={controller_port}
SlurmdPort={node_port}
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} Gres=gpu:{gpus} State=UNKNOWN
PartitionName=p Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1
PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=9
"""


@contextmanager
def slurm() -> Iterator[dict[str, str]]:
    """Run a Slurm with the partitions `p` and `urgent`; yield what its commands need to find it."""
    for name in missing_commands():
        raise FileNotFoundError(f'{name} is missing: apt-get install slurm-wlm munge')
    folder = Path(tempfile.mkdtemp(prefix='slurm-', dir='/tmp'))  # munged wants a public path
    folder.chmod(0o755)
    try:
        with ExitStack() as daemons:
            yield start(folder, daemons)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def missing_commands() -> list[str]:
    """Return what of Slurm is not installed."""
    return [name for name in NEEDED if shutil.which(name, path=search_path()) is None]


def start(folder: Path, daemons: ExitStack) -> dict[str, str]:
    """Start the three daemons and wait until the node is idle."""
    path = write_configuration(folder)
    env = {**os.environ, 'SLURM_CONF': str(path), 'PATH': search_path()}
    subprocess.run(['mungekey', '-c', '-k', f'{folder}/munge.key'], env=env, check=True)
    files = [f'--{kind}-file={folder}/munge.{kind}' for kind in ('key', 'pid', 'log', 'seed')]
    socket_path = f'--socket={folder}/munge.socket'
    commands = [
        ['munged', '--foreground', '--force', socket_path, *files],
        ['slurmctld', '-D', '-f', str(path)],
        ['slurmd', '-D', '-f', str(path)],
    ]
    for command in commands:
        daemons.enter_context(daemon(command, env, folder))
        if command[0] == 'munged':
            wait_until((folder / 'munge.socket').exists, folder)
    wait_until(lambda: 'idle' in state(env), folder)
    return {'SLURM_CONF': str(path), 'PATH': env['PATH']}


def write_configuration(folder: Path) -> Path:
    """Write what the daemons read, and return the path of slurm.conf."""
    for name in ('state', 'spool'):
        (folder / name).mkdir()
    path = folder / 'slurm.conf'
    host = socket.gethostname().split('.')[0]
    ports = {'controller_port': free_port(), 'node_port': free_port()}
    counts = {'cpus': os.cpu_count(), 'gpus': len(GPUS)}
    path.write_text(CONFIGURATION.format(folder=folder, host=host, **counts, **ports))
    for number, name in enumerate(GPUS):
        (folder / f'gpu{number}').symlink_to(f'/dev/{name}')
    gres = f'NodeName={host} Name=gpu File={folder}/gpu[0-{len(GPUS) - 1}]\n'
    (folder / 'gres.conf').write_text(gres)
    return path


@contextmanager
def daemon(command: Sequence[str], env: dict[str, str], folder: Path) -> Iterator[None]:
    """Run a daemon in the foreground of a session of its own, and end it."""
    with (folder / f'{command[0]}.out').open('w') as output:
        process = subprocess.Popen(
            command, env=env, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def state(env: dict[str, str]) -> str:
    """Return the state of the node, empty while nobody answers."""
    command = ['sinfo', '-h', '-o', '%T']
    return subprocess.run(command, env=env, capture_output=True, text=True).stdout


def wait_until(is_so: Callable[[], bool], folder: Path) -> None:
    """Wait until something is so; TimeoutError with what the daemons said."""
    deadline = time.monotonic() + START_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            said = '\n'.join(path.read_text()[-2000:] for path in folder.glob('*.[lo]*[gt]'))
            raise TimeoutError(f'Slurm does not start:\n{said}')
        time.sleep(0.1)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.create_server(('127.0.0.1', 0)) as server:
        port: int = server.getsockname()[1]
    return port


def search_path() -> str:
    """Return PATH with the folders of daemons."""
    return os.pathsep.join([os.environ['PATH'], '/usr/sbin', '/sbin'])


if __name__ == '__main__':
    with slurm() as found:
        sys.exit(subprocess.run(sys.argv[1:], env={**os.environ, **found}).returncode)
