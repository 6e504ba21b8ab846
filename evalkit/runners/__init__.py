"""Runners: where tasks run, and what happens when one fails."""

from evalkit.runners.base import BaseRunner
from evalkit.runners.local import LocalRunner
from evalkit.runners.ray import RayRunner
from evalkit.runners.slurm import SlurmRunner
from evalkit.runners.status import TaskStatus

__all__ = ['BaseRunner', 'LocalRunner', 'RayRunner', 'SlurmRunner', 'TaskStatus']
