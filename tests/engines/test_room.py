"""An engine with less room than the model's context says so, and what it refuses fails alone."""

from pathlib import Path

from tests.engines.conftest import EngineCase
from tests.engines.host import hosted
from tests.engines.test_generation import ask

ROOM = {'max_total_tokens': 128, 'max_running_requests': 1, 'max_queued_requests': 1}


def test_a_small_cache_and_a_short_queue_of_sglang(case: EngineCase, models: Path) -> None:
    if case.name != 'sglang':
        return  # the others do not start with less room than the context, or have no such queue
    path = str(models / 'model')
    with hosted(case.base, path=path, mode='mid', model_kwargs=ROOM) as model:
        assert model.engine['max_seq_len'] == 122
        [cut] = model.generate([ask('cut', 'x' * 300, 16, min_out_len=16)]).values()
        assert (cut.error, cut.usage.prompt_tokens, cut.usage.output_tokens) == (None, 106, 16)
        many = model.generate([ask(f'{number}', 'x', 32) for number in range(40)])
        errors = {answer.error for answer in many.values()}
        assert errors == {None, 'engine: SGLang failed: The request queue is full.'}
