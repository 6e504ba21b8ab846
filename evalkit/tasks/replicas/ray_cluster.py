"""Starts Ray on this machine, or joins a cluster, without a word on the terminal."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from evalkit.errors import BackendError, ConfigError
from evalkit.tasks.base import OnRay, Task

CONNECT_SECONDS = 20.0

QUIET = {
    'RAY_USAGE_STATS_ENABLED': '0',
    'RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO': '0',
    'RAY_DEDUP_LOGS': '1',
}
"""Nothing is reported to others, and warnings that concern nobody are left out."""


class NoClusterError(ConfigError):
    """Nobody answers at the address of a Ray cluster."""


def connect(place: OnRay) -> Any:
    """Return the module `ray`, connected; ConfigError if it is missing, or nobody answers."""
    check_address(place.address)
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    try:
        import ray
    except ImportError as error:
        raise ConfigError("ray is not installed: pip install 'evalkit[ray]'") from error
    quiet = {'log_to_driver': False, 'logging_level': 'ERROR'}
    where = {'address': place.address} if place.address else local(place)
    try:
        with signals_kept():
            ray.init(**where, **quiet, runtime_env=place.runtime_env)
    except ConnectionError as error:
        raise NoClusterError(
            f'no Ray cluster answers at {place.address}: {first_line(error)}'
        ) from error
    except (RuntimeError, OSError, ValueError) as error:
        raise BackendError(f'Ray does not start: {first_line(error)}') from error
    return ray


def check_address(address: str | None) -> None:
    """Raise ConfigError if nobody listens there: Ray itself would try for minutes."""
    host, colon, port = (address or '').rpartition(':')
    if not colon or '/' in host:  # 'auto', or the address of a Ray client
        return
    try:
        socket.create_connection((host, int(port)), CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        raise NoClusterError(f'no Ray cluster answers at {address}: {error}') from error


def local(place: OnRay) -> dict[str, Any]:
    """Return how Ray is started here: with room for all replicas, however few cores there are."""
    num_cpus = max(num_cores(), place.num_replicas)
    return {'address': 'local', 'num_cpus': num_cpus, 'include_dashboard': False}


def resources(ray: Any, task: Task) -> dict[str, Any]:
    """Return what an actor needs; `num_gpus` of the `run_cfg`, where there are any GPUs.

    An engine that places its own workers on Ray takes the GPUs itself.
    """
    assert task.on_ray is not None
    model_kwargs = task.model.get('model_kwargs') or {}
    has_own_workers = model_kwargs.get('distributed_executor_backend') == 'ray'
    has_gpus = task.on_ray.address is not None or ray.cluster_resources().get('GPU', 0)
    num_gpus = task.num_gpus if has_gpus and not has_own_workers else 0
    cores = 1 if task.on_ray.address or num_gpus else num_cores() // task.on_ray.num_replicas
    return {'num_gpus': num_gpus, 'num_cpus': max(1, cores)}


def num_cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count() or 1


@contextmanager
def signals_kept() -> Iterator[None]:
    """Give signals back to those who had them: Ray takes SIGTERM for itself."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def first_line(error: Exception) -> str:
    """Return the first line of an error that has many."""
    return str(error).strip().split('\n')[0]
