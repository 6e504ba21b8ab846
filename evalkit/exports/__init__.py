"""The answers of a run in the files of other projects: a module a format, named by `--export`."""

from collections.abc import Mapping

FORMATS: Mapping[str, str] = {
    'opencompass': 'evalkit.exports.opencompass.export_opencompass',
    'llamafactory': 'evalkit.exports.llamafactory.export_llamafactory',
}
"""By the name of a format, the path of the function that writes it, so that `--help` imports none.

It is called with the `Answers` of one model to one dataset and the folder `<run>/exports/<name>`,
which is the same for all models and datasets.
"""

__all__ = ['FORMATS']
