"""The commands by which others ask and score the same samples."""

from collections.abc import Callable, Mapping
from pathlib import Path

IN_FLIGHT = 256

LM_EVAL_TASK = """task: samples
dataset_path: json
dataset_kwargs: {{data_files: {{test: {path}}}}}
test_split: test
output_type: generate_until
doc_to_text: "{{{{question}}}}"
doc_to_target: "{{{{answer}}}}"
generation_kwargs: {{until: [], max_gen_toks: 64}}
metric_list: [{{metric: exact_match}}]
"""

INSPECT_TASK = """from inspect_ai import Task, task
from inspect_ai.dataset import FieldSpec, json_dataset
from inspect_ai.scorer import exact
from inspect_ai.solver import generate


@task
def samples():
    fields = FieldSpec(input='question', target='answer')
    return Task(dataset=json_dataset('samples.jsonl', fields), solver=generate(), scorer=exact())
"""

OPENCOMPASS_CONFIG = """from opencompass.datasets import CustomDataset
from opencompass.models import OpenAISDK
from opencompass.openicl.icl_evaluator import AccEvaluator
from opencompass.openicl.icl_inferencer import GenInferencer
from opencompass.openicl.icl_prompt_template import PromptTemplate
from opencompass.openicl.icl_retriever import ZeroRetriever

models = [dict(type=OpenAISDK, abbr='api', path='gpt-4', key='EMPTY', openai_api_base='{base}/',
               tokenizer_path='gpt-4', query_per_second=100000, batch_size={in_flight},
               max_workers={in_flight}, max_out_len=64, max_seq_len=4096, retry=2)]
datasets = [dict(
    type=CustomDataset, abbr='samples', path='{path}',
    reader_cfg=dict(input_columns=['question'], output_column='answer'),
    infer_cfg=dict(prompt_template=dict(type=PromptTemplate, template=dict(
        round=[dict(role='HUMAN', prompt='{{question}}')])),
        retriever=dict(type=ZeroRetriever), inferencer=dict(type=GenInferencer)),
    eval_cfg=dict(evaluator=dict(type=AccEvaluator), pred_role='BOT'))]
"""


def lm_eval(folder: Path, base: str, python: str) -> list[str]:
    """Return the command of lm-evaluation-harness."""
    (folder / 'samples.yaml').write_text(LM_EVAL_TASK.format(path=folder / 'samples.jsonl'))
    options = (
        f'model=m,base_url={base}/chat/completions,num_concurrent={IN_FLIGHT},'
        'tokenized_requests=False'
    )
    return [
        *(python, '-m', 'lm_eval', '--model', 'local-chat-completions', '--tasks', 'samples'),
        *('--model_args', options, '--include_path', str(folder), '--apply_chat_template'),
    ]


def inspect(folder: Path, base: str, python: str) -> list[str]:
    """Return the command of inspect, which finds the address in BENCH_BASE_URL."""
    (folder / 'inspect_samples.py').write_text(INSPECT_TASK)
    return [
        *(python, '-m', 'inspect_ai', 'eval', 'inspect_samples.py'),
        *('--model', 'openai-api/bench/m', '--max-connections', str(IN_FLIGHT)),
        *('--max-tokens', '64', '--display', 'none', '--log-dir', str(folder / 'inspect')),
    ]


def opencompass(folder: Path, base: str, python: str) -> list[str]:
    """Return the command of OpenCompass."""
    text = OPENCOMPASS_CONFIG.format(base=base, in_flight=IN_FLIGHT, path=folder / 'samples.jsonl')
    (folder / 'opencompass_samples.py').write_text(text)
    script = 'from opencompass.cli.main import main; main()'
    return [python, '-c', script, 'opencompass_samples.py', '-w', str(folder / 'opencompass')]


PEERS: Mapping[str, Callable[[Path, str, str], list[str]]] = {
    'lm-eval': lm_eval,
    'inspect': inspect,
    'opencompass': opencompass,
}
