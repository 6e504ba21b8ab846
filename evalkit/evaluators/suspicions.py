"""What in a program could make tests pass that should not: nothing inside a process can stop it.

A program that uses one of these is run and scored as any other. Where it passes, its details and
the table say so, for a person to look at it.
"""

import re

SUSPICIONS = {
    'an object that says what it equals': (
        r'def\s+__(?:eq|ne|lt|gt|le|ge|hash|bool|instancecheck)__'
    ),
    'frames, tracing or the garbage collector': (
        r'\b(?:_getframe|_current_frames|settrace|setprofile|f_back|f_lineno|f_globals|gc\.get_)'
    ),
    'built-in names': r'\b(?:__builtins__|builtins)\b',
    'the framework of the tests': r'\b(?:unittest|pytest)\b',
    'memory or the interpreter itself': r'\b(?:ctypes|_ctypes|/proc/|memoryview\(b|sys\.modules)\b',
    'other processes or threads': r'\b(?:os\.fork|_exit|atexit|threading|multiprocessing)\b',
    'descriptors': r'\bos\.(?:write|dup2?|read|fstat)\b',
    'names put together at run time': r'\b(?:exec|eval|compile|__import__)\s*\(',
}
"""What a program may use, and the pattern that shows it."""


def suspicions(text: str) -> list[str]:
    """Return what in a program could forge its pass."""
    return [what for what, pattern in SUSPICIONS.items() if re.search(pattern, text)]
