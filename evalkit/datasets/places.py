"""Where the data of benchmarks lie, by the names that OpenCompass's configs give as `path`."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The paths below a data folder that a benchmark may have, and its id on the hub."""

    local: tuple[str, ...]
    hub: str | None = None


def place(*local: str, hub: str | None = None) -> Place:
    """Return the place of a benchmark; the first path is OpenCompass's own."""
    return Place(tuple(f'data/{path}' for path in local), hub)


PLACES: Mapping[str, Place] = {
    'opencompass/LiveMathBench': place('LiveMathBench', hub='opencompass/LiveMathBench'),
    'opencompass/LiveMathBench202412': place('LiveMathBench', hub='opencompass/LiveMathBench'),
    'opencompass/Longbench': place('Longbench', hub='THUDM/LongBench'),
    'opencompass/OlympiadBench': place('OlympiadBench'),
    'opencompass/GAOKAO-BENCH': place('GAOKAO-BENCH/data'),
    'opencompass/agieval': place('AGIEval/data/v1'),
    'data/ifeval/input_data.jsonl': place('ifeval/input_data.jsonl', hub='google/IFEval'),
    'opencompass/ai2_arc-dev': place('ARC/ARC-c/ARC-Challenge-Dev.jsonl', hub='allenai/ai2_arc'),
    'opencompass/ai2_arc-easy-dev': place('ARC/ARC-e/ARC-Easy-Dev.jsonl', hub='allenai/ai2_arc'),
    'opencompass/ai2_arc-test': place('ARC/ARC-c/ARC-Challenge-Test.jsonl', hub='allenai/ai2_arc'),
    'opencompass/bbh': place('BBH/data', 'bbh/bbh'),
    'opencompass/aime2024': place('aime.jsonl', 'aime2024/aime.jsonl'),
    'opencompass/aime2025': place('aime2025/aime2025.jsonl'),
    'opencompass/boolq': place('SuperGLUE/BoolQ/val.jsonl', hub='google/boolq'),
    'opencompass/ceval-exam': place('ceval/formal_ceval', hub='ceval/ceval-exam'),
    'opencompass/cmmlu': place('cmmlu'),
    'opencompass/code_generation_lite': place('code_generation_lite'),
    'opencompass/execution-v2': place('execution-v2', hub='livecodebench/execution-v2'),
    'opencompass/test_generation': place('test_generation', hub='livecodebench/test_generation'),
    'opencompass/bigcodebench': place('bigcodebench', hub='bigcode/bigcodebench'),
    'opencompass/commonsense_qa': place('commonsenseqa', hub='tau/commonsense_qa'),
    'opencompass/gsm8k': place('gsm8k', hub='openai/gsm8k'),
    'opencompass/hellaswag': place(
        'hellaswag/hellaswag.jsonl', 'hellaswag/hellaswag_val.jsonl', hub='Rowan/hellaswag'
    ),
    'opencompass/hellaswag_ice': place('hellaswag'),
    'opencompass/korbench': place('korbench'),
    'opencompass/humaneval': place(
        'humaneval/human-eval-v2-20210705.jsonl',
        'humaneval/HumanEval.jsonl',
        'humaneval/HumanEval.jsonl.gz',
        hub='openai/openai_humaneval',
    ),
    'opencompass/lambada': place('lambada/test.jsonl'),
    'opencompass/math': place('math'),
    'opencompass/mbpp': place('mbpp/mbpp.jsonl', hub='google-research-datasets/mbpp'),
    'opencompass/mmlu': place('mmlu', hub='cais/mmlu'),
    'opencompass/mmlu_pro': place('mmlu_pro', hub='TIGER-Lab/MMLU-Pro'),
    'opencompass/musr': place('musr'),
    'opencompass/natural_question': place('nq'),
    'opencompass/nq_open': place('nq-open', hub='google-research-datasets/nq_open'),
    'opencompass/openbookqa_fact': place(
        'openbookqa/Additional/test_complete.jsonl', hub='allenai/openbookqa'
    ),
    'opencompass/openbookqa_test': place('openbookqa/Main/test.jsonl', hub='allenai/openbookqa'),
    'opencompass/piqa': place('piqa'),
    'opencompass/race': place('race', hub='ehovy/race'),
    'opencompass/simpleqa': place('simpleqa/simple_qa_test_set.csv'),
    'opencompass/sanitized_mbpp': place(
        'mbpp/sanitized-mbpp.jsonl', 'mbpp/sanitized-mbpp.json', hub='google-research-datasets/mbpp'
    ),
    'opencompass/siqa': place('siqa'),
    'opencompass/trivia_qa': place('triviaqa', hub='mandarjoshi/trivia_qa'),
    'opencompass/winogrande': place('winogrande', hub='allenai/winogrande'),
}
"""Other paths are taken as they are."""
