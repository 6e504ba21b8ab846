"""What must not be read by others never reaches a file, a log or a process list."""

from pathlib import Path
from typing import Any

import pytest

from evalkit.config import dump_config, hide_secrets, load_config, redact, reveal_secrets
from evalkit.errors import ConfigError
from tests.config.conftest import Write

CANARY = 'sesame-canary-4711'
SK = 'sk-' + 'canary4711' * 3
HF = 'hf_' + 'Canary4711' * 3


def model(**more: Any) -> dict[str, Any]:
    return {'models': [{'type': 'OpenAISDK', 'abbr': 'm', **more}]}


@pytest.mark.parametrize(
    'more',
    [
        {'key': CANARY},
        {'key': [CANARY, SK]},
        {'Api-Key': CANARY},
        {'API_KEY': CANARY},
        {'model_kwargs': {'token': HF}},
        {'hf_token': CANARY, 'tokenizer_kwargs': {'use_auth_token': CANARY}},
        {'password': CANARY},
        {'openai_extra_kwargs': {'default_headers': {'X-Custom': CANARY}}},
        {'extra': {'headers': {'Authorization': f'Bearer {CANARY}'}}},
        {'openai_api_base': f'https://user:{CANARY}@host.example/v1'},
        {'openai_api_base': [f'https://host.example/v1?api_key={CANARY}&x=1']},
        {'openai_api_base': f'https://host.example/v1?x=1&token={CANARY}'},
        {'path': f'said {SK} and {HF}.'},
        {'extra_body': {'auth_header': f'Bearer {CANARY}'}},
        {'nested': ({'a': [{'secret': CANARY}]},)},
    ],
)
def test_a_secret_is_hidden_wherever_it_stands_and_comes_back(more: dict[str, Any]) -> None:
    cfg = model(**more)
    before = repr(cfg)
    hidden, secrets = hide_secrets(cfg)
    for text in (repr(hidden), dump_config(cfg)):
        assert 'canary' not in text.lower()
    assert secrets
    assert repr(cfg) == before
    assert reveal_secrets(hidden, {**secrets, 'PATH': '/bin'}) == cfg


@pytest.mark.parametrize(
    'more',
    [
        {'key': 'ENV'},
        {'key': 'OPENAI_API_KEY'},
        {'key': ['ENV', 'EMPTY']},
        {'key': ''},
        {'key': None},
        {'token': True},
        {'pad_token': '<pad>', 'eos_token': '</s>', 'stop_token': 'x', 'ice_token': '</E>'},
        {'path': 'task-specific-reasoning/hf_internlm', 'name': 'sk-learn'},
        {'openai_api_base': 'https://host.example:8000/v1?x=1'},
        {'model_kwargs': {'headers': {'Content-Type': 'application/json'}}},
        {'prompt': 'The key is under the mat; write to me@host.example'},
    ],
)
def test_what_is_no_secret_stays_as_it_is(more: dict[str, Any]) -> None:
    assert hide_secrets(model(**more)) == (model(**more), {})


def test_a_reference_says_which_secret_it_is() -> None:
    cfg = {'a': {'key': CANARY}, 'b': {'key': SK}, 'c': {'key': CANARY}}
    hidden, secrets = hide_secrets(cfg)
    assert hidden == {
        'a': {'key': '${EVALKIT_SECRET_1}'},
        'b': {'key': '${EVALKIT_SECRET_2}'},
        'c': {'key': '${EVALKIT_SECRET_1}'},
    }
    assert secrets == {'EVALKIT_SECRET_1': CANARY, 'EVALKIT_SECRET_2': SK}


def test_hiding_twice_changes_nothing_and_never_reuses_a_name() -> None:
    hidden, secrets = hide_secrets({'key': CANARY})
    assert hide_secrets(hidden) == (hidden, {})
    again, more = hide_secrets({**hidden, 'token': SK})
    assert again == {'key': '${EVALKIT_SECRET_1}', 'token': '${EVALKIT_SECRET_2}'}
    assert reveal_secrets(again, {**secrets, **more}) == {'key': CANARY, 'token': SK}


def test_only_the_credentials_of_an_address_are_hidden() -> None:
    hidden, _ = hide_secrets({'url': f'https://me:{CANARY}@host.example/v1'})
    assert hidden == {'url': 'https://${EVALKIT_SECRET_1}@host.example/v1'}


def test_a_secret_that_was_not_handed_on_is_an_error() -> None:
    with pytest.raises(ConfigError, match='EVALKIT_SECRET_1 is not set'):
        reveal_secrets({'key': '${EVALKIT_SECRET_1}'}, {})


def test_logs_are_redacted_also_where_the_secret_is_escaped() -> None:
    secret = 'a/b"c canary'
    text = 'sent a/b"c canary as a%2Fb%22c%20canary in {"key": "a/b\\"c canary"}'
    mark = '${EVALKIT_SECRET_1}'
    assert redact(text, {'EVALKIT_SECRET_1': secret}) == (
        f'sent {mark} as {mark} in {{"key": "{mark}"}}'
    )
    assert redact(text, [secret]) == 'sent *** as *** in {"key": "***"}'


def test_a_longer_secret_is_redacted_before_its_beginning() -> None:
    assert redact('canary-long canary', ['canary', 'canary-long']) == '*** ***'


def test_texts_too_short_to_be_secret_do_not_spoil_the_log() -> None:
    assert redact('a b c', ['a', '']) == 'a b c'


def test_a_saved_tree_holds_no_canary(write: Write, tmp_path: Path) -> None:
    cfg = load_config(
        write(
            'c.py',
            f"""
            models = [dict(abbr='m', key='{CANARY}', openai_api_base='http://u:{CANARY}@h/v1')]
            datasets = [dict(abbr='d', eval_cfg=dict(evaluator=dict(judge_cfg=dict(key='{SK}'))))]
            """,
        )
    )
    Path('c.py').unlink()
    write('outputs/configs/run.py', dump_config(cfg))
    write('outputs/tasks/task.json', repr(hide_secrets(cfg)[0]))
    files = [path for path in tmp_path.rglob('*') if path.is_file()]
    assert len(files) == 2
    assert [path for path in files if b'canary' in path.read_bytes()] == []
