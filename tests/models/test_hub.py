import pytest

from evalkit.models.hub import hub_options, local_path


def test_the_engines_names_are_those_of_transformers() -> None:
    vllm = {'hf_token': 'hf_a', 'download_dir': '/cache', 'revision': 'v2', 'max_num_seqs': 8}
    assert hub_options(vllm, {}) == {'token': 'hf_a', 'cache_dir': '/cache', 'revision': 'v2'}
    hugging_face = {'token': 'hf_a', 'cache_dir': '/cache', 'code_revision': 'v3'}
    assert hub_options(hugging_face, {}) == hugging_face


def test_what_gives_access_to_the_tokenizer_gives_it_to_the_model() -> None:
    tokenizer = {
        'trust_remote_code': True,
        'token': 'hf_a',
        'cache_dir': '/cache',
        'local_files_only': True,
        'revision': 'of-the-tokenizer',
        'use_fast': False,
    }
    assert hub_options({}, tokenizer) == {
        'trust_remote_code': True,
        'token': 'hf_a',
        'cache_dir': '/cache',
        'local_files_only': True,
    }


def test_what_is_said_of_the_model_comes_first() -> None:
    model = {'trust_remote_code': False, 'hf_token': None, 'revision': 'v2'}
    tokenizer = {'trust_remote_code': True, 'token': 'hf_a', 'revision': 'v1'}
    assert hub_options(model, tokenizer) == {
        'trust_remote_code': False,
        'token': 'hf_a',
        'revision': 'v2',
    }


@pytest.mark.parametrize('path', ['org/model', './model', '/models/llama', 's3://bucket/model', ''])
def test_a_path_without_a_home_folder_stays(path: str) -> None:
    assert local_path(path) == path


def test_a_home_folder_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('HOME', '/home/me')
    assert local_path('~/llama') == '/home/me/llama'
