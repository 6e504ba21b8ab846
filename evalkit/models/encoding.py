"""Prompts to token ids, in one place for all engines: no doubled BOS, no template applied twice."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from evalkit.errors import ConfigError
from evalkit.models.request_error import RequestError
from evalkit.models.tools import offered_tools, without_tools
from evalkit.types import Message, Prompt

FROZEN_DATE = date(2024, 7, 26)
"""What a chat template reads as today, so that a prompt is the same tomorrow."""


NUM_CONTEXTS = 16  # of which the ids are remembered


class PromptEncoder:
    """Renders prompts with a Hugging Face tokenizer.

    A chat model's prompt goes through the chat template, which writes the special tokens itself; a
    base model's text gets those that the tokenizer adds. Either way the ids begin with at most one
    BOS. `chat_template_kwargs` are handed to the template (for instance `enable_thinking=False`).
    """

    def __init__(
        self,
        tokenizer: Any,
        *,
        is_chat: bool,
        chat_template_kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        named_template = (chat_template_kwargs or {}).get('chat_template')
        if is_chat and not (tokenizer.chat_template or named_template):
            raise ConfigError(
                f'{tokenizer.name_or_path} has no chat template: use HuggingFaceBaseModel, '
                "or name a tokenizer that has one with 'tokenizer_path'"
            )
        if chat_template_kwargs and not is_chat:
            raise ConfigError('a base model uses no chat template: chat_template_kwargs')
        self.tokenizer = tokenizer
        self.is_chat = is_chat
        # The options of a question have one context, and follow each other.
        self._encode_context = lru_cache(maxsize=NUM_CONTEXTS)(
            self._encode_rendered if is_chat else self._encode_text
        )
        self.template_kwargs = {
            'strftime_now': FROZEN_DATE.strftime,
            **(chat_template_kwargs or {}),
        }

    def encode(self, prompt: Prompt) -> list[int]:
        """Return the ids to generate from; a last assistant message is continued."""
        if self.is_chat:
            return self._encode_rendered(self.render(prompt))
        return self._encode_text(self._text(prompt))

    def encode_pair(self, context: Prompt, continuation: Prompt) -> tuple[list[int], int]:
        """Return the ids of both, tokenised together, and how many of them are the context's.

        0 means that there is no context. White space at the end of a base model's context counts
        as part of the continuation (as in lm-evaluation-harness), and so does a token that reaches
        over the boundary (which lm-evaluation-harness leaves out, unless nothing else is left):
        no token is split otherwise than in the running text, and none of it goes unscored.
        """
        if not context:
            return self._encode_whole(continuation), 0
        if not isinstance(continuation, str):
            raise RequestError('bad_request', 'messages as continuation take no context')
        if self.is_chat:
            prefix = self.render(context)
            ids, head = self._encode_rendered(prefix + continuation), self._encode_context(prefix)
        else:
            text = self._text(context)
            ids, head = self._encode_text(text + continuation), self._encode_context(text.rstrip())
        return ids, max(1, _num_shared(ids, head))

    def render(self, prompt: Prompt, *, ask: bool = True) -> str:
        """Return a chat prompt as text; `ask` lets it end where the assistant's turn begins."""
        messages = [{'role': 'user', 'content': prompt}] if isinstance(prompt, str) else prompt
        return self._apply_template(messages, continues=ask and _is_begun(messages), ask=ask)

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of an answer, without special tokens and otherwise untouched."""
        text: str = self.tokenizer.decode(
            ids, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text

    def special_ids(self, words: Sequence[str]) -> set[int]:
        """Return the ids of those `words` that are special tokens, which no decoded text shows."""
        tokens = self.tokenizer.added_tokens_decoder.items()
        return {number for number, token in tokens if token.special and token.content in words}

    def _apply_template(self, messages: Sequence[Message], *, continues: bool, ask: bool) -> str:
        from jinja2 import TemplateError

        try:
            text: str = self.tokenizer.apply_chat_template(
                without_tools(messages),
                tools=self._tools(messages),
                tokenize=False,
                add_generation_prompt=ask and not continues,
                continue_final_message=continues,
                **self.template_kwargs,
            )
        except (TemplateError, ValueError) as error:
            reason = str(error).split('\n')[0]
            raise RequestError('bad_request', f'the chat template refuses: {reason}') from error
        return text

    def _tools(self, messages: Sequence[Message]) -> list[Any] | None:
        """Return the tools on offer; a template that knows none would hide them."""
        tools = offered_tools(messages)
        template = self.template_kwargs.get('chat_template') or self.tokenizer.chat_template
        if tools is not None and 'tools' not in str(template):
            raise RequestError('bad_request', 'the chat template has no place for tools')
        return tools

    def _text(self, prompt: Prompt) -> str:
        if isinstance(prompt, str):
            return prompt
        raise ConfigError(
            'a base model takes texts, not messages: use HuggingFacewithChatTemplate for messages'
        )

    def _encode_whole(self, prompt: Prompt) -> list[int]:
        if self.is_chat:
            return self._encode_rendered(self.render(prompt, ask=isinstance(prompt, str)))
        return self._encode_text(self._text(prompt))

    def _encode_rendered(self, text: str) -> list[int]:
        return self._with_one_bos(self.tokenizer(text, add_special_tokens=False)['input_ids'])

    def _encode_text(self, text: str) -> list[int]:
        ids = self._with_one_bos(self.tokenizer(text)['input_ids'])
        eos = self.tokenizer.eos_token
        # An EOS that the tokenizer appends would end the prompt before the answer.
        if eos and len(ids) > 1 and ids[-1] == self.tokenizer.eos_token_id:
            return ids if text.endswith(eos) else ids[:-1]
        return ids

    def _with_one_bos(self, ids: Sequence[int]) -> list[int]:
        bos = self.tokenizer.bos_token_id
        start = 0
        while bos is not None and list(ids[start : start + 2]) == [bos, bos]:
            start += 1
        return list(ids[start:])


def _is_begun(messages: Sequence[Message]) -> bool:
    return bool(messages) and messages[-1]['role'] == 'assistant'


def _num_shared(left: Sequence[int], right: Sequence[int]) -> int:
    pairs = zip(left, right, strict=False)
    return next(
        (place for place, (one, other) in enumerate(pairs) if one != other),
        min(len(left), len(right)),
    )
