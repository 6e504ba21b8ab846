"""Stop words, cut on our side so that every backend cuts them in the same way."""

from collections.abc import Iterable


def trim_stop(text: str, stop: Iterable[str]) -> tuple[str, bool]:
    """Return `text` up to the first occurrence of any stop string, and whether there was one."""
    found = [place for word in stop if word and (place := text.find(word)) >= 0]
    return (text[: min(found)], True) if found else (text, False)
