"""GAOKAO-Bench: its choice questions; the others need a judge."""

from mmengine.config import read_base

with read_base():
    from .GaokaoBench_mcq_gen import GaokaoBench_datasets
