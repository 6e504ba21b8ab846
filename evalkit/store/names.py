"""File names for abbreviations, which users write as they like."""

import re
import unicodedata
from hashlib import sha256

MAX_BYTES = 120
_KEPT_CHARACTERS = 40
_NOT_SAFE = re.compile(r'[^\w.+=@,-]|^[.-]|\.$|^$')
_LOOKS_HASHED = re.compile(r'-[0-9a-f]{8}$')


def safe_name(text: str) -> str:
    """Return a file name for `text`: the text itself where it can be one, else part of it and a
    short hash, so that two texts never share a name on a file system that tells 'a' from 'A'.
    """
    name = _NOT_SAFE.sub('_', text)
    # Composed and decomposed letters are one name to some file systems.
    is_plain = name == text and unicodedata.is_normalized('NFC', text)
    if is_plain and len(name.encode()) <= MAX_BYTES and not _LOOKS_HASHED.search(name):
        return name
    digest = sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]
    return f'{name[:_KEPT_CHARACTERS]}-{digest}'
