"""MBPP, five answers to a problem, and G-Pass@3 (give the model a temperature)."""

from mmengine.config import read_base

from evalkit.datasets import MBPPDataset, MBPPEvaluator

with read_base():
    from .mbpp_gen_830460 import mbpp_infer_cfg, mbpp_reader_cfg

mbpp_datasets = [
    dict(
        abbr='mbpp',
        type=MBPPDataset,
        path='opencompass/mbpp',
        reader_cfg=mbpp_reader_cfg,
        infer_cfg=mbpp_infer_cfg,
        eval_cfg=dict(evaluator=dict(type=MBPPEvaluator), pred_role='BOT'),
        n=5,
        k=3,
    )
]
