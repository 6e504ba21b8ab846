"""The same greedy answers as Hugging Face, each with its own parameters, as soon as it is there."""

import re

from evalkit.types import Completion, GenerationParams, Request
from tests.engines.conftest import EngineCase
from tests.engines.host import HostedModel

PROMPTS = [
    'the quick brown fox',
    'the answer is',
    'question: what is the sum of 1 and 2? answer:',
    'x',
    'jumps over the lazy dog ' * 5,
]


def ask(key: str, prompt: str, max_out_len: int, **params: object) -> Request:
    return Request(key, prompt, GenerationParams(max_out_len=max_out_len, **params))  # type: ignore[arg-type]


def without_cache(completions: dict[str, Completion]) -> dict[str, tuple[object, ...]]:
    """What has to be equal on all engines."""
    return {
        key: (answer.text, answer.finish_reason, answer.usage.prompt_tokens,
              answer.usage.output_tokens, answer.error)
        for key, answer in completions.items()
    }  # fmt: skip


def test_greedy_answers_are_those_of_hugging_face(
    case: EngineCase, model: HostedModel, reference: HostedModel
) -> None:
    num_tokens = 48 if case.dtype == 'float32' else 8
    requests = [ask(prompt, prompt, num_tokens) for prompt in PROMPTS]
    assert without_cache(model.generate(requests)) == without_cache(reference.generate(requests))


def test_an_answer_has_as_many_tokens_as_allowed(model: HostedModel) -> None:
    answers = model.generate([ask(f'{length}', 'the', length) for length in (1, 7, 32)])
    found = {
        key: (answer.finish_reason, answer.usage.output_tokens) for key, answer in answers.items()
    }
    assert found == {'1': ('length', 1), '7': ('length', 7), '32': ('length', 32)}


def test_a_stop_word_ends_an_answer_where_it_stands(
    model: HostedModel, reference: HostedModel
) -> None:
    [whole] = reference.generate([ask('a', 'the answer is', 24)]).values()
    stop = re.findall('[ -~]{3,}', whole.text)[0]
    request = ask('a', 'the answer is', 24, stop=('never there', stop))
    [answer] = model.generate([request]).values()
    assert answer.text == whole.text[: whole.text.index(stop)]
    assert answer.finish_reason == 'stop'
    assert without_cache({'a': answer}) == without_cache(reference.generate([request]))


def test_one_call_mixes_sampling_parameters(model: HostedModel) -> None:
    greedy = [ask(f'greedy {number}', prompt, 12) for number, prompt in enumerate(PROMPTS)]
    sampled = [
        ask(f'hot {number}', prompt, 12, temperature=1.5, top_p=0.9, top_k=50, seed=7)
        for number, prompt in enumerate(PROMPTS)
    ]
    mixed = [request for pair in zip(greedy, sampled, strict=True) for request in pair]
    alone = without_cache(model.generate(greedy))
    together = without_cache(model.generate(mixed))
    assert {key: together[key] for key in alone} == alone
    assert any(
        together[f'hot {number}'] != together[f'greedy {number}'] for number in range(len(PROMPTS))
    )


def test_penalties_are_those_of_hugging_face_or_refused(
    case: EngineCase, model: HostedModel, reference: HostedModel
) -> None:
    penalties = {'repetition_penalty': 1.8, 'frequency_penalty': 1.5, 'presence_penalty': -1.5}
    requests = [
        ask(f'{name} {number}', prompt, 32, **{name: value})
        for name, value in penalties.items()
        for number, prompt in enumerate(PROMPTS)
    ]
    answers = model.generate(requests)
    if case.name != 'vllm':
        kinds = {(answer.error or '').partition(' ')[0] for answer in answers.values()}
        assert kinds == {'bad_request:'}
        return
    assert without_cache(answers) == without_cache(reference.generate(requests))
    plain = model.generate([ask(prompt, prompt, 32) for prompt in PROMPTS])
    texts = {answer.text for answer in plain.values()}
    for name in penalties:
        penalised = {answers[f'{name} {number}'].text for number in range(len(PROMPTS))}
        assert penalised != texts, name


def test_a_shortest_length_holds_back_the_tokens_that_end_an_answer(
    case: EngineCase, model: HostedModel, reference: HostedModel
) -> None:
    ends = tuple(range(262, 400))  # all tokens of several letters, and some beyond the last one
    lengths = (0, 3, 6) if case.dtype == 'bfloat16' else (0, 5, 12)
    requests = [
        ask(f'{shortest} {prompt}', prompt, 16, min_out_len=shortest, stop_token_ids=ends)
        for shortest in lengths
        for prompt in PROMPTS[:3]
    ]
    found, expected = (one.generate(requests) for one in (model, reference))
    assert without_cache(found) == without_cache(expected)
    assert {answer.finish_reason for answer in found.values()} >= {'stop'}


def test_a_short_answer_arrives_before_a_long_one_ends(model: HostedModel) -> None:
    requests = [ask('long', 'the', 200), ask('short', 'the', 2)]
    (first, soon), (second, late) = model.stream(requests)
    assert (first.key, second.key) == ('short', 'long')
    assert soon < late


def test_a_prompt_that_does_not_fit_fails_alone(model: HostedModel) -> None:
    answers = model.generate(
        [
            ask('too long', 'the lazy dog ' * 100, 8),
            ask('no room', 'the', 1000),
            ask('lowered', 'the lazy dog jumps', 8, max_seq_len=10),
            ask('fits', 'the', 8),
        ]
    )
    kinds = {key: (answer.error or '').partition(':')[0] for key, answer in answers.items()}
    assert kinds == {
        'too long': 'context_length',
        'no room': 'context_length',
        'lowered': 'context_length',
        'fits': '',
    }


def test_a_prompt_and_its_answer_may_fill_the_context(model: HostedModel) -> None:
    answers = model.generate(
        [
            ask('full', 'x' * 239, 16, min_out_len=16),
            ask('longest prompt', 'x' * 254, 1),
            ask('one too many', 'x' * 239, 17),
        ]
    )
    found = {
        key: (answer.usage.prompt_tokens, answer.usage.output_tokens)
        for key, answer in answers.items()
    }
    assert found == {'full': (240, 16), 'longest prompt': (255, 1), 'one too many': (0, 0)}
    assert (answers['one too many'].error or '').startswith('context_length: the prompt has 240 ')


def test_values_that_an_engine_refuses_fail_alone(case: EngineCase, model: HostedModel) -> None:
    refused = [
        ask('hot', 'the', 8, temperature=2.5),
        ask('no penalty', 'the', 8, repetition_penalty=0.0),
        ask('large penalty', 'the', 8, presence_penalty=3.0),
        ask('too short', 'the', 8, min_out_len=9),
    ]
    answers = model.generate([*refused, ask('fits', 'the', 8)])
    kinds = {key: (answer.error or '').partition(':')[0] for key, answer in answers.items()}
    assert kinds.pop('fits') == ''
    if case.name == 'vllm':
        assert set(kinds.values()) == {'bad_request'}
    assert set(kinds.values()) <= {'bad_request', ''}


def test_closing_early_drops_what_runs(model: HostedModel) -> None:
    requests = [ask(f'{number}', 'the', 200) for number in range(40)]
    [(first, _)] = model.stream([ask('first', 'the', 1), *requests], 1)
    assert first.key == 'first'
    assert list(model.generate([ask('next', 'the', 3)])) == ['next']


def test_the_engine_that_really_runs_is_described(case: EngineCase, model: HostedModel) -> None:
    assert model.engine['engine'].startswith(case.name)
    assert model.engine['dtype'] == case.dtype
    assert model.engine['max_seq_len'] == 256
    assert model.engine['version']


def test_signal_handlers_stay_those_of_the_task(model: HostedModel) -> None:
    model.generate([ask('a', 'the', 1)])
    assert model.ask('signals') == [True, True]
