"""Conversations whose every turn is asked, with the model's own answers before it."""

import signal
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from evalkit.errors import ExitCode
from evalkit.store import is_done
from evalkit.tasks.answers import AnswerBook
from evalkit.tasks.base import Shard
from evalkit.tasks.plan import DatasetPlan, identity_of
from tests.models.openai.fault_server import Act, Asked, FaultServer, say
from tests.tasks.runs import Run, a_dataset, a_model, write_rows
from tests.tiny_model import save_tiny_llama

TALKS = [
    {'q': ['one', 'two', 'three'], 'a': ['1', '2', '3']},
    {'q': ['uno', 'dos'], 'a': ['1', '2']},
    {'q': ['eins', 'zwei', 'drei'], 'a': ['1', '2', '3']},
]

ANSWERS = {
    'one?': '1',
    '1\ntwo?': '2 after 1',
    '2 after 1\nthree?': '3',
    'uno?': 'I',
    'I\ndos?': '2',
    'eins?': '1',
    '1\nzwei?': '2',
    '2\ndrei?': '3',
}
"""Each later answer depends on the one before it."""

OUTPUTS = [['1', '2 after 1', '3'], ['I', '2'], ['1', '2', '3']]


@pytest.fixture
def talks(run: Run) -> Run:
    talk(run, TALKS)
    run.model = a_model(
        type='ScriptedChatModel', answers=ANSWERS, default='?', log_path=str(run.folder / 'asked')
    )
    return run


def talk(run: Run, rows: Sequence[Mapping[str, Any]], infer_mode: str = 'every') -> None:
    """Let the run have these conversations as its dataset."""
    template = {'round': [{'role': 'HUMAN', 'prompt': '{q}?'}, {'role': 'BOT', 'prompt': '{a}'}]}
    dataset = a_dataset(write_rows(run.folder / 'talks.jsonl', rows), 'talks')
    dataset['infer_cfg'].update(
        prompt_template={'type': 'PromptTemplate', 'template': template},
        inferencer={'type': 'ChatInferencer', 'infer_mode': infer_mode, 'max_out_len': 8},
    )
    run.datasets = [dataset]


def outputs(run: Run) -> list[list[str]]:
    """The last answers of each conversation, turn by turn."""
    found: dict[int, dict[int, str]] = {}
    for record in run.records('talks'):
        found.setdefault(record.index, {})[record.extra['turn']] = record.output
    return [[turns[number] for number in sorted(turns)] for _, turns in sorted(found.items())]


def texts(prompt: Sequence[Mapping[str, str]]) -> list[str]:
    return [message['content'] for message in prompt]


def contradictions(run: Run) -> list[list[str]]:
    """Prompts whose history is none of the answers that count for that conversation."""
    answers = dict(enumerate(outputs(run)))
    return [
        texts(record.prompt)
        for record in run.records('talks')
        if texts(record.prompt)[1::2] != answers[record.index][: record.extra['turn'] - 1]
    ]


def test_each_turn_is_asked_after_the_own_answers(talks: Run) -> None:
    assert talks.do('infer') == ExitCode.COMPLETE
    assert outputs(talks) == OUTPUTS
    assert contradictions(talks) == []
    [last] = [
        record for record in talks.records('talks') if record.prompt[-1]['content'] == 'three?'
    ]
    assert texts(last.prompt) == ['one?', '1', 'two?', '2 after 1', 'three?']
    progress = talks.progress('infer')
    assert (progress.num_total, progress.num_done, progress.num_failed) == (8, 8, 0)


def test_a_finished_run_asks_nothing_and_is_marked_done(talks: Run) -> None:
    talks.do('infer')
    assert is_done(talks.predictions('talks'), {record.key for record in talks.records('talks')})
    assert talks.do('infer') == ExitCode.COMPLETE
    assert len(talks.asked()) == 8
    assert talks.progress('infer').num_reused == 8


@pytest.mark.parametrize('num_kept', range(8))
def test_a_run_that_ended_anywhere_asks_only_what_is_open(talks: Run, num_kept: int) -> None:
    talks.do('infer')
    [shard] = talks.predictions('talks').glob('*.jsonl')
    lines = shard.read_bytes().splitlines(keepends=True)
    shard.write_bytes(b''.join(lines[:num_kept]) + lines[num_kept][:30])
    assert talks.do('infer') == ExitCode.COMPLETE
    assert outputs(talks) == OUTPUTS
    assert contradictions(talks) == []
    assert len(talks.asked()) == 8 + 8 - num_kept


@pytest.mark.parametrize(('turn', 'num_kills'), [('two?', 2), ('three?', 1), ('drei?', 1)])
def test_a_killed_run_goes_on_in_the_middle_of_a_conversation(
    talks: Run, turn: str, num_kills: int
) -> None:
    # The turn after it has its text in the history, and kills the process, too.
    talks.model.update(kill_on=turn, kill_times=1)
    codes: list[int] = []
    while ExitCode.COMPLETE not in codes and len(codes) < 4:
        kept = len(talks.records('talks'))
        codes.append(talks.do_in_process('infer', attempt=len(codes) + 1)[0])
    assert codes[:-1] == [-signal.SIGKILL] * num_kills
    assert outputs(talks) == OUTPUTS
    assert contradictions(talks) == []
    assert len(talks.records('talks')) == 8
    assert len(talks.asked()) == 8 + num_kills
    assert talks.progress('infer').num_reused == kept


def test_a_lost_answer_makes_the_turns_after_it_stale(talks: Run) -> None:
    talks.do('infer')
    [shard] = talks.predictions('talks').glob('*.jsonl')
    _, *rest = shard.read_bytes().splitlines(keepends=True)
    shard.write_bytes(b''.join(rest))
    talks.model['answers'] = dict(ANSWERS)
    assert talks.do('infer') == ExitCode.COMPLETE
    # The same answer came again, so that those that were made after it count again.
    assert len(talks.asked()) == 8 + 1
    assert contradictions(talks) == []


def test_a_changed_turn_makes_it_and_those_after_it_stale(talks: Run) -> None:
    talks.do('infer')
    changed = [{'q': ['one', 'II', 'three'], 'a': ['1', '2', '3']}, *TALKS[1:]]
    talk(talks, changed)
    assert talks.do('infer') == ExitCode.COMPLETE
    assert len(talks.asked()) == 8 + 2
    progress = talks.progress('infer')
    assert (progress.num_reused, progress.num_stale) == (6, 2)
    talk(talks, [{**TALKS[0], 'a': ['another', 'reference', '']}, *TALKS[1:]])
    assert talks.do('infer') == ExitCode.COMPLETE
    assert len(talks.asked()) == 8 + 2


def test_turns_after_a_failed_one_are_not_asked_and_say_why(talks: Run) -> None:
    talks.model['error_on'] = 'two?'
    assert talks.do('infer') == ExitCode.FAILED
    failed = [record for record in talks.records('talks') if record.error]
    assert [record.extra['turn'] for record in failed] == [2, 3]
    assert failed[0].error == "bad_request: the prompt has 'two?'"
    assert failed[1].error == (
        'earlier_turn: turn 2 failed, so this one was not asked '
        "(bad_request: the prompt has 'two?')"
    )
    assert len(talks.asked()) == 7
    assert talks.progress('infer').num_failed == 2
    assert talks.do('evaluate') == ExitCode.COMPLETE
    result = talks.result('talks')
    assert (result['n'], result['n_ok'], result['failed']) == (8, 6, 2)
    del talks.model['error_on']
    assert talks.do('infer') == ExitCode.COMPLETE
    assert len(talks.asked()) == 9
    assert outputs(talks) == OUTPUTS


def test_conversations_that_begin_alike_share_what_they_have_in_common(talks: Run) -> None:
    talk(talks, [TALKS[0], {'q': ['one', 'two', 'III'], 'a': ['1', '2', '3']}, TALKS[0]])
    assert talks.do('infer') == ExitCode.COMPLETE
    assert len(talks.asked()) == 4
    progress = talks.progress('infer')
    assert (progress.num_total, progress.num_done) == (4, 4)
    assert talks.do('evaluate') == ExitCode.COMPLETE
    assert talks.result('talks')['n'] == 9


def test_a_shared_beginning_that_fails_fails_all(talks: Run) -> None:
    talk(talks, [TALKS[0], {'q': ['one', 'two'], 'a': ['1', '2']}, TALKS[1]])
    talks.model['error_on'] = 'one?'
    assert talks.do('infer') == ExitCode.FAILED
    assert talks.do('evaluate') == ExitCode.COMPLETE
    result = talks.result('talks')
    assert (result['n'], result['failed']) == (7, 5)


def test_repeats_are_conversations_of_their_own(talks: Run) -> None:
    talks.datasets[0]['n'] = 2
    assert talks.do('infer') == ExitCode.COMPLETE
    assert len(talks.records('talks')) == 16
    talks.do('evaluate')
    assert talks.result('talks')['n'] == 16


def test_each_turn_is_scored_with_its_reference(talks: Run) -> None:
    talks.do('infer')
    assert talks.do('evaluate') == ExitCode.COMPLETE
    result = talks.result('talks')
    assert result['n'] == 8
    assert result['metrics']['accuracy']['value'] == pytest.approx(100 * 6 / 8)
    shown = [(item['index'], item['turn'], item['answer']) for item in result['details']]
    assert shown[:4] == [(0, 1, '1'), (0, 2, '2 after 1'), (0, 3, '3'), (1, 1, 'I')]


def test_shards_fill_a_dataset_together(talks: Run) -> None:
    for number in range(2):
        assert talks.do('infer', shard=Shard(number, 2)) == ExitCode.COMPLETE
    assert outputs(talks) == OUTPUTS
    assert is_done(talks.predictions('talks'), {record.key for record in talks.records('talks')})


def test_a_dry_look_knows_how_many_turns_there_are(talks: Run) -> None:
    plan = DatasetPlan(talks.datasets[0], talks.model, identity_of(talks.model))
    book = AnswerBook(plan, talks.predictions('talks'), Shard())
    assert book.describe() == 'talks: reused 0, stale 0, new 8'


def test_a_turn_that_kills_the_process_ends_its_conversation(talks: Run) -> None:
    talks.model['kill_on'] = 'zwei?'
    codes = [talks.do_in_process('infer', attempt)[0] for attempt in range(1, 5)]
    assert codes[0] == codes[1] == -signal.SIGKILL
    assert codes[-1] == ExitCode.FAILED
    errors = [record.error.partition(':')[0] for record in talks.records('talks') if record.error]
    assert errors == ['poison', 'earlier_turn']
    assert talks.do('evaluate') == ExitCode.COMPLETE
    assert talks.result('talks')['n_ok'] == 6


def test_a_model_that_takes_all_before_it_answers_goes_round_by_round(talks: Run) -> None:
    talks.model.update(type='tests.tasks.engines.EagerModel')
    assert talks.do('infer') == ExitCode.COMPLETE
    assert outputs(talks) == OUTPUTS
    turns = [record.extra['turn'] for record in talks.records('talks')]
    assert turns == [1, 1, 1, 2, 2, 2, 3, 3]


def test_a_conversation_over_http_does_not_wait_for_a_slow_one(talks: Run) -> None:
    def script(asked: Asked) -> Act:
        return say(f'[{asked.text}]', delay=1.0 if asked.text == 'uno?' else 0.0)

    with FaultServer(script) as server:
        talks.model = {
            'type': 'OpenAISDK',
            'abbr': 'api',
            'path': 'm',
            'key': 'secret',
            'openai_api_base': server.base,
        }
        assert talks.do('infer') == ExitCode.COMPLETE
    assert contradictions(talks) == []
    assert outputs(talks)[0] == ['[one?]', '[two?]', '[three?]']
    assert server.texts[-1] == 'dos?'
    assert len(server.asked) == 8
    sent = next(asked.body['messages'] for asked in server.asked if asked.text == 'three?')
    assert texts(sent) == ['one?', '[one?]', 'two?', '[two?]', 'three?']


def test_a_model_of_hugging_face_has_conversations(talks: Run) -> None:
    path = save_tiny_llama(talks.folder / 'llama')
    talks.model = {'type': 'HuggingFaceBaseModel', 'abbr': 'llama', 'path': str(path)}
    assert talks.do('infer') == ExitCode.COMPLETE
    assert [len(turns) for turns in outputs(talks)] == [3, 2, 3]
    [last] = [each for each in talks.records('talks') if each.prompt.endswith('\ndos?')]
    assert last.prompt == f'uno?\n{outputs(talks)[1][0]}\ndos?'
