"""What is decided for SGLang before it starts, and of what it says of itself."""

import pytest

from evalkit.models.sglang.limits import SPARE, Limits


@pytest.mark.parametrize(
    ('limits', 'length'),
    [
        ((256 + SPARE, 256, 0, 8192, 1), 256),
        ((256 + SPARE, 256, 0, 258, 1), 256),
        ((256 + SPARE, 122, 0, 128, 1), 122),
        ((256 + SPARE, 122, 0, 128, 64), 0),
        ((256 + SPARE, 256, 0, 320, 64), 192),
        ((256 + SPARE, 256, 16, 8192, 1), 246),
    ],
)
def test_a_prompt_and_its_answer_get_what_none_of_the_limits_cuts(
    limits: tuple[int, int, int, int, int], length: int
) -> None:
    assert Limits(*limits).length == length
