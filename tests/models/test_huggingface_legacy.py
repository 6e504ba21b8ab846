from pathlib import Path

import pytest

from evalkit.errors import ConfigError
from evalkit.models import HuggingFaceBaseModel, HuggingFaceCausalLM
from evalkit.types import GenerationParams, Request

REQUEST = Request('a', 'question: what is', GenerationParams(max_out_len=24))


def test_the_old_name_answers_as_the_new_one(tiny_llama: Path) -> None:
    old = HuggingFaceCausalLM(
        str(tiny_llama),
        batch_padding=True,
        extract_pred_after_decode=True,
        use_fastchat_template=False,
        tokenizer_kwargs={'padding_side': 'left', 'truncation_side': 'left'},
        batch_size=8,
    )
    assert list(old.generate([REQUEST])) == list(
        HuggingFaceBaseModel(str(tiny_llama)).generate([REQUEST])
    )


def test_end_str_is_one_more_stop_word(tiny_llama: Path) -> None:
    [whole] = HuggingFaceBaseModel(str(tiny_llama)).generate([REQUEST])
    word = whole.text[5:8]
    [cut] = HuggingFaceCausalLM(str(tiny_llama), end_str=word).generate([REQUEST])
    assert cut.text == whole.text[: whole.text.index(word)]
    assert cut.finish_reason == 'stop'


def test_what_is_not_supported_is_refused_by_name(tiny_llama: Path) -> None:
    with pytest.raises(ConfigError, match='use_fastchat_template=True is not supported'):
        HuggingFaceCausalLM(str(tiny_llama), use_fastchat_template=True)
    with pytest.raises(ConfigError, match='tokenizer_only=True is not supported'):
        HuggingFaceCausalLM(str(tiny_llama), tokenizer_only=True)
