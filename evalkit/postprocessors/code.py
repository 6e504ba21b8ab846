"""Program text in answers: fenced blocks, tags, and code without either."""

import re
from textwrap import dedent

BLOCK = re.compile(r'(```|~~~)[^\S\n]*([\w+#.-]*)[^\S\n]*\n(.*?)(?:\1|\Z)', re.DOTALL)
"""A block whose end is missing, since the answer was cut, goes to the end of the text."""

CODE = re.compile(r'^[^\S\n]*(?:(?:async\s+)?def|class|import|from|return)\b', re.MULTILINE)
PYTHON_NAMES = ('python', 'python3', 'py')
BEGIN_TAG = re.compile(r'\[BEGIN\]\s*?\n?')
DONE_TAG = re.compile(r"'?\s*\[DONE\]")


def code_blocks(text: str) -> list[str]:
    """Return the fenced blocks of a text; those that hold code, if any does."""
    blocks = [dedent(match[3]) for match in BLOCK.finditer(text)]
    return [block for block in blocks if CODE.search(block)] or blocks


def first_code(text: str) -> str:
    """Return the first fenced block of code; a text without one comes back with its indentation."""
    blocks = code_blocks(text)
    return blocks[0] if blocks else text.strip('\n')


def last_code(text: str) -> str:
    """Return the last fenced block of code, as for models that think aloud before."""
    blocks = code_blocks(text)
    return blocks[-1] if blocks else text.strip('\n')


def last_python_block(text: str) -> str:
    """Return the last fenced block that says it is Python, or else the last one, or all.

    A short script may have nothing by which code is told from other text.
    """
    blocks = [(match[2].lower(), dedent(match[3])) for match in BLOCK.finditer(text)]
    python = [block for language, block in blocks if language in PYTHON_NAMES]
    return [text.strip('\n'), *(block for _, block in blocks), *python][-1]


def tagged_code(text: str) -> str:
    """Return what stands between `[BEGIN]` and `[DONE]`, perhaps in quotes, or else the block.

    Worked examples of MBPP end an answer so; the opening tag may be a part of the prompt. A base
    model goes on with problems of its own, so that the first closing tag is the end.
    """
    text = DONE_TAG.split(text, maxsplit=1)[0]
    text = BEGIN_TAG.split(text, maxsplit=1)[-1]
    text = text.replace('\r\n', '\n').replace('\\_', '_')
    if text.lstrip().startswith("'") and not text.lstrip().startswith("'''"):
        text = text.lstrip()[1:]
    return first_code(text)
