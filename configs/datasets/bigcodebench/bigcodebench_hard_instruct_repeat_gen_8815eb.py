"""BigCodeBench's harder problems, five answers each, G-Pass@3 (give the model a temperature)."""

from mmengine.config import read_base

from evalkit.datasets import BigCodeBenchDataset

with read_base():
    from .bigcodebench_hard_instruct_gen_8815eb import (
        bigcodebench_eval_cfg,
        bigcodebench_infer_cfg,
        bigcodebench_reader_cfg,
    )

bigcodebench_hard_instruct_datasets = [
    dict(
        abbr='bigcodebench_hard_instruct_repeat',
        type=BigCodeBenchDataset,
        path='opencompass/bigcodebench',
        reader_cfg=bigcodebench_reader_cfg,
        infer_cfg=bigcodebench_infer_cfg,
        eval_cfg=bigcodebench_eval_cfg,
        dataset_version='hard',
        n=5,
        k=3,
    )
]
