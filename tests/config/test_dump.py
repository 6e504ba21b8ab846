"""A config as it was run is a config again."""

import math
import string
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalkit.config import config_hash, dump_config, load_config
from tests.config.conftest import Write

CFG: dict[str, Any] = {
    'models': [
        {
            'type': 'evalkit.models.OpenAISDK',
            'abbr': 'm',
            'key': 'ENV',
            'generation_kwargs': {'temperature': 0.5, 'stop': ('</s>', '\n')},
        }
    ],
    'datasets': [{'abbr': 'd', 'template': {0: 'no', 1: 'yes'}, 'one': (1,), 'none': ()}],
    'work_dir': 'outputs/x',
}

TEXT = """\
models = [
    {
        'type': 'evalkit.models.OpenAISDK',
        'abbr': 'm',
        'key': 'ENV',
        'generation_kwargs': {'temperature': 0.5, 'stop': ('</s>', '\\n')},
    },
]
datasets = [{'abbr': 'd', 'template': {0: 'no', 1: 'yes'}, 'one': (1,), 'none': ()}]
work_dir = 'outputs/x'
"""

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text(string.ascii_letters, min_size=1) | st.integers(), inner)
    ),
    max_leaves=20,
)


def test_the_text_is_readable_python() -> None:
    assert dump_config(CFG) == TEXT


def test_what_was_dumped_is_read_again(write: Write) -> None:
    assert load_config(write('run.py', TEXT)) == CFG


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=PLAIN)
def test_any_data_survives(write: Write, tmp_path: Path, value: Any) -> None:
    path = tmp_path / 'any.py'
    path.write_text(dump_config({'x': value}), encoding='utf-8')
    assert load_config(path) == {'x': value}


def test_numbers_that_are_no_literals_survive(write: Write) -> None:
    read = load_config(write('c.py', dump_config({'x': [math.inf, -math.inf, math.nan]})))['x']
    assert read[:2] == [math.inf, -math.inf]
    assert math.isnan(read[2])


def test_the_hash_depends_on_the_data_and_not_on_their_order() -> None:
    assert config_hash(CFG) == config_hash(dict(reversed(CFG.items())))
    assert config_hash(CFG) != config_hash({**CFG, 'work_dir': 'outputs/y'})
    assert config_hash({'a': (1, 2)}) == config_hash({'a': [1, 2]})
    assert len(config_hash(CFG)) == 8
    assert set(config_hash(CFG)) <= set(string.hexdigits)


def test_the_hash_of_a_known_config_never_changes() -> None:
    assert config_hash({'a': [1, 'x', None], 'b': {0: 'n', 'k': 1.5}}) == '2b2b64a5'
