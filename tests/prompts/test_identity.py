import json
import subprocess
import sys
from typing import Any

import pytest

from evalkit.prompts import FixKRetriever, PromptTemplate, ZeroRetriever, prompt_hash

TEMPLATE = {'type': PromptTemplate, 'template': '{q}'}
CFG = {'prompt_template': TEMPLATE, 'retriever': {'type': ZeroRetriever}}
PINNED = 'fe3e90'


def test_the_hash_of_a_prompt_is_pinned_and_the_same_in_every_process() -> None:
    script = (
        'from evalkit.prompts import *; '
        "print(prompt_hash({'retriever': {'type': ZeroRetriever}, "
        "'prompt_template': {'template': '{q}', 'type': PromptTemplate}}))"
    )
    printed = subprocess.run(
        [sys.executable, '-c', script], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == prompt_hash(CFG) == PINNED


@pytest.mark.parametrize(
    'spelling',
    [
        'PromptTemplate',
        'evalkit.prompts.PromptTemplate',
        'evalkit.prompts.template.PromptTemplate',
        'opencompass.openicl.icl_prompt_template.PromptTemplate',
    ],
)
def test_every_spelling_of_a_type_has_the_same_hash(spelling: str) -> None:
    cfg = {**CFG, 'prompt_template': {**TEMPLATE, 'type': spelling}}
    assert prompt_hash(cfg) == prompt_hash(CFG)


def test_a_task_file_which_is_json_has_the_same_hash() -> None:
    template = {'type': 'PromptTemplate', 'template': {0: 'no', 1: 'yes'}}
    retriever = {'type': 'FixKRetriever', 'fix_id_list': (0, 1)}
    cfg = {'ice_template': template, 'retriever': retriever}
    assert prompt_hash(json.loads(json.dumps(cfg))) == prompt_hash(cfg)


@pytest.mark.parametrize(
    'change',
    [
        {'prompt_template': {**TEMPLATE, 'template': '{q} '}},
        {'retriever': {'type': FixKRetriever, 'fix_id_list': [0]}},
        {'retriever': {'type': ZeroRetriever, 'ice_eos_token': '\n'}},
        {'ice_template': TEMPLATE},
        {'inferencer': {'labels': ['A', 'B']}},
    ],
)
def test_what_changes_a_prompt_changes_the_hash(change: dict[str, Any]) -> None:
    assert prompt_hash({**CFG, **change}) != prompt_hash(CFG)


def test_what_changes_no_prompt_leaves_the_hash() -> None:
    cfg = {**CFG, 'inferencer': {'max_out_len': 7, 'batch_size': 2}, 'ice_template': None}
    assert prompt_hash(cfg) == prompt_hash(CFG)
