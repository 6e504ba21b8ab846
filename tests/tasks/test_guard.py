import pytest

from evalkit.errors import ConfigError, IncompleteError, TaskError
from evalkit.tasks.guard import Failures


def failures(**reasons: str) -> Failures:
    """Let datasets fail, each for its reason."""
    found = Failures(logged=False)
    for abbr, why in reasons.items():
        with found.guard(abbr):
            raise ConfigError(why)
    return found


def said(found: Failures) -> str:
    with pytest.raises(TaskError) as caught:
        found.raise_if_any()
    return str(caught.value)


def test_one_dataset_is_named_before_its_reason() -> None:
    assert said(failures(sums='no such file')) == 'sums: no such file'


def test_each_reason_is_a_line_with_its_datasets() -> None:
    many = {f'mmlu_{letter}': 'no such folder' for letter in 'abcd'}
    lines = said(failures(**many, sums='no column q', words='no column w')).split('\n')
    assert lines == [
        '6 datasets failed:',
        '  no such folder (mmlu_a, mmlu_b and 2 more)',
        '  no column q (sums)',
        '  no column w (words)',
    ]


def test_two_datasets_are_both_named() -> None:
    assert said(failures(a='gone', b='gone')) == '2 datasets failed:\n  gone (a, b)'


def test_what_a_resumed_run_can_complete_is_no_failure() -> None:
    found = Failures(logged=False)
    with found.guard('sums'):
        raise IncompleteError('2 of 6 samples have no answer')
    found.raise_if_any()
    assert found.reasons == {'sums': '2 of 6 samples have no answer'}


def test_what_the_log_has_is_not_said_again_without_end() -> None:
    found = Failures()
    for number in range(12):
        with found.guard(f'set{number}'):
            raise ConfigError(f'no file {number}')
    lines = said(found).split('\n')
    assert lines[0] == '12 datasets failed:'
    assert lines[10:] == ['  no file 9 (set9)', '  and 2 more reasons']
