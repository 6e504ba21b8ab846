"""Which language a text is in, by the package that IFEval's authors use."""

import importlib
from typing import Any

from evalkit.config import import_extra

SEED = 0
"""langdetect draws at random; with a seed the same text is always in the same language."""


def detector() -> Any:
    """Return the package `langdetect`, made deterministic."""
    langdetect = import_extra('langdetect', 'scoring')
    importlib.import_module('langdetect.detector_factory').DetectorFactory.seed = SEED
    return langdetect


def is_language(text: str, language: str) -> bool:
    """Whether a text is in a language (ISO 639-1); one without words is in any."""
    langdetect = detector()
    try:
        found: str = langdetect.detect(text)
    except langdetect.LangDetectException:
        return True
    return found == language or found.split('-')[0] == language
