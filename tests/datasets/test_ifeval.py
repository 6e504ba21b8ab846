"""IFEval: the prompts as they are, strict and loose accuracies by prompt and by instruction."""

from pathlib import Path

import pytest

from evalkit.config import build
from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_the_prompt_is_asked_as_it_is() -> None:
    cfg = config('IFEval_gen')
    assert [row.reference['key'] for row in samples_of(cfg)] == [1000, 1001, 1002]
    assert prompts(cfg, chat=True)[2] == [{'role': 'user', 'content': 'Name the sea in JSON.\n'}]


def test_four_accuracies(tmp_path: Path) -> None:
    answers = {
        'tea': 'Tea:\n* green\n* black',  # both
        'capitals': 'YES. That is all.\nBye',  # loosely, without its last line
        'JSON': '{"name": "sea"}',  # one of two
    }
    found = score(tmp_path, config('IFEval_gen_3321a3'), answers=answers)
    assert found == {
        'Prompt-level-strict-accuracy': pytest.approx(100 / 3),
        'Inst-level-strict-accuracy': pytest.approx(60.0),
        'Prompt-level-loose-accuracy': pytest.approx(200 / 3),
        'Inst-level-loose-accuracy': pytest.approx(80.0),
    }


def test_loosely_a_response_may_be_without_its_first_line_or_its_asterisks() -> None:
    evaluator = build({'type': 'opencompass.datasets.IFEvaluator'})
    reference = {'instruction_id_list': ['startend:quotation'], 'kwargs': [{}]}
    for response in ('Sure:\n"Well."', '*"Well."*', 'Sure:\n**"Well."**\nBye', '"Well."\nBye'):
        scores = evaluator.score(response, reference)
        assert list(scores.values()) == [0.0, 0.0, 1.0, 1.0]
