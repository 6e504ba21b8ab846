"""Retrievers choose the rows of the train split that stand as examples before a sample."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from evalkit.errors import ConfigError
from evalkit.types import Sample

Row = Mapping[str, Any]


class BaseRetriever(ABC):
    """Chooses examples; `ice_separator` and `ice_eos_token` stand between and after text ones."""

    def __init__(
        self, ice_separator: str = '\n', ice_eos_token: str = '\n', ice_num: int = 0
    ) -> None:
        self.ice_separator = ice_separator
        self.ice_eos_token = ice_eos_token
        self.ice_num = ice_num

    def prepare(  # noqa: B027 - most need nothing
        self, train: Sequence[Row], input_columns: Sequence[str] = ()
    ) -> None:
        """Look at the whole train split once, before the first sample; an index is built here."""

    @abstractmethod
    def retrieve(self, sample: Sample, train: Sequence[Row]) -> list[Row]:
        """Return the examples of a sample in the order of the prompt."""


class ZeroRetriever(BaseRetriever):
    """No examples, and nothing in their place."""

    def __init__(self, ice_eos_token: str = '') -> None:
        super().__init__(ice_separator='', ice_eos_token=ice_eos_token)

    def retrieve(self, sample: Sample, train: Sequence[Row]) -> list[Row]:
        """Return nothing."""
        return []


class FixKRetriever(BaseRetriever):
    """The rows with the numbers of `fix_id_list`, in its order, for every sample."""

    def __init__(
        self,
        fix_id_list: Sequence[int],
        ice_separator: str = '\n',
        ice_eos_token: str = '\n',
        ice_num: int = 0,
    ) -> None:
        super().__init__(ice_separator, ice_eos_token, ice_num)
        if isinstance(fix_id_list, str) or not all(type(row) is int for row in fix_id_list):
            raise ConfigError(f'fix_id_list must be a list of row numbers, not {fix_id_list!r:.80}')
        self.fix_id_list = list(fix_id_list)

    def prepare(self, train: Sequence[Row], input_columns: Sequence[str] = ()) -> None:
        """Check that the train split has the rows."""
        for row in self.fix_id_list:
            if not 0 <= row < len(train):
                raise ConfigError(
                    f'fix_id_list names row {row}, but the train split has {len(train)} rows'
                    f'{" (reader_cfg.train_split names the split)" if not train else ""}'
                )

    def retrieve(self, sample: Sample, train: Sequence[Row]) -> list[Row]:
        """Return the same rows for every sample."""
        self.prepare(train)
        return [train[row] for row in self.fix_id_list]


class RandomRetriever(BaseRetriever):
    """`ice_num` different rows, drawn for each sample by `seed` and its number in the split.

    So a sample has the same examples in every shard and subset. (OpenCompass draws them in the
    order of the samples: its draws differ from these, and change with the range that is asked.)
    A row may be its own example where train and test are the same rows, as in OpenCompass.
    """

    def __init__(
        self,
        ice_num: int = 1,
        seed: int = 43,
        ice_separator: str = '\n',
        ice_eos_token: str = '\n',
    ) -> None:
        super().__init__(ice_separator, ice_eos_token, ice_num)
        self.seed = seed

    def retrieve(self, sample: Sample, train: Sequence[Row]) -> list[Row]:
        """Draw the rows of a sample."""
        if self.ice_num > len(train):
            raise ConfigError(
                f'ice_num is {self.ice_num}, but the train split has {len(train)} rows'
            )
        numbers = Random(f'{self.seed}/{sample.index}').sample(range(len(train)), self.ice_num)
        return [train[number] for number in numbers]
