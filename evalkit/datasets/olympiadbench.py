"""OlympiadBench: problems of mathematics and physics olympiads, in English and Chinese (He et al.,
https://arxiv.org/abs/2402.14008).

`<name>.json`, such as OE_TO_maths_en_COMP.json (open-ended, text only), is a list of problems with
`question`, `final_answer`, `answer_type`, `is_multiple_answer`, `unit` and `error`.
"""

from collections.abc import Mapping
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_json_list
from evalkit.evaluators import MATHVerifyEvaluator
from evalkit.evaluators.math_answer import final_answer
from evalkit.evaluators.math_text import number_of, one_spelling
from evalkit.prompts import PromptTemplate, RawPromptTemplate

KINDS = {
    'Numerical': ('a numerical value', '数值'),
    'Expression': ('an expression', '表达式'),
    'Equation': ('an equation', '方程'),
    'Interval': ('an interval', '区间'),
}
"""What an answer may be, in English and in Chinese."""

COLUMNS = ('language', 'subject', 'question_type', 'answer_type', 'is_multiple_answer', 'unit')


class OlympiadBenchDataset(BaseDataset):
    """Rows with `problem`, `instruction`, the first of the final answers as `solution`, and
    `reference`, which has all of them and the `error` that a number may have.
    """

    @staticmethod
    def load(path: str, name: str) -> list[dict[str, Any]]:
        """Read the file of a category."""
        return [row_of(raw) for raw in read_json_list(find_data(path) / f'{name}.json')]


def row_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a problem as prompts and evaluators need it; a proof has no answer."""
    answers = [str(each) for each in raw.get('final_answer') or ['']]
    facts = {name: raw.get(name) for name in COLUMNS}
    return {
        **facts,
        'problem': raw['question'],
        'instruction': instruction(facts),
        'advice': (
            '请通过逐步推理来解答问题，并把最终答案放置于\\boxed{}中。'
            if is_chinese(facts)
            else 'Please reason step by step, and put your final answer within \\boxed{}.'
        ),
        'solution': answers[0],
        'reference': {'answers': answers, 'error': raw.get('error')},
        'questions': dict(raw),
    }


def is_chinese(facts: Mapping[str, Any]) -> bool:
    """Whether a problem is asked in Chinese."""
    return bool(facts['language'] == 'Chinese')


def instruction(facts: Mapping[str, Any]) -> str:
    """Return what stands before a problem, in the wording of the benchmark."""
    if is_chinese(facts):
        return chinese_instruction(facts)
    subject = 'Math' if facts['subject'] == 'Math' else 'Physics'
    if facts['question_type'] == 'Theorem proof':
        return (
            f'The following is a theorem proving problem from an International {subject} '
            'competition. Please use logical reasoning and common theorems to prove the '
            'proposition in the problem according to the given requirements. Please use LaTeX '
            'format to represent the variables and formulas used in the proof.'
        )
    several = facts['is_multiple_answer']
    answer = 'multiple answers connected with commas' if several else 'answer'
    unit = ', note that the unit of the answer should not be included in \\boxed{}'
    return (
        f'The following is an open-ended problem from an International {subject} competition. '
        f'{kind_sentence(facts)}Please calculate the answer according to the given requirements '
        'and the information provided. Please use LaTeX format to represent the variables and '
        'formulas used in the solution process and results. Please end your solution with "So the '
        f'final answer is \\boxed{{{answer}}}'
        f'{"(unit)" if facts["unit"] else ""}." and give the result explicitly'
        f'{unit if facts["unit"] else ""}.'
    )


def chinese_instruction(facts: Mapping[str, Any]) -> str:
    """Return the same in Chinese."""
    subject = '数学' if facts['subject'] == 'Math' else '物理'
    if facts['question_type'] == 'Theorem proof':
        return (
            f'以下是中国{subject}竞赛中的证明题。请根据题目的要求，运用逻辑推理及常用定理证明题目中的命题。'
            '证明过程中使用的变量和公式请使用LaTeX格式表示。'
        )
    answer = '用英文逗号连接的多个答案' if facts['is_multiple_answer'] else '答案'
    unit = '，注意答案的单位不要放在\\boxed{}中' if facts['unit'] else ''
    return (
        f'以下是中国{subject}竞赛中的解答题{kind_sentence(facts)}。请根据题目的要求和所提供的信息计算得出答案。'
        '解答过程和结果中使用的变量和公式请使用LaTeX格式表示。请在最后以"所以最终答案是'
        f'\\boxed{{{answer}}}{"(单位)" if facts["unit"] else ""}。"显式给出结果{unit}。'
    )


def kind_sentence(facts: Mapping[str, Any]) -> str:
    """Return what is said of the kind of the answer, or of the kinds of several."""
    types = str(facts['answer_type'] or '')
    if not types or 'Need_human_evaluate' in types or 'Tuple' in types:
        return ''
    language = int(is_chinese(facts))
    parts = types.split(',')
    each = [kind[language] for part in parts for name, kind in KINDS.items() if name in part]
    is_one_kind = len(set(each)) == 1
    if language:
        listed = each[0] if is_one_kind else '、'.join(each)
        several = f'，题目有多个答案，答案类型{"均" if is_one_kind else "分别"}为{listed}'
        return several if facts['is_multiple_answer'] else f'，答案类型为{each[0]}'
    if not facts['is_multiple_answer']:
        return f'The answer of The problem should be {each[0]}. '
    if is_one_kind:
        return f'The problem has multiple answers, each of them should be {each[0]}. '
    return f'The problem has multiple answers, with the answers in order being {", ".join(each)}. '


PROMPT = '{instruction}\n{problem}\n\n{advice}'


class OlympiadBenchTemplate(PromptTemplate):
    """The prompt of a problem: its instruction, itself, and the advice to reason."""

    def __init__(self) -> None:
        super().__init__({'round': [{'role': 'HUMAN', 'prompt': PROMPT}]})


class OlympiadBenchRawTemplate(RawPromptTemplate):
    """The same as a message of the user."""

    def __init__(self) -> None:
        super().__init__([{'role': 'user', 'content': PROMPT}])


def olympiadbench_postprocess_v2(text: str) -> str:
    """Return the answer that a solution states, or ''."""
    return final_answer(text) or ''


class OlympiadBenchEvaluator(MATHVerifyEvaluator):
    """`accuracy`: whether an answer means the same as the reference, or is a number within `error`.

    A reference is a text, or a mapping of `answers` and `error`. `version` is accepted for
    OpenCompass's configs and has no effect.
    """

    def __init__(self, version: str = 'v1', seconds: float = 10.0) -> None:
        super().__init__(seconds)

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        """Compare the answer."""
        if not isinstance(reference, Mapping):
            return super().score(output, reference)
        wanted, error = ', '.join(reference['answers']), reference.get('error')
        if error and is_within(str(output), wanted, str(error)):
            return {'accuracy': 1.0}
        return super().score(output, wanted)


def is_within(output: str, wanted: str, error: str) -> bool:
    """Whether both are numbers that differ by no more than `error`."""
    answer = final_answer(output) or output
    numbers = [number_of(one_spelling(text.strip(' $'))) for text in (answer, wanted, error)]
    given, right, allowed = numbers
    if given is None or right is None or allowed is None:
        return False
    return bool(abs(given - right) <= allowed)
