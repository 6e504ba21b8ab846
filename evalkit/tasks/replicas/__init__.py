"""One model in several engines at once: who is handed which request, and what comes back."""

from evalkit.tasks.replicas.base import Answered, Event, Lost, Ready, Replicas
from evalkit.tasks.replicas.deal import deal
from evalkit.tasks.replicas.model import ReplicatedModel
from evalkit.tasks.replicas.queue import ChunkQueue
from evalkit.tasks.replicas.ray_cluster import NoClusterError
from evalkit.tasks.replicas.ray_replicas import RayReplicas
from evalkit.tasks.replicas.server import EngineServer

__all__ = [
    'Answered',
    'ChunkQueue',
    'EngineServer',
    'Event',
    'Lost',
    'NoClusterError',
    'RayReplicas',
    'Ready',
    'Replicas',
    'ReplicatedModel',
    'deal',
]
