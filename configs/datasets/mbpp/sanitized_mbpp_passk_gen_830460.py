"""The checked problems by pass@k: raise `n`, and give the model a temperature."""

from mmengine.config import read_base

from evalkit.datasets import MBPPPassKEvaluator, SanitizedMBPPDataset

with read_base():
    from .sanitized_mbpp_gen_830460 import sanitized_mbpp_infer_cfg

sanitized_mbpp_datasets = [
    dict(
        abbr='sanitized_mbpp_passk',
        type=SanitizedMBPPDataset,
        path='opencompass/sanitized_mbpp',
        reader_cfg=dict(input_columns=['text', 'test_list', 'code'], output_column='test_column'),
        infer_cfg=sanitized_mbpp_infer_cfg,
        eval_cfg=dict(evaluator=dict(type=MBPPPassKEvaluator), pred_role='BOT'),
        n=1,
    )
]
