"""Where a mathematical solution states its final answer."""

import re

BOX = re.compile(r'\\(?:boxed|fbox)\s*(\{|[^\s{}\\])')
NEAR = 10
"""Boxes with fewer characters between them are parts of one answer."""

MAX_BETWEEN = 60
BETWEEN_BOXES = re.compile(
    r'(?:[\s$,;]|\\[,;:()\[\]]|\\q?quad\b|\\text\s*\{\s*(?:and|or)\s*\}|\b(?:and|or)\b)*'
)
"""Spaces and words that join the parts of one answer, however many."""

MAX_BOXES = 30
"""As many are looked at: a model that goes round in circles may write thousands."""

ANCHOR = re.compile(
    r"""(?:\banswers?\b|答案)(?:\s+(?:to|of|for)\b[^.\n:$]{0,80}?)?[\s*_]*
    (?:(?:is|are|=|为|是|应为)[\s*_]*[:：]?|[:：])[\s*_]*
    | ^[ *\#]*(?:final\s+)?answer[\s*_]*(?=\$|\\[(\[])""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
FORMULA = re.compile(r'\$\$(.+?)\$\$|\$((?:\\\$|[^$\n])+)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]', re.DOTALL)
FINAL = re.compile(
    rf'\bfinal\s+answer(?:\s+is)?[\s*_]*:?[\s*_]*(?=(?:{FORMULA.pattern})[\s*_]*(?:\.|\n|\Z))',
    re.IGNORECASE | re.DOTALL,
)
"""A formula that is called the final answer counts more than a box before it."""

VALUE = r'(?=[-+−$\\(\[{\d])'
GOES_ON = re.compile(
    rf',|and\b|or\b|\\?%|per ?cent|pct\b|(?:is|are|equals?)\s+{VALUE}', re.IGNORECASE
)
LEADING_CLAUSE = re.compile(rf'(?=[A-Za-z$])[^\d\n]*\b(?:is|are|equals?)\s+{VALUE}')
"""What is said to have a value, as in 'the largest n is 34'."""

SENTENCE_END = re.compile(r'(?:[.。!](?=\s|\*|$)|,?\s+(?:because|since|which|so|where)\b)')
MAX_BARE = 80
"""An output of one line that is no longer is an answer without words around it."""


def final_answer(text: str) -> str | None:
    """Return what stands in the last box, after the last 'answer is', or a bare answer.

    Nothing is fished out of a reasoning that names no answer: the last number of one that was cut
    would be right by chance.
    """
    text = text.rpartition('</think>')[2].strip()
    boxed = last_box(text)
    if boxed is not None:
        return later_answer(text) or boxed
    anchors = list(ANCHOR.finditer(text))
    if anchors:
        sentence = cut_sentence(text[anchors[-1].end() :])
        return LEADING_CLAUSE.sub('', sentence, count=1)
    return bare_answer(text)


def later_answer(text: str) -> str | None:
    """Return the formula that is called the final answer after the last box, if one is."""
    finals = list(FINAL.finditer(text))
    boxes = list(BOX.finditer(text))
    is_later = bool(finals) and finals[-1].start() > boxes[-1].start()
    return cut_sentence(text[finals[-1].end() :]) if is_later else None


def bare_answer(text: str) -> str | None:
    """Return a short output of one line, or the only formula in it; it states nothing else."""
    formulas = list(FORMULA.finditer(text))
    if len(formulas) == 1:
        [formula] = formulas
        before, after = text[: formula.start()], text[formula.end() :]
        is_only = not re.search(r'[\d\n]', before + after) and not GOES_ON.match(after.strip())
        if is_only and len(before + after) <= MAX_BARE:
            return content(formula)
    is_bare = bool(text) and '\n' not in text and len(text) <= MAX_BARE
    return cut_sentence(text) if is_bare else None


def cut_sentence(text: str) -> str:
    """Return the formula that a text begins with, or its line up to the end of the sentence."""
    text = text.strip()
    match = FORMULA.match(text)
    rest = text[match.end() :].partition('\n')[0].strip(' .*') if match else ''
    if match and not GOES_ON.match(rest):
        return content(match)
    return SENTENCE_END.split(text.partition('\n')[0], maxsplit=1)[0]


def content(formula: re.Match[str]) -> str:
    """Return what stands between the marks of a formula."""
    return next(part for part in formula.groups() if part is not None)


def last_box(text: str) -> str | None:
    """Return the content of the last box; of several close together, all of them."""
    contents: list[str] = []
    before = len(text)
    for match in reversed(list(BOX.finditer(text))[-MAX_BOXES:]):
        inside, end = box_content(text, match)
        if end > before:  # a box inside of the one that was read
            contents = []
        elif contents and not are_joined(text[end:before]):
            break
        before = match.start()
        if inside not in contents:
            contents.insert(0, inside)
    return ', '.join(contents) if contents else None


def are_joined(between: str) -> bool:
    """Whether boxes with this between them are parts of one answer."""
    is_list = len(between) <= MAX_BETWEEN and BETWEEN_BOXES.fullmatch(between) is not None
    return is_list or len(between) < NEAR


def box_content(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Return what a box holds and where it ends; one that is never closed holds the rest."""
    if match[1] != '{':
        return match[1], match.end()
    depth = 1
    for place in range(match.end(), len(text)):
        depth += {'{': 1, '}': -1}.get(text[place], 0)
        if not depth:
            return text[match.end() : place], place + 1
    return text[match.end() :], len(text)
