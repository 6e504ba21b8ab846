"""Retrievers that choose the rows most like the sample, or those before it."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.config import import_extra
from evalkit.errors import ConfigError
from evalkit.prompts.bm25 import Bm25, words
from evalkit.prompts.retrievers import BaseRetriever, Row
from evalkit.types import Sample


class NearestRetriever(BaseRetriever):
    """The `ice_num` rows whose input columns are most like those of the sample, the best first.

    A row that is the sample itself (where train and test are the same rows) is left out: it would
    give the answer away. Of rows that fit equally well the first come first.
    """

    def __init__(
        self, ice_separator: str = '\n', ice_eos_token: str = '\n', ice_num: int = 1
    ) -> None:
        super().__init__(ice_separator, ice_eos_token, ice_num)
        self.input_columns: Sequence[str] = ()

    @abstractmethod
    def index(self, texts: Sequence[str]) -> None:
        """Look at the texts of the train split once."""

    @abstractmethod
    def likeness(self, text: str) -> Mapping[int, float]:
        """Return how much rows of the train split are like a text; those left out have 0."""

    def prepare(self, train: Sequence[Row], input_columns: Sequence[str] = ()) -> None:
        """Build the index over the input columns."""
        if self.ice_num > len(train):
            raise ConfigError(
                f'ice_num is {self.ice_num}, but the train split has {len(train)} rows'
            )
        if not input_columns:
            raise ConfigError(
                f'{type(self).__name__} compares the input columns of rows: name them in '
                'reader_cfg.input_columns'
            )
        self.input_columns = input_columns
        self.index([self.text(row) for row in train])

    def text(self, row: Mapping[str, Any]) -> str:
        """Return the input columns of a row with spaces between them."""
        return ' '.join(str(row[column]) for column in self.input_columns)

    def retrieve(self, sample: Sample, train: Sequence[Row]) -> list[Row]:
        """Return the rows that are most like a sample."""
        likeness = self.likeness(self.text(sample.fields))
        best = sorted(range(len(train)), key=lambda row: (-likeness.get(row, 0.0), row))
        others = (train[row] for row in best if train[row] != sample.fields)
        return [row for row, _ in zip(others, range(self.ice_num), strict=False)]


class BM25Retriever(NearestRetriever):
    """The rows that share the most telling words with the sample (Okapi BM25).

    Words are cut by a regular expression, and not by NLTK as in OpenCompass, which would have to
    be downloaded: punctuation may count a little differently there.
    """

    def index(self, texts: Sequence[str]) -> None:
        """Count the words of each row."""
        self.bm25 = Bm25([words(text) for text in texts])

    def likeness(self, text: str) -> Mapping[int, float]:
        """Return the BM25 score of the rows that share a word with the text."""
        return self.bm25.scores(words(text))


class TopkRetriever(NearestRetriever):
    """The rows whose sentence embeddings have the greatest inner product with the sample's.

    It needs the package sentence-transformers and the model, a hub id or a folder. `tokenizer_name`
    is accepted for OpenCompass's configs and has no effect.
    """

    def __init__(
        self,
        ice_separator: str = '\n',
        ice_eos_token: str = '\n',
        ice_num: int = 8,
        sentence_transformers_model_name: str = 'all-mpnet-base-v2',
        tokenizer_name: str | None = None,
        batch_size: int = 10,
    ) -> None:
        super().__init__(ice_separator, ice_eos_token, ice_num)
        self.model_name = sentence_transformers_model_name
        self.batch_size = batch_size
        self.model: Any = None

    def index(self, texts: Sequence[str]) -> None:
        """Embed each row."""
        self.embeddings = self.embed(texts)

    def likeness(self, text: str) -> Mapping[int, float]:
        """Return the inner products of all rows with the text."""
        [query] = self.embed([text])
        return dict(enumerate((self.embeddings @ query).tolist()))

    def embed(self, texts: Sequence[str]) -> Any:
        """Return an array with the embedding of each text in a row."""
        if self.model is None:
            package = import_extra('sentence_transformers', 'topk')
            self.model = package.SentenceTransformer(self.model_name)
        return self.model.encode(list(texts), batch_size=self.batch_size, show_progress_bar=False)


class SlidingWindowRetriever(BaseRetriever):
    """The `k` rows before the sample's own number; before the first row comes the last."""

    def __init__(
        self,
        k: int,
        ice_separator: str = '\n',
        ice_eos_token: str = '\n',
        ice_num: int = 1,
    ) -> None:
        super().__init__(ice_separator, ice_eos_token, ice_num)
        self.k = k

    def retrieve(self, sample: Sample, train: Sequence[Row]) -> list[Row]:
        """Return the rows of the window."""
        if self.k > len(train):
            raise ConfigError(f'k is {self.k}, but the train split has {len(train)} rows')
        first = sample.index - self.k
        return [train[number % len(train)] for number in range(first, sample.index)]
