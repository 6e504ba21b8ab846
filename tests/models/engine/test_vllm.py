"""What would end vLLM's engine for all requests is refused for the one."""

import pytest

from evalkit.models.request_error import RequestError
from evalkit.models.vllm.parameters import refuse
from evalkit.types import GenerationParams

SHORTEST = GenerationParams(min_out_len=1)


def test_more_end_tokens_than_vllm_can_hold_back_are_refused() -> None:
    refuse(SHORTEST, [*range(128)])
    refuse(GenerationParams(), [*range(129)])
    with pytest.raises(RequestError) as caught:
        refuse(SHORTEST, [*range(129)])
    assert str(caught.value) == (
        'bad_request: vLLM holds back at most 128 tokens that end an answer, and there are 129: '
        'leave min_out_len out, or name fewer stop_token_ids'
    )
