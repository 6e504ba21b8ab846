"""A probe writes what a backend reads, answers and finds likely."""

from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ExitCode
from evalkit.store import Workspace
from evalkit.tasks.probes import Probe
from tests.tasks.runs import Run, a_dataset, a_model, labelled
from tests.tiny_model import save_tiny_llama


@pytest.fixture(scope='module')
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_llama(tmp_path_factory.mktemp('models') / 'tiny')


def on_hugging_face(tiny: Path, abbr: str = 'tiny', **keys: Any) -> dict[str, Any]:
    return {'type': 'HuggingFaceBaseModel', 'abbr': abbr, 'path': str(tiny), **keys}


def first(run: Run, num: int = 2) -> Run:
    """Leave the first samples of each dataset."""
    for dataset in run.datasets:
        dataset['reader_cfg'] = {**dataset['reader_cfg'], 'limit': num}
    return run


def probe(run: Run, **changes: Any) -> Probe:
    assert run.do('probe', **changes) == ExitCode.COMPLETE
    return Probe.read(Workspace(run.folder).probe(run.model['abbr']))


def test_a_probe_has_the_tokens_and_the_answer_of_each_prompt(run: Run, tiny: Path) -> None:
    first(run).model = on_hugging_face(tiny)
    found = probe(run)
    assert [item.key for item in found.items] == ['sums/0/0', 'sums/1/0']
    item = found.items[0]
    assert item.prompt_ids is not None
    assert item.prompt_ids[0] == found.bos_token_id
    assert item.prompt_text == '<s>Q:0+0'
    assert item.prompt_tokens == len(item.prompt_ids)
    assert 0 < len(item.token_ids) <= 8
    assert item.logprob is not None
    assert item.logprob < 0
    assert found.name.startswith('transformers ')
    assert found.dtype == 'float32'
    assert found.no_logprobs is None


def test_the_answer_of_the_reference_is_scored(run: Run, tiny: Path) -> None:
    first(run).model = on_hugging_face(tiny)
    reference = probe(run)
    run.model = on_hugging_face(tiny, 'same')
    same = probe(run, reference='tiny')
    run.model = on_hugging_face(save_tiny_llama(run.folder / 'other', seed=1), 'other')
    other = probe(run, reference='tiny')
    assert [item.text for item in other.items] != [item.text for item in reference.items]
    for ours, equal, theirs in zip(reference.items, same.items, other.items, strict=True):
        assert (equal.logprob, equal.num_tokens) == (ours.logprob, ours.num_tokens)
        assert theirs.num_tokens == ours.num_tokens
        assert theirs.logprob != ours.logprob


def test_a_probe_is_greedy_whatever_the_config_samples(run: Run, tiny: Path) -> None:
    first(run).model = on_hugging_face(tiny)
    texts = [item.text for item in probe(run).items]
    run.model |= {'generation_kwargs': {'do_sample': True, 'temperature': 5.0}}
    assert [item.text for item in probe(run).items] == texts


def test_options_are_scored_each(run: Run, tiny: Path) -> None:
    run.datasets = [labelled(run.datasets[0], ['0', '2'])]
    first(run).model = on_hugging_face(tiny)
    found = probe(run)
    assert [item.key for item in found.items] == [
        'sums/0/0', 'sums/0/1', 'sums/1/0', 'sums/1/1',
    ]  # fmt: skip
    assert [item.is_generation for item in found.items] == [False] * 4
    assert [item.prompt_text for item in found.items[:2]] == ['<s>Q:0+0 A:0', '<s>Q:0+0 A:2']
    assert all(item.logprob is not None for item in found.items)


def test_a_backend_without_an_encoder_tells_its_answers(run: Run) -> None:
    found = probe(first(run))
    assert [item.text for item in found.items] == ['0', '2']
    assert [item.prompt_ids for item in found.items] == [None, None]
    assert found.bos_token_id is None


def test_a_request_that_fails_is_told_and_the_others_are_probed(run: Run) -> None:
    first(run).model = a_model(answers={'0+0': '0', '1+1': '2'}, error_on='1+1')
    found = probe(run)
    assert [item.error for item in found.items] == [None, "bad_request: the prompt has '1+1'"]


def test_a_dataset_that_cannot_be_read_fails_the_probe(run: Run) -> None:
    run.datasets = [a_dataset(run.folder / 'missing.jsonl')]
    assert run.do('probe') == ExitCode.FAILED
    assert 'missing.jsonl' in run.progress('probe').reason
