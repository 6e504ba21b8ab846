"""OpenCompass's old names of a Hugging Face base model."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from evalkit.errors import ConfigError
from evalkit.models.huggingface import HuggingFaceBaseModel
from evalkit.types import Completion, Request


class HuggingFaceCausalLM(HuggingFaceBaseModel):
    """A base model with the keys that only its old name had.

    `end_str` is one more stop word, `hf_cache_dir` the hub's cache. `batch_padding` and
    `extract_pred_after_decode` change nothing: every batch is padded without harm, and its answers
    are cut by tokens. All other arguments are those of `HuggingFaceBaseModel`.
    """

    TRANSPORT_KEYS = HuggingFaceBaseModel.TRANSPORT_KEYS | {
        'batch_padding',
        'extract_pred_after_decode',
        'hf_cache_dir',
        'tokenizer_only',
        'use_fastchat_template',
    }

    def __init__(  # noqa: PLR0913 - the keys of a config
        self,
        path: str,
        *,
        hf_cache_dir: str | None = None,
        end_str: str | None = None,
        batch_padding: bool = False,
        extract_pred_after_decode: bool = False,
        tokenizer_only: bool = False,
        use_fastchat_template: bool = False,
        model_kwargs: Mapping[str, Any] | None = None,
        **arguments: Any,
    ) -> None:
        if use_fastchat_template:
            raise ConfigError(
                'use_fastchat_template=True is not supported: use HuggingFacewithChatTemplate, '
                "which takes the tokenizer's own template"
            )
        if tokenizer_only:
            raise ConfigError('tokenizer_only=True is not supported: it leaves nothing to ask')
        self.end_str = end_str
        model_kwargs = _with_cache_dir(model_kwargs, hf_cache_dir)
        super().__init__(path, model_kwargs=model_kwargs, **arguments)

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield the completions, each cut before `end_str` too."""
        return super().generate(self._with_end(request) for request in requests)

    def _with_end(self, request: Request) -> Request:
        if not self.end_str:
            return request
        stop = (*request.params.stop, self.end_str)
        return replace(request, params=replace(request.params, stop=stop))


def _with_cache_dir(
    model_kwargs: Mapping[str, Any] | None, cache_dir: str | None
) -> Mapping[str, Any] | None:
    return {'cache_dir': cache_dir, **(model_kwargs or {})} if cache_dir else model_kwargs


HuggingFace = HuggingFaceCausalLM
"""The class from which OpenCompass's is made; configs name either."""
