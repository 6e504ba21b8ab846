"""What one process does: ask a model, or score its answers."""

from evalkit.tasks.base import Shard, Task
from evalkit.tasks.run import run_task

__all__ = ['Shard', 'Task', 'run_task']
