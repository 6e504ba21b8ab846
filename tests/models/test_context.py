import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import ConfigError
from evalkit.models.context import check_mode, fit_context
from evalkit.models.request_error import RequestError

TEN = list(range(10))


def test_a_prompt_that_fits_exactly_stays() -> None:
    assert fit_context(TEN, 6, 16) is TEN
    assert fit_context(TEN, 6, None) is TEN


def test_a_prompt_that_is_one_token_too_long_fails_with_the_numbers() -> None:
    with pytest.raises(RequestError) as caught:
        fit_context(TEN, 7, 16)
    assert str(caught.value) == (
        'context_length: the prompt has 10 tokens and max_out_len is 7, '
        'but the context holds 16 tokens: '
        "lower max_out_len, or let mode='mid' of the model cut long prompts"
    )


@pytest.mark.parametrize(
    ('mode', 'kept'),
    [('front', [5, 6, 7, 8, 9]), ('mid', [0, 1, 2, 8, 9]), ('rear', [0, 1, 2, 3, 4])],
)
def test_a_mode_drops_the_part_that_it_names(mode: str, kept: list[int]) -> None:
    assert fit_context(TEN, 11, 16, mode) == kept


def test_dropping_the_front_keeps_the_bos() -> None:
    assert fit_context(TEN, 11, 16, 'front', bos_token_id=0) == [0, 6, 7, 8, 9]


def test_no_mode_makes_room_for_an_answer_longer_than_the_context() -> None:
    with pytest.raises(RequestError, match='context_length'):
        fit_context(TEN, 16, 16, 'mid')


def test_an_unknown_mode_is_a_config_error() -> None:
    with pytest.raises(ConfigError, match="mode='middle' is unknown: use 'none', 'front'"):
        check_mode('middle')


@given(
    num_tokens=st.integers(1, 50),
    max_out_len=st.integers(1, 20),
    mode=st.sampled_from(['front', 'mid', 'rear']),
    bos=st.sampled_from([None, 0]),
)
def test_a_truncated_prompt_fills_the_context_in_order(
    num_tokens: int, max_out_len: int, mode: str, bos: int | None
) -> None:
    fitted = fit_context(list(range(num_tokens)), max_out_len, 24, mode, bos)
    assert len(fitted) == min(num_tokens, 24 - max_out_len)
    assert fitted == sorted(set(fitted))
