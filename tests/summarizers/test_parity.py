"""The comparison of probes, and the causes that it names."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evalkit.summarizers.parity import Agreement, agreements
from evalkit.summarizers.parity_table import notes, parity_table, write_parity
from evalkit.tasks.probes import Probe, Probed

BOS = 1

ITEM = Probed(
    dataset='data',
    index=0,
    number=0,
    is_generation=True,
    prompt_text='<s>ask',
    prompt_ids=(BOS, 10, 11),
    prompt_tokens=3,
    text='four five',
    token_ids=(20, 21),
    finish_reason='stop',
    logprob=-2.0,
    num_tokens=2,
    is_greedy=True,
)


def probe(*items: Probed, dtype: str = 'float32', **fields: Any) -> Probe:
    engine = {'engine': 'vllm', 'version': '0.32.0', 'dtype': dtype}
    return Probe(engine, fields.pop('bos_token_id', BOS), items, **fields)


def compared(other: Probe, reference: Probe | None = None) -> Agreement:
    [line] = agreements('m', 'vllm', reference or probe(ITEM), other, ['data'])
    return line


def cause(other: Probe, reference: Probe | None = None) -> str | None:
    found = compared(other, reference).difference
    return None if found is None else found.cause


def test_equal_backends_are_equal_in_everything() -> None:
    line = compared(probe(replace(ITEM, logprob=-2.0001)))
    assert line == Agreement(
        'm', 'data', 'vllm', 'vllm 0.32.0 float32', 1, 1, 1, 1, 1, line.max_gap
    )
    assert line.max_gap == pytest.approx(5e-5)
    assert line.is_equal


@pytest.mark.parametrize(
    ('changes', 'expected'),
    [
        ({'prompt_ids': (BOS, BOS, 10, 11), 'prompt_text': '<s><s>ask'}, 'a doubled BOS'),
        ({'prompt_ids': (10, 11), 'prompt_text': 'ask'}, 'a missing BOS'),
        ({'prompt_ids': (BOS, 12), 'prompt_text': '<s>Ask'}, 'another chat template'),
        ({'prompt_ids': (BOS, 10, 12, 13)}, 'another tokenizer'),
        ({'prompt_ids': None, 'prompt_tokens': 4}, 'a doubled BOS'),
        ({'prompt_ids': None, 'prompt_tokens': 2}, 'a missing BOS'),
        ({'prompt_ids': None, 'prompt_tokens': 30}, 'another chat template'),
        ({'text': 'four five six', 'finish_reason': 'length'}, 'a stop word or end token'),
        ({'text': 'four seven', 'is_greedy': True}, 'sampling that is not greedy'),
        ({'text': 'four seven', 'is_greedy': False, 'logprob': -9.0}, 'other weights'),
        ({'text': 'four seven', 'is_greedy': False}, 'rounding'),
        ({'text': 'four seven', 'is_greedy': False, 'logprob': None}, 'unknown'),
        ({'logprob': -9.0}, 'other weights'),
        ({'logprob': -2.01}, 'another precision inside'),
        ({'error': 'context_length: too long'}, 'a request failed'),
    ],
)
def test_a_difference_has_a_likely_cause(changes: dict[str, Any], expected: str) -> None:
    assert cause(probe(replace(ITEM, **changes))) == expected


def test_answers_that_were_cut_at_other_lengths_tell_of_another_limit() -> None:
    long = probe(replace(ITEM, finish_reason='length'))
    short = probe(replace(ITEM, text='four', finish_reason='length'))
    assert cause(short, long) == 'another length limit'


def test_another_dtype_explains_another_answer_and_more_distance() -> None:
    far = replace(ITEM, text='four seven', is_greedy=False, logprob=-2.2)
    assert cause(probe(far, dtype='bfloat16')) == 'another dtype'
    assert cause(probe(replace(ITEM, logprob=-2.2), dtype='bfloat16')) == 'another dtype'
    assert cause(probe(replace(ITEM, logprob=-2.05), dtype='bfloat16')) is None


def test_what_others_follow_from_is_named_first() -> None:
    other_text = replace(ITEM, text='no', is_greedy=False)
    other_prompt = replace(ITEM, index=1, prompt_ids=(BOS, BOS, 10, 11))
    reference = probe(ITEM, replace(ITEM, index=1))
    line = compared(probe(other_text, other_prompt), reference)
    assert line.difference is not None
    assert line.difference.place == 'sample 1'
    assert line.difference.shown == ('prompt token 1: [1, 10, 11], and [10, 11] on the reference')
    assert (line.num_prompts_equal, line.num_texts_equal, line.num_prompts) == (1, 1, 2)


def test_a_difference_of_answers_shows_both_from_there_on() -> None:
    line = compared(probe(replace(ITEM, text='four six', token_ids=(20, 22), is_greedy=False)))
    assert line.difference is not None
    assert line.difference.shown == (
        "answer from character 5 (token 1): 'six' (stop), and 'five' (stop) on the reference"
    )


def test_what_a_server_does_not_tell_is_not_compared() -> None:
    server = replace(ITEM, prompt_ids=None, prompt_tokens=0, token_ids=(), logprob=None)
    line = compared(probe(server, no_logprobs='it cannot'))
    assert (line.num_prompts, line.num_texts, line.num_logprobs) == (0, 1, 0)
    assert line.is_equal
    assert notes([line]) == ['vllm: no log-probabilities: it cannot']


def test_scored_options_have_no_greedy_answer() -> None:
    option = replace(ITEM, is_generation=False, text='', finish_reason='')
    line = compared(probe(option), probe(option))
    assert (line.num_prompts_equal, line.num_texts, line.num_logprobs) == (1, 0, 1)


def test_the_table_and_its_files_name_the_causes(tmp_path: Path) -> None:
    doubled = compared(probe(replace(ITEM, prompt_ids=(BOS, BOS, 10, 11))))
    failed = Agreement('m', 'data', 'sglang', error='sglang is not installed')
    lines = [compared(probe(ITEM)), doubled, failed]
    assert [list(row) for row in parity_table(lines).rows] == [
        ['data', 'vllm', 'vllm 0.32.0 float32', '1/1', '1/1', '0.0e+00', 'equal'],
        ['data', 'vllm', 'vllm 0.32.0 float32', '0/1', '1/1', '0.0e+00', 'a doubled BOS'],
        ['data', 'sglang', '-', '-', '-', '-', 'FAILED (sglang is not installed)'],
    ]
    write_parity(lines, tmp_path)
    saved = json.loads((tmp_path / 'parity.json').read_text())['lines']
    assert [(line['difference'] or {}).get('cause') for line in saved] == [
        None,
        'a doubled BOS',
        None,
    ]
    assert 'FAILED sglang on data: sglang is not installed' in (tmp_path / 'parity.md').read_text()
    assert (tmp_path / 'parity.csv').read_text().startswith('model,dataset,backend,engine,')
