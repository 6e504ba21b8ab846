"""LiveCodeBench's first release (400 problems), and its two questions about what programs do."""

from evalkit.datasets import (
    LCBCodeExecutionDataset,
    LCBCodeExecutionEvaluator,
    LCBCodeGenerationDataset,
    LCBCodeGenerationEvaluator,
    LCBTestOutputEvaluator,
    LCBTestOutputPredictionDataset,
)
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

lcb_code_generation_reader_cfg = dict(
    input_columns=['question_content', 'format_prompt'], output_column='question_id'
)

lcb_code_generation_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt=(
                        '### Question:\n{question_content}\n\n{format_prompt}'
                        '### Answer: (use the provided format with backticks)\n\n'
                    ),
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=1024),
)

lcb_reading_reader_cfg = dict(input_columns=['prompt'], output_column='evaluation_sample')

lcb_code_execution_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            begin=[
                dict(
                    role='SYSTEM',
                    fallback_role='HUMAN',
                    prompt=(
                        'You are an expert at Python programming, code execution, test case '
                        'generation, and fuzzing.'
                    ),
                ),
            ],
            round=[dict(role='HUMAN', prompt='{prompt}')],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=1024),
)

lcb_test_output_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(round=[dict(role='HUMAN', prompt='{prompt}')]),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=1024),
)

LCB_datasets = [
    dict(
        abbr='lcb_code_generation',
        type=LCBCodeGenerationDataset,
        path='opencompass/code_generation_lite',
        reader_cfg=lcb_code_generation_reader_cfg,
        infer_cfg=lcb_code_generation_infer_cfg,
        eval_cfg=dict(evaluator=dict(type=LCBCodeGenerationEvaluator, timeout=6), pred_role='BOT'),
    ),
    dict(
        abbr='lcb_code_execution',
        type=LCBCodeExecutionDataset,
        path='opencompass/execution-v2',
        reader_cfg=lcb_reading_reader_cfg,
        infer_cfg=lcb_code_execution_infer_cfg,
        eval_cfg=dict(evaluator=dict(type=LCBCodeExecutionEvaluator), pred_role='BOT'),
    ),
    dict(
        abbr='lcb_test_output',
        type=LCBTestOutputPredictionDataset,
        path='opencompass/test_generation',
        reader_cfg=lcb_reading_reader_cfg,
        infer_cfg=lcb_test_output_infer_cfg,
        eval_cfg=dict(evaluator=dict(type=LCBTestOutputEvaluator), pred_role='BOT'),
    ),
]
