"""Partitioners: how models and datasets become tasks."""

from evalkit.partitioners.base import BasePartitioner
from evalkit.partitioners.naive import NaivePartitioner
from evalkit.partitioners.num_worker import NumWorkerPartitioner
from evalkit.partitioners.scoring import ScoringPartitioner
from evalkit.partitioners.size import SizePartitioner

__all__ = [
    'BasePartitioner',
    'NaivePartitioner',
    'NumWorkerPartitioner',
    'ScoringPartitioner',
    'SizePartitioner',
]
