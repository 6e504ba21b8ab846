"""LiveCodeBench's fourth part, the problems that the fourth release has added."""

from mmengine.config import read_base

from evalkit.datasets import LCBCodeGenerationDataset, LCBCodeGenerationEvaluator

with read_base():
    from .livecodebench_gen_b2b0fd import (
        lcb_code_generation_infer_cfg,
        lcb_code_generation_reader_cfg,
    )

lcb_code_generation_eval_cfg = dict(
    evaluator=dict(type=LCBCodeGenerationEvaluator, timeout=6, release_version='v4'),
    pred_role='BOT',
)

LCB_datasets = [
    dict(
        abbr='lcb_code_generation_split_v4',
        type=LCBCodeGenerationDataset,
        path='opencompass/code_generation_lite',
        reader_cfg=lcb_code_generation_reader_cfg,
        infer_cfg=lcb_code_generation_infer_cfg,
        eval_cfg=lcb_code_generation_eval_cfg,
        release_version='v4',
    )
]
