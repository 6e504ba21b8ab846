"""Answers that another project's runs left, as answers of ours, so that they are scored here."""

from evalkit.imports.opencompass import Imported, import_opencompass

__all__ = ['Imported', 'import_opencompass']
