from .base import Shard as Shard
from .base import Task as Task
from .run import run_task as run_task
