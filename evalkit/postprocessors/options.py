"""The letter of an option in an answer to a multiple-choice question."""

import re
from collections.abc import Sequence
from functools import cache

STATEMENTS = (
    # Chinese for "the answer is" in its many forms
    r'答案是?\s*[:：]?\s*@',
    r'答案选项(?:应?该?[是为]|为?\s*：|是?\s*:)\s*@',
    r'答案选项为?\s+\(?\*{0,2}@',
    r'答案应该?[是选]\s*@',
    r'答案[为选]\s*@',
    r'选择?\s*@',
    # which statement alone is right or wrong
    r'只有选?项?\s?@\s?(?:是?[对错]|不?正确|错误)',
    r'说法(?:不?对|不?正确|错误)选?项?的?是\s?@',
    r'@\s?是正确(?:的|答案)',
    r'选项\s?@\s?正确',
    # a conclusion at the end
    r'所以答\s?@',
    r'所[以有]\s?@[.。$]?$',
    r'[\s，：:,]@[。，,.]?$',
    r'[\s，,：:](?:[故即]|因此)@[。.]?$',
    r'[是为。]\s?@[。.]?$',
    r'(?:因此|显然)\s?@[。.]?$',
    # the answer as a phrase that has the letter somewhere
    r'答案(?:应该)?[是为]\s?(\S+)(?:。|$)',
    # English
    r'(?i:answer)\s*[:：]\s*[(*]*@',
    r'[Tt]he (?:correct )?answer is(?: option)?:?\s+\(?\*{0,2}@',
    r'[Tt]he correct (?:answer|option|answer option) is:?.*?boxed\{@\}',
    r'[Tt]he answer to the question is:?\s+\(?@',
    # the letter first
    r'^选项\s?@',
    r'^@\s?选?项',
    r'^@[\s。，,：:.$]',
    r'^1[.、．]\s?@',
)
"""Statements of an answer, the plainest first; `@` is the letter."""

GUESSES = ('@:', '@')
"""What is left where nothing states an answer: a letter before a colon, or any letter."""


def first_option_postprocess(text: str, options: Sequence[str], cushion: bool = True) -> str:
    """Return the option letter (of `options`, such as 'ABCD') that a text states as its answer.

    The plainest statement wins, wherever it stands. With `cushion`, a text that states nothing
    gives its first option letter; without, ''. (OpenCompass takes '1' and any character for a
    numbered answer, and so finds a letter in every text with a number; here '1. A' is one.)
    """
    text = text.strip()
    for pattern in patterns(''.join(options), cushion):
        match = pattern.search(text)
        letter = next((option for option in options if match and option in match[1]), '')
        if letter:
            return letter
    return ''


@cache
def patterns(options: str, cushion: bool) -> tuple[re.Pattern[str], ...]:
    """Return the patterns for these option letters."""
    letter = f'([{re.escape(options)}])'
    templates = STATEMENTS + GUESSES if cushion else STATEMENTS
    return tuple(re.compile(each.replace('@', letter), re.DOTALL) for each in templates)


def last_option_postprocess(text: str, options: Sequence[str]) -> str:
    """Return the last of the option letters that stands in a text, or ''."""
    return next((letter for letter in reversed(text) if letter in options), '')


def first_capital_postprocess(text: str) -> str:
    """Return the first capital letter, or ''."""
    return next((letter for letter in text if letter.isupper()), '')


def last_capital_postprocess(text: str) -> str:
    """Return the last capital letter, or ''."""
    return first_capital_postprocess(text[::-1])


def first_capital_postprocess_multi(text: str) -> str:
    """Return the first run of the letters A to D, such as 'ACD', or ''."""
    match = re.search('[A-D]+', text)
    return match[0] if match else ''


def multiple_select_postprocess(text: str) -> str:
    """Return the different capital letters of a text in their order, such as 'ACD'."""
    return ''.join(sorted({letter for letter in text if letter.isupper()}))
