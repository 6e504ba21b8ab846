"""What LMDeploy says nothing of: limits that it lowers."""

from pathlib import Path

from evalkit.types import ScoringRequest
from tests.engines.conftest import EngineCase
from tests.engines.host import hosted
from tests.engines.test_generation import ask

SMALL = {
    'backend': 'pytorch',
    'engine_config': {'dtype': 'bfloat16', 'num_gpu_blocks': 4, 'max_batch_size': 4},
}


def test_a_small_cache_cuts_no_answer_short(case: EngineCase, models: Path) -> None:
    if case.name != 'lmdeploy':
        return  # vLLM does not start then
    texts = [ScoringRequest(f'{size}', '', 'xq' * size) for size in (63, 64)]
    with hosted(case.base, path=str(models / 'model'), **SMALL) as model:
        assert model.engine['max_seq_len'] == 128
        answers = model.generate([ask('fits', 'x', 126), ask('too long', 'x', 127)])
        scorings = model.loglikelihood(texts)
    assert answers['fits'].usage.output_tokens == 126
    assert answers['too long'].error == (
        'context_length: the prompt has 2 tokens and max_out_len is 127, but the context holds '
        "128 tokens: lower max_out_len, or let mode='mid' of the model cut long prompts"
    )
    assert (scorings['63'].num_tokens, scorings['63'].error) == (127, None)
    assert (scorings['64'].error or '').startswith('context_length: ')
