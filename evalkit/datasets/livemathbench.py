"""LiveMathBench: competition problems in English and Chinese, asked many times (Liu et al.,
https://arxiv.org/abs/2412.13147, which defines G-Pass@k).

`<version>/<split>_<language>.jsonl` holds `{"question", "answer", "question_type"}`. With `n` and
`k` of a dataset config the table has G-Pass@k and mG-Pass@k.
"""

from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset
from evalkit.errors import ConfigError
from evalkit.evaluators import MATHVerifyEvaluator

PLACE = 'opencompass/LiveMathBench'

PROMPTS = {
    ('cn', True): '下面是一个数学问题，请逐步推理，并把最终答案放置于\\boxed{{}}中。\n{question}\n',
    ('cn', False): '下面是一个数学问题，并把最终答案放置于\\boxed{{}}中。\n{question}\n',
    ('en', True): 'Here is a math question, please reasoning step by step, and put your answer in '
    '\\boxed{{}}.\n{question}\n',
    ('en', False): 'Here is a math question, and put your answer in \\boxed{{}}.\n{question}\n',
}
"""By language, and whether the model shall reason: the wording of the paper's code."""


class LiveMathBenchDataset(BaseDataset):
    """Rows with `prompt`, `question` and `answer`."""

    @staticmethod
    def load(
        path: str = PLACE,
        dataset_splits: Sequence[str] = ('CNMO', 'CCEE', 'AMC', 'WLPMC'),
        dataset_languages: Sequence[str] = ('cn', 'en'),
        cot: bool = True,
        version: str = '202412',
    ) -> list[dict[str, Any]]:
        """Read the splits in the languages, one after the other; an empty `path` is the usual."""
        source = find_source(path or PLACE)
        return [
            {**row, 'prompt': PROMPTS[language, cot].format(question=row['question'])}
            for split, language in product(dataset_splits, dataset_languages)
            for row in read_part(source, version, split, language)
        ]


def read_part(
    source: Path | HubDataset, version: str, split: str, language: str
) -> list[dict[str, Any]]:
    """Read a split in a language."""
    if isinstance(source, HubDataset):
        return source.rows('test', f'v{version}_{split}_{language}')
    return read_jsonl(source / version / f'{split}_{language}.jsonl')


class LiveMathBenchEvaluator(MATHVerifyEvaluator):
    """`accuracy` by math-verify; OpenCompass's `url` and `model_name` of a judge must be empty.

    With a judge, `GenericLLMEvaluator` or `CascadeEvaluator` does what they did.
    """

    def __init__(
        self,
        model_name: str = '',
        url: str | Sequence[str] = (),
        use_extract_model: bool = False,
        extract_url: str | Sequence[str] = (),
        extract_model_name: str = '',
        seconds: float = 10.0,
    ) -> None:
        super().__init__(seconds)
        if model_name or url or use_extract_model or extract_url or extract_model_name:
            raise ConfigError(
                'LiveMathBenchEvaluator asks no judge: leave model_name and url empty, or use '
                'CascadeEvaluator with a GenericLLMEvaluator'
            )
