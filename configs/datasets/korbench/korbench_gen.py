"""KOR-Bench as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .korbench_single_0_shot_gen import korbench_datasets
