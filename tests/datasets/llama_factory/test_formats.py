from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ConfigError
from tests.datasets.llama_factory.registries import asked, load_rows

SHAREGPT = {'formatting': 'sharegpt'}
QA = (('human', 'q'), ('gpt', 'a'))
HISTORY = {'columns': {'prompt': 'instruction', 'history': 'h'}}
OPENAI = {
    'formatting': 'openai',
    'columns': {'messages': 'messages'},
    'tags': {
        'role_tag': 'role',
        'content_tag': 'content',
        'user_tag': 'user',
        'assistant_tag': 'assistant',
        'observation_tag': 'tool',
        'function_tag': 'function_call',
        'system_tag': 'system',
    },
}


def said(*turns: tuple[str, str]) -> list[dict[str, str]]:
    return [{'from': role, 'value': text} for role, text in turns]


def sent(*turns: tuple[str, str]) -> list[dict[str, str]]:
    return [{'role': role, 'content': text} for role, text in turns]


def test_alpaca_joins_instruction_and_input_that_are_not_empty(tmp_path: Path) -> None:
    rows = load_rows(
        tmp_path,
        [
            {'instruction': 'Add.', 'input': '1+1', 'output': '2'},
            {'instruction': '', 'input': '2+2', 'output': '4'},
            {'instruction': 'Say hi.', 'input': '', 'output': 'hi'},
        ],
    )
    assert [row['messages'] for row in rows] == [
        sent(('user', 'Add.\n1+1')), sent(('user', '2+2')), sent(('user', 'Say hi.')),
    ]  # fmt: skip
    assert [row['label'] for row in rows] == ['2', '4', 'hi']
    assert rows[0]['dataset'] == 'mine'


def test_what_only_some_rows_have_is_empty_in_the_others(tmp_path: Path) -> None:
    rows = load_rows(
        tmp_path,
        [
            {'instruction': 'Add.', 'input': '1+1', 'output': '2'},
            {'instruction': 'Say hi.', 'output': 'hi'},
        ],
    )
    assert asked(rows) == ['Add.\n1+1', 'Say hi.']


def test_alpaca_has_its_history_and_system_in_front(tmp_path: Path) -> None:
    columns = {
        'prompt': 'q', 'response': 'a', 'history': 'before', 'system': 'who',
    }  # fmt: skip
    row = {'q': 'c', 'a': 'd', 'before': [['a', 'b']], 'who': 'Be brief.', 'input': 'not named'}
    [found] = load_rows(tmp_path, [row], columns=columns)
    assert found['messages'] == sent(
        ('system', 'Be brief.'), ('user', 'a'), ('assistant', 'b'), ('user', 'c')
    )
    assert found['label'] == 'd'


def test_with_columns_those_that_are_not_named_do_not_count(tmp_path: Path) -> None:
    row = {'instruction': 'left out', 'input': 'q', 'output': 'left out'}
    [found] = load_rows(tmp_path, [row], columns={'query': 'input'})
    assert found['messages'] == sent(('user', 'q'))
    assert found['label'] == ''


def test_sharegpt_has_many_turns_and_the_last_is_the_reference(tmp_path: Path) -> None:
    turns = said(('system', 'S'), ('human', '1'), ('gpt', '2'), ('human', '3'), ('gpt', '4'))
    [found] = load_rows(tmp_path, [{'conversations': turns}], **SHAREGPT)
    assert found['messages'] == sent(
        ('system', 'S'), ('user', '1'), ('assistant', '2'), ('user', '3')
    )
    assert found['label'] == '4'


def test_a_leading_system_turn_overrides_the_system_column(tmp_path: Path) -> None:
    columns = {'messages': 'conversations', 'system': 'system'}
    rows = [
        {
            'conversations': said(('system', 'turn'), ('human', 'q'), ('gpt', 'a')),
            'system': 'column',
        },
        {'conversations': said(('human', 'q'), ('gpt', 'a')), 'system': 'column'},
        {'conversations': said(('human', 'q'), ('gpt', 'a')), 'system': ''},
    ]
    found = load_rows(tmp_path, rows, **SHAREGPT, columns=columns)
    assert [row['messages'][0]['content'] for row in found] == ['turn', 'column', 'q']


def test_tools_go_with_the_system_message_and_their_turns_are_kept(tmp_path: Path) -> None:
    tools = '[{"name": "clock", "parameters": {}}]'
    turns = said(
        ('human', 'What time?'), ('function_call', '{"name": "clock"}'),
        ('observation', '12:00'), ('gpt', 'Noon.'),
    )  # fmt: skip
    columns = {'messages': 'conversations', 'tools': 'tools'}
    row = {'conversations': turns, 'tools': tools}
    [found] = load_rows(tmp_path, [row], **SHAREGPT, columns=columns)
    assert found['messages'] == [
        {'role': 'system', 'content': '', 'tools': tools},
        *sent(('user', 'What time?'), ('assistant', '{"name": "clock"}'), ('tool', '12:00')),
    ]
    assert found['label'] == 'Noon.'


def test_openai_messages_may_call_tools(tmp_path: Path) -> None:
    call = {'id': '1', 'type': 'function', 'function': {'name': 'clock', 'arguments': '{}'}}
    messages: list[dict[str, Any]] = [
        *sent(('system', 'S'), ('user', 'Now?')),
        {'role': 'assistant', 'content': '', 'tool_calls': [call]},
        *sent(('tool', '12'), ('tool', '13'), ('assistant', 'Noon or one.')),
    ]
    [found] = load_rows(tmp_path, [{'messages': messages}], **OPENAI)
    assert found['messages'] == sent(
        ('system', 'S'),
        ('user', 'Now?'),
        ('assistant', '[{"name": "clock", "arguments": "{}"}]'),
        ('tool', '12\n</tool_response>\n<tool_response>\n13'),
    )
    assert found['label'] == 'Noon or one.'


@pytest.mark.parametrize(
    ('turns', 'why'),
    [
        (
            said(('human', 'a'), ('human', 'b'), ('gpt', 'c'), ('gpt', 'd')),
            'turn 2 is of the wrong side',
        ),
        (said(('human', 'a'), ('gpt', 'b'), ('human', 'c')), 'it ends without an answer'),
        (said(('gpt', 'a'), ('human', 'b')), 'turn 1 is of the wrong side'),
        (said(('bot', 'a'), ('gpt', 'b')), "'bot' is none of its tags"),
        ([], 'it has no turns'),
    ],
)
def test_what_llama_factory_leaves_out_is_left_out_counted_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, turns: list[Any], why: str
) -> None:
    good = {'conversations': said(('human', 'good'), ('gpt', 'a'))}
    bad = {'conversations': turns}
    rows = load_rows(tmp_path, [bad, good, bad], **SHAREGPT)
    assert asked(rows) == ['good']
    assert caplog.messages == [f'mine: 2 rows are left out, as by LLaMA-Factory ({why}): 0, 2']


def test_a_row_without_an_answer_is_asked_and_named(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = load_rows(tmp_path, [{'instruction': 'a', 'input': '', 'output': None}])
    assert [(row['messages'], row['label']) for row in rows] == [(sent(('user', 'a')), '')]
    assert caplog.messages == ['mine: 1 rows are asked without a reference (it has no answer): 0']


def test_a_number_is_taken_as_text(tmp_path: Path) -> None:
    [found] = load_rows(tmp_path, [{'instruction': 'a', 'input': 7, 'output': 5}])
    assert (found['messages'][0]['content'], found['label']) == ('a\n7', '5')


def test_a_dataset_of_which_nothing_can_be_asked_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='mine: none of its 1 rows can be asked'):
        load_rows(tmp_path, [{'conversations': []}], **SHAREGPT)


@pytest.mark.parametrize(
    ('row', 'entry', 'message'),
    [
        ({'q': 1}, {}, "has no column 'instruction' .columns.prompt names it.; it has q"),
        ({'conversations': 'text'}, SHAREGPT, "conversations holds no turns: 'text'"),
        ({'conversations': sent(('user', 'a'))}, SHAREGPT, r"a turn has no 'from' \(tags.role_tag"),
        ({'instruction': 'a', 'h': [1]}, HISTORY, 'mine, row 0: no alpaca conversation'),
        ({'a': []}, {**SHAREGPT, 'columns': {'system': 'a'}}, 'mine: columns names no messages'),
    ],
)  # fmt: skip
def test_what_llama_factory_would_stumble_over_is_named(
    tmp_path: Path, row: dict[str, Any], entry: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        load_rows(tmp_path, [row], **entry)
