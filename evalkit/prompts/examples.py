"""Join rendered examples to what stands at their place in a prompt."""

from collections.abc import Sequence

from evalkit.prompts.dialogue import Dialogue, Rendered
from evalkit.types import Message


def join_examples(examples: Sequence[Rendered], separator: str, end: str) -> Rendered:
    """Return one text, dialogue or list of messages.

    Between texts stands `separator`, and `end` after the last; each dialogue is followed by
    `separator`. Messages need neither.
    """
    if all(isinstance(example, str) for example in examples):
        return separator.join(map(str, examples)) + end
    messages: list[Message] = []
    parts: Dialogue = ()
    for example in examples:
        if isinstance(example, list):
            messages += example
        else:
            dialogue = (example,) if isinstance(example, str) else example
            parts = (*parts, *dialogue, *filter(None, [separator]))
    return messages or (*parts, *filter(None, [end]))
