"""Samples as long as there is room for, in the tokens of a tokenizer."""

import random
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from evalkit.config import import_extra
from evalkit.datasets.ruler_text import Maker
from evalkit.errors import ConfigError

MAX_SIZE = 1 << 21

Rows = list[dict[str, Any]]
Counter = Callable[[str], int]


@cache
def token_counter(tokenizer_model: str) -> Counter:
    """Return what counts the tokens of a text."""
    if tokenizer_model == 'gpt-4':
        tiktoken = import_extra('tiktoken', 'ruler')
        try:
            encoding = tiktoken.encoding_for_model(tokenizer_model)
        except OSError as error:
            raise no_tokenizer(tokenizer_model, error) from error
        return lambda text: len(encoding.encode(text))
    tokenizers = import_extra('tokenizers', 'ruler')
    folder = Path(tokenizer_model).expanduser()
    try:
        if folder.is_dir():
            tokenizer = tokenizers.Tokenizer.from_file(str(folder / 'tokenizer.json'))
        else:
            tokenizer = tokenizers.Tokenizer.from_pretrained(tokenizer_model)
    except Exception as error:
        raise no_tokenizer(tokenizer_model, error) from error
    return lambda text: len(tokenizer.encode(text).ids)


def no_tokenizer(name: str, error: Exception) -> ConfigError:
    """Return the error of a tokenizer that cannot be had."""
    text = ' '.join(str(error).split())
    return ConfigError(
        f'RULER: the tokenizer {name} cannot be had ({text:.120}); give tokenizer_model the folder '
        'of the model, or set TOKENIZER_MODEL for the shipped configs'
    )


class Fitter:
    """Makes samples that are as long as there is room."""

    def __init__(self, num_tokens: int, tokenizer_model: str, seed: int, is_flat: bool) -> None:
        self.num_tokens = num_tokens
        self.count = token_counter(tokenizer_model)
        self.seed = seed
        self.is_flat = is_flat

    def rows(self, makers: Sequence[Maker], least: int = 1, most: int = MAX_SIZE) -> Rows:
        """Return a row for each maker; all have the size that fits the first, or a smaller one."""
        size = self.largest(makers[0], least, most)
        return [self.row(maker, number, size, least) for number, maker in enumerate(makers)]

    def largest(self, make: Maker, least: int, most: int) -> int:
        """Return the largest size whose sample has no more tokens than there is room for."""
        low, high = least, least
        while high < most and self.fits(make, 0, min(2 * high, most)):
            low = high = min(2 * high, most)
        high = min(2 * high, most)
        while high - low > max(1, low // 50):
            middle = (low + high) // 2
            low, high = (middle, high) if self.fits(make, 0, middle) else (low, middle)
        return low

    def row(self, make: Maker, number: int, size: int, least: int) -> dict[str, Any]:
        """Return the sample of a number, made smaller until it fits."""
        while size > least and not self.fits(make, number, size):
            size = max(least, size - max(1, size // 50))
        prompt, answer = make(size, self.draws(number))
        return {'prompt': self.flat(prompt), 'answer': answer}

    def fits(self, make: Maker, number: int, size: int) -> bool:
        """Whether there is room for a sample of this size."""
        prompt, _ = make(size, self.draws(number))
        return self.count(self.flat(prompt)) <= self.num_tokens

    def draws(self, number: int) -> random.Random:
        """Return the draws of a sample: the same whatever its size, and however many there are."""
        return random.Random(f'{self.seed} {number}')

    def flat(self, text: str) -> str:
        """Return the text, in one line if that is wanted."""
        return ' '.join(text.split()) if self.is_flat else text
