"""Cuts prompts that exceed the context, with a tokenizer of one's own, where a config asks so."""

from collections.abc import Callable

from evalkit.errors import ConfigError
from evalkit.models.context import fit_context
from evalkit.models.encoding import PromptEncoder
from evalkit.models.huggingface_loading import load_tokenizer
from evalkit.types import Message, Prompt, Request

Fit = Callable[[Request], tuple[Prompt, int]]
"""Returns the prompt of a request as it fits, and how many of its tokens were cut."""

MAX_CUTS = 8
MARGIN = 4  # tokens cut in addition, since a cut text may be tokenised into more


def make_truncation(
    mode: str, tokenizer_path: str | None, max_seq_len: int | None, *, is_chat: bool
) -> Fit | None:
    """Return what cuts the prompt of a request to fit, or None where nothing is to be cut.

    `mode` names the part that is dropped: 'front', 'mid' or 'rear'.
    """
    if mode == 'none':
        return None
    if not tokenizer_path or not max_seq_len:
        raise ConfigError(
            f"mode='{mode}' cuts prompts: name a `tokenizer_path` to count tokens with, and the "
            '`max_seq_len` that they must fit'
        )
    tokenizer = load_tokenizer(tokenizer_path, {}, {})
    encoder = PromptEncoder(tokenizer, is_chat=is_chat and bool(tokenizer.chat_template))
    return Truncation(encoder, mode, max_seq_len, is_chat=is_chat)


class Truncation:
    """Cuts the text of a base model, or the longest message of a chat."""

    def __init__(
        self, encoder: PromptEncoder, mode: str, max_seq_len: int, *, is_chat: bool
    ) -> None:
        self.encoder = encoder
        self.mode = mode
        self.max_seq_len = max_seq_len
        self.is_chat = is_chat

    def __call__(self, request: Request) -> tuple[Prompt, int]:
        """Return the prompt, cut if it and `max_out_len` exceed the context."""
        prompt = request.prompt
        limit = min(self.max_seq_len, request.params.max_seq_len or self.max_seq_len)
        room = limit - request.params.max_out_len
        num_whole = num_left = self._count(prompt)
        for _ in range(MAX_CUTS):
            if num_left <= room:
                break
            prompt = self._cut(prompt, num_left - room + MARGIN)
            num_left = self._count(prompt)
        return prompt, num_whole - num_left

    def _count(self, prompt: Prompt) -> int:
        if isinstance(prompt, str) or self.encoder.is_chat:
            return len(self.encoder.encode(prompt))
        return sum(len(self._ids(message['content'])) for message in prompt)

    def _cut(self, prompt: Prompt, excess: int) -> Prompt:
        if isinstance(prompt, str):
            return self._cut_text(prompt, excess)
        longest = max(range(len(prompt)), key=lambda number: len(prompt[number]['content']))
        return [
            _with_text(message, self._cut_text(message['content'], excess))
            if number == longest
            else message
            for number, message in enumerate(prompt)
        ]

    def _cut_text(self, text: str, excess: int) -> str:
        ids = self._ids(text)
        return self.encoder.decode(fit_context(ids, 0, len(ids) - excess, self.mode))

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.encoder.tokenizer(text, add_special_tokens=False)['input_ids']
        return ids


def _with_text(message: Message, text: str) -> Message:
    return {**message, 'content': text}
