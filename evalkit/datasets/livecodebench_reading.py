"""LiveCodeBench's questions about what programs do (Jain et al., https://arxiv.org/abs/2403.07974):
the value of a call of given code ("execution"), and the output that a test of a function must have.

`execution-v2/test.jsonl` holds `{"code", "input", "output", ...}`, where the input is a call, and
`test_generation/test.jsonl` `{"question_content", "starter_code", "function_name", "test"}`, where
the test is JSON text. Both may be the published parquet files in `data/`, too.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset
from evalkit.evaluators import CodeEvaluator
from evalkit.postprocessors.code import last_python_block
from evalkit.sandbox import Program

ASK = (
    'You are given a Python function and an assertion with a call of it. Complete the assertion '
    'with a literal, neither an expression nor a call: what the function returns for that input, '
    'also where the function is wrong or unfinished. '
)
DIRECT = 'Write nothing but the whole assertion, between [ANSWER] and [/ANSWER].'
REASONED = (
    'Go through the program step by step first. Then write the whole assertion between [ANSWER] '
    'and [/ANSWER].'
)
EXAMPLE = (
    '[PYTHON]\ndef twice(text):\n    text = text + text\n    return "<" + text + ">"\n'
    'assert twice(text = "ab") == ??\n[/PYTHON]\n'
)
THOUGHT = (
    '[THOUGHT]\n`text` is "ab" and becomes "abab". The function puts "<" before it and ">" after '
    'it, so that it returns "<abab>".\n[/THOUGHT]\n'
)
ANSWER = '[ANSWER]\nassert twice(text = "ab") == "<abab>"\n[/ANSWER]\n'
QUESTION = '[PYTHON]\n{code}\nassert {input} == ??\n[/PYTHON]\n'

TAGGED = re.compile(r'\[ANSWER\](.*?)(?:\[/ANSWER\]|\Z)', re.DOTALL)
ASSERTION = re.compile(r'^\s*assert\b(.*)', re.MULTILINE)

PRELUDE = (
    'import collections, itertools, json, math, re, string\n'
    'from collections import *\nfrom typing import *\nfrom math import inf, nan\n'
)


def rows_of(path: str) -> list[dict[str, Any]]:
    """Read the rows of a folder or of the hub."""
    source = find_source(path)
    if isinstance(source, Path):
        file = source / 'test.jsonl' if source.is_dir() else source
        if file.is_file():
            return read_jsonl(file)
        source = HubDataset(str(source), f'there is no {file.name} in {source}')
    return source.rows('test')


class LCBCodeExecutionDataset(BaseDataset):
    """Rows with `prompt`, and `evaluation_sample`: code, input and output, the reference."""

    @staticmethod
    def load(path: str = 'opencompass/execution-v2', cot: bool = False) -> list[dict[str, Any]]:
        """Read the rows; with `cot` the model shall reason before it answers."""
        return [
            {
                **row,
                'prompt': execution_prompt(row, cot=cot),
                'evaluation_sample': {name: row[name] for name in ('code', 'input', 'output')},
            }
            for row in rows_of(path)
        ]


def execution_prompt(row: Mapping[str, str], *, cot: bool) -> str:
    """Return the question about a call, after an example."""
    question = QUESTION.format(code=row['code'], input=row['input'])
    ways = {True: (REASONED, THOUGHT, '[THOUGHT]\n'), False: (DIRECT, '', '[ANSWER]\n')}
    how, thought, opening = ways[cot]
    return f'{ASK}{how}\n\n{EXAMPLE}{thought}{ANSWER}\n{question}{opening}'


class LCBTestOutputPredictionDataset(BaseDataset):
    """Rows with `prompt`, and `evaluation_sample`: the output as JSON, the reference."""

    @staticmethod
    def load(path: str = 'opencompass/test_generation') -> list[dict[str, Any]]:
        """Read the rows."""
        return [with_test(row) for row in rows_of(path)]


def with_test(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its question."""
    test = json.loads(row['test'])[0]
    call = f'{row["function_name"]}({", ".join(test["input"].splitlines())})'
    prompt = (
        f'Problem:\n{row["question_content"]}\nFunction:\n```\n{row["starter_code"]}\n```\n'
        f'Please complete the following test case:\n\n```\nassert {call} == # TODO\n```\n'
    )
    return {**row, 'prompt': prompt, 'evaluation_sample': test['output']}


class LCBCodeExecutionEvaluator(CodeEvaluator):
    """`pass@1`: whether the literal of an answer equals what the code returns.

    An answer that repeats the call is wrong.
    """

    def program(self, output: Any, reference: Any) -> Program:
        """Compare what an answer says with the output, beside the code of the question."""
        claimed = stated_value(str(output))
        if reference['input'] in claimed:
            return Program(('',), 'raise AssertionError("the answer is the call itself")')
        tests = f'assert ({reference["output"]}) == CLAIMED'
        return Program((f'CLAIMED = ({claimed})',), tests, f'{PRELUDE}{reference["code"]}')


class LCBTestOutputEvaluator(CodeEvaluator):
    """`pass@1`: whether the value that an answer asserts equals the output of the test."""

    def program(self, output: Any, reference: Any) -> Program:
        """Compare what an answer says with the output, which is JSON."""
        claimed = stated_value(str(output))
        tests = f'import json\nassert CLAIMED == json.loads({str(reference)!r})'
        return Program((f'CLAIMED = ({claimed})',), tests, PRELUDE)


def stated_value(text: str) -> str:
    """Return what stands behind the `==` of the last assertion of an answer, or all that it says.

    It is looked for between the last `[ANSWER]` and `[/ANSWER]`, or in the last fenced block.
    """
    tagged = TAGGED.findall(text)
    said = tagged[-1] if tagged else last_python_block(text.split('[/ANSWER]')[0])
    asserted = ASSERTION.findall(said)
    statement = (asserted[-1] if asserted else said).strip()
    return statement.split('==', 1)[-1].strip()
