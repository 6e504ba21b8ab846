import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import BackendError
from evalkit.models import ScriptedChatModel, ScriptedModel
from evalkit.types import Completion, GenerationParams, Prompt, Request, ScoringRequest

PARAMS = GenerationParams()


def ask(model: ScriptedModel, *prompts: Prompt, params: GenerationParams = PARAMS) -> list[Any]:
    requests = [Request(f'key {number}', prompt, params) for number, prompt in enumerate(prompts)]
    return list(model.generate(requests))


def texts(completions: list[Completion]) -> list[str]:
    return [completion.text for completion in completions]


def test_the_part_that_stands_last_in_the_prompt_decides() -> None:
    model = ScriptedModel(answers={'1+1': '2', '2+2': '4'}, default='?')
    assert texts(ask(model, '1+1=2 2+2=', '2+2=4 1+1=', '3+3=')) == ['4', '2', '?']


def test_a_pattern_answers_with_its_groups() -> None:
    model = ScriptedModel(patterns={r'say (\w+)': r'I say \1'})
    assert texts(ask(model, 'say one, say two')) == ['I say two']


def test_answers_come_in_the_order_asked_and_before_the_next_is_taken() -> None:
    taken: list[str] = []

    def requests() -> Any:
        for key in 'abc':
            taken.append(key)
            yield Request(key, key, PARAMS)

    completions = ScriptedModel().generate(requests())
    assert (next(completions).key, taken) == ('a', ['a'])
    assert [completion.key for completion in completions] == ['b', 'c']


def test_a_chat_model_reads_its_messages() -> None:
    model = ScriptedChatModel(answers={'fox': 'dog'})
    assert model.is_chat
    assert not ScriptedModel.is_chat
    assert texts(ask(model, [{'role': 'user', 'content': 'a fox?'}])) == ['dog']


def test_an_answer_may_be_truncated_fail_or_take_its_time() -> None:
    model = ScriptedModel(
        answers={
            'q1': {'text': 'half', 'finish_reason': 'length'},
            'q2': {'error': 'bad_response: no JSON'},
            'q3': {'text': 'late', 'seconds': 0.2},
        }
    )
    before = time.monotonic()
    first, second, third = ask(model, 'q1', 'q2', 'q3')
    assert (first.text, first.finish_reason) == ('half', 'length')
    assert (second.finish_reason, second.error) == ('error', 'bad_response: no JSON')
    assert third.text == 'late'
    assert 0.2 <= time.monotonic() - before < 2


def test_stop_words_cut_a_scripted_answer() -> None:
    model = ScriptedModel(default='4\nQuestion: more')
    [completion] = ask(model, 'q', params=GenerationParams(stop=('\n',)))
    assert (completion.text, completion.usage.output_tokens) == ('4', 1)


def test_every_key_asked_is_logged(tmp_path: Path) -> None:
    log = tmp_path / 'asked.txt'
    ask(ScriptedModel(log_path=str(log)), 'a', 'b')
    ask(ScriptedModel(log_path=str(log)), 'a')
    assert log.read_text() == 'key 0\nkey 1\nkey 0\n'


def test_a_marked_prompt_fails_alone() -> None:
    first, second = ask(ScriptedModel(error_on='poison', default='x'), 'the poison', 'water')
    assert first.error == "bad_request: the prompt has 'poison'"
    assert (second.text, second.error) == ('x', None)


def test_a_marked_prompt_ends_the_engine() -> None:
    completions = ScriptedModel(engine_error_on='poison').generate(
        [Request('a', 'water', PARAMS), Request('b', 'poison', PARAMS)]
    )
    assert next(completions).key == 'a'
    with pytest.raises(BackendError, match="the scripted engine died of 'poison'"):
        next(completions)


def test_a_marked_prompt_kills_the_process_as_often_as_asked(tmp_path: Path) -> None:
    log = tmp_path / 'asked.txt'
    program = (
        'import sys\n'
        'from evalkit.models import ScriptedModel\n'
        'from evalkit.types import GenerationParams, Request\n'
        'model = ScriptedModel(kill_on="q2", kill_times=2, log_path=sys.argv[1])\n'
        'asked = [Request(q, q, GenerationParams()) for q in ("q1", "q2", "q3")]\n'
        'for completion in model.generate(asked): print(completion.key, flush=True)'
    )
    runs = [
        subprocess.run([sys.executable, '-c', program, str(log)], capture_output=True, text=True)
        for _ in range(3)
    ]
    assert [run.returncode for run in runs] == [-signal.SIGKILL, -signal.SIGKILL, 0]
    assert [run.stdout for run in runs] == ['q1\n', 'q1\n', 'q1\nq2\nq3\n']


def test_the_label_in_the_answers_is_the_likeliest() -> None:
    model = ScriptedModel(answers={'1+1': 'B'})
    labels = [ScoringRequest(label, '1+1? Answer:', f' {label}') for label in 'ABC']
    scores = {scoring.key: scoring.logprob for scoring in model.loglikelihood(labels)}
    assert scores == {'A': -10.0, 'B': -1.0, 'C': -10.0}


def test_the_whole_text_with_the_right_label_is_the_likeliest() -> None:
    model = ScriptedModel(answers={'1+1': 'B'})
    labels = [ScoringRequest(label, '', f'1+1? Answer: {label}') for label in 'AB']
    assert [scoring.is_greedy for scoring in model.loglikelihood(labels)] == [False, True]
