"""A dataset of your own: any .jsonl, .json or .csv file, one row a sample."""

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.config import did_you_mean
from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_rows
from evalkit.errors import ConfigError
from evalkit.evaluators import BaseEvaluator, Scores
from evalkit.postprocessors import first_option_postprocess


class CustomDataset(BaseDataset):
    """The rows of a file, as they are: a prompt template names its columns.

    `path` is the file, or its folder where `file_name` names the file (OpenCompass's spelling).
    `local_mode` is accepted for OpenCompass's configs and has no effect.
    """

    @staticmethod
    def load(
        path: str, file_name: str | None = None, local_mode: bool = False
    ) -> list[dict[str, Any]]:
        """Read the rows of `path`."""
        return read_rows(find_data(f'{path}/{file_name}' if file_name else path))


class CustomChoiceDataset(BaseDataset):
    """Rows of multiple-choice questions, for `OptionSimAccEvaluator`.

    The options are the columns `options`. In the column `answer`, which holds the right letter,
    stands a mapping of `answer` and all options instead: that is the reference.
    """

    @staticmethod
    def load(path: str, options: Sequence[str], answer: str = 'answer') -> list[dict[str, Any]]:
        """Read the rows of `path`."""
        rows = read_rows(find_data(path))
        return [choice_row(row, options, answer, f'{path}, row {n}') for n, row in enumerate(rows)]


def choice_row(
    row: Mapping[str, Any], options: Sequence[str], answer: str, place: str
) -> dict[str, Any]:
    """Return a row with what is needed to tell whether an answer is right."""
    missing = next((name for name in (*options, answer) if name not in row), None)
    if missing is not None:
        raise ConfigError(f'{place}: there is no column {missing}{did_you_mean(missing, row)}')
    right = str(row[answer]).strip()
    if right not in options:
        raise ConfigError(
            f'{place}: the answer {right!r:.40} is none of the options {", ".join(options)}'
        )
    texts = {name: '' if row[name] is None else str(row[name]) for name in options}
    return {**row, **texts, answer: {'answer': right, **texts}}


class OptionSimAccEvaluator(BaseEvaluator):
    """`accuracy`: whether an answer names the right option, by its letter or by its text.

    The letter is what `first_option_postprocess` finds stated; without one, the only option whose
    text stands in the answer. (OpenCompass takes the option that is nearest by edit distance for
    the rest, so that an answer that says nothing is often right.)
    """

    def __init__(self, options: Sequence[str]) -> None:
        wrong = next((name for name in options if len(name) != 1 or not name.isupper()), None)
        if wrong is not None or not options:
            raise ConfigError(f'options must be capital letters, not {wrong or options!r}')
        self.options = list(options)

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare with a letter, or with a mapping of `answer` and the texts of the options."""
        texts = reference if isinstance(reference, Mapping) else {'answer': reference}
        return {'accuracy': float(self.chosen(str(output), texts) == texts['answer'])}

    def chosen(self, output: str, texts: Mapping[str, Any]) -> str:
        """Return the letter of the option that an output names, or ''."""
        output = output.strip()
        if output in self.options:
            return output
        stated = first_option_postprocess(output, ''.join(self.options), cushion=False)
        if stated:
            return stated
        known = {name: str(texts[name]).strip().casefold() for name in self.options & texts.keys()}
        named = [name for name, text in known.items() if text and text in output.casefold()]
        return named[0] if len(named) == 1 else ''
