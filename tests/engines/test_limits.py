"""What LMDeploy says nothing of: a token that ends an answer, and limits that it lowers."""

import shutil
from pathlib import Path

from evalkit.types import ScoringRequest
from tests.engines.conftest import EngineCase
from tests.engines.host import HostedModel, hosted
from tests.engines.test_generation import ask
from tests.engines.test_scoring import check_equal
from tests.tiny_model import edit_json

CONTEXT = 'the answer is ('
SMALL = {
    'backend': 'pytorch',
    'engine_config': {'dtype': 'bfloat16', 'num_gpu_blocks': 4, 'max_batch_size': 4},
}


def test_options_are_scored_where_the_likeliest_token_ends_an_answer(
    case: EngineCase, models: Path, reference: HostedModel, tmp_path: Path
) -> None:
    if case.name != 'lmdeploy':
        return
    [likeliest] = reference.generate([ask('', CONTEXT, 1)])[''].token_ids
    path = shutil.copytree(models / 'model', tmp_path / 'model')
    edit_json(path / 'generation_config.json', eos_token_id=[likeliest])
    requests = [ScoringRequest(letter, CONTEXT, letter) for letter in 'abcdxyz']
    with hosted(case.base, path=str(path), **SMALL) as model:
        answer = model.generate([ask('', CONTEXT, 8)])['']
        found = model.loglikelihood(requests)
    assert (answer.text, answer.finish_reason) == ('', 'stop')
    check_equal(case, found, reference.loglikelihood(requests))


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
