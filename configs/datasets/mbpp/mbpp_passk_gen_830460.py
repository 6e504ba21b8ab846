"""MBPP by pass@k: raise `n`, and give the model a temperature."""

from mmengine.config import read_base

from evalkit.datasets import MBPPDatasetV2, MBPPPassKEvaluator

with read_base():
    from .mbpp_gen_830460 import mbpp_infer_cfg

mbpp_datasets = [
    dict(
        abbr='mbpp_passk',
        type=MBPPDatasetV2,
        path='opencompass/mbpp',
        reader_cfg=dict(input_columns=['text', 'test_list', 'code'], output_column='test_column'),
        infer_cfg=mbpp_infer_cfg,
        eval_cfg=dict(evaluator=dict(type=MBPPPassKEvaluator), pred_role='BOT'),
        n=1,
    )
]
