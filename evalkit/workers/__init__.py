"""Work that may never end or kill its process, done in processes that can be killed."""

from evalkit.workers.crew import Crew, num_cores
from evalkit.workers.failure import describe_failure
from evalkit.workers.worker import Lost, Service

__all__ = ['Crew', 'Lost', 'Service', 'describe_failure', 'num_cores']
