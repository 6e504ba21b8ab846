"""RULER: synthetic tasks of any length (Hsieh et al., https://arxiv.org/abs/2404.06654).

Samples are made when they are loaded, as long as `max_seq_length` tokens of `tokenizer_model`
allow with `tokens_to_generate` for the answer: 'gpt-4' (by tiktoken), a folder, or a hub id. Essays
and the questions of SQuAD and HotpotQA are files; words come from the package wonderwords.
"""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_json
from evalkit.datasets.ruler_fit import Fitter, Rows
from evalkit.datasets.ruler_text import (
    CommonWords,
    Documents,
    FrequentWords,
    Needles,
    Variables,
    read_essays,
)
from evalkit.errors import ConfigError
from evalkit.evaluators import BaseEvaluator, Scores
from evalkit.evaluators.accuracy import as_texts

SHORT = 4096

NIAH = (
    'Some special magic {type_needle_v} are hidden within the following text. Make sure to '
    'memorize '
    'it. I will quiz you about the {type_needle_v} afterwards.\n{context}\nWhat are all the '
    'special '
    'magic {type_needle_v} for {query} mentioned in the provided text? The special magic '
    '{type_needle_v} for {query} mentioned in the provided text are'
)
CWE = (
    'Below is a numbered list of words. In these words, some appear more often than others. '
    'Memorize '
    'the ones that appear most often.\n{context}\nQuestion: What are the 10 most common words in '
    'the '
    'above list? Answer: The top 10 words that appear most often in the list are:'
)
FWE = (
    'Read the following coded text and track the frequency of each coded word. Find the three most '
    'frequently appeared coded words. {context}\nQuestion: Do not provide any explanation. Please '
    "ignore the dots '....'. What are the three most frequently appeared words in the above coded "
    'text? Answer: According to the coded text above, the three most frequently appeared words are:'
)
VT = (
    'Memorize and track the chain(s) of variable assignment hidden in the following text.\n\n'
    '{context}\nQuestion: Find all variables that are assigned the value {query} in the text '
    'above. '
    'Answer: According to the chain(s) of variable assignment in the text above, {num_v} variables '
    'are assigned the value {query}, they are: '
)
_ONLY = (
    'Answer the question based on the given documents. Only give me the answer and do not output '
    'any '
    'other words.'
)
QA = (
    f'{_ONLY}\n\nThe following are given documents.\n\n{{context}}\n\n{_ONLY}\n\n'
    'Question: {query} Answer:'
)


class RulerNiahDataset(BaseDataset):
    """Needles in a haystack: rows with `prompt` and `answer`, the list of the values asked for."""

    @staticmethod
    def load(  # noqa: PLR0913 - the keys of OpenCompass's configs
        base_path: str = 'data/ruler',
        file_path: str = 'PaulGrahamEssays.jsonl',
        tokens_to_generate: int = 128,
        max_seq_length: int = SHORT,
        tokenizer_model: str = 'gpt-4',
        num_samples: int = 500,
        random_seed: int = 42,
        template: str = NIAH,
        num_needle_k: int = 1,
        num_needle_v: int = 1,
        num_needle_q: int = 1,
        type_haystack: str = 'essay',
        type_needle_k: str = 'words',
        type_needle_v: str = 'numbers',
        remove_newline_tab: str = '',
    ) -> Rows:
        """Make the samples; `type_haystack` is 'essay', 'repeat' or 'needle'."""
        if type_haystack not in ('essay', 'repeat', 'needle'):
            raise ConfigError(f'RULER: type_haystack is essay, repeat or needle: {type_haystack!r}')
        needles = Needles(
            template,
            type_haystack,
            type_needle_k,
            type_needle_v,
            num_needle_k,
            num_needle_v,
            num_needle_q,
            read_essays(f'{base_path}/{file_path}') if type_haystack == 'essay' else (),
        )
        room = max_seq_length - tokens_to_generate
        fitter = Fitter(room, tokenizer_model, random_seed, bool(remove_newline_tab))
        return fitter.rows([needles.make] * num_samples, least=5)


class RulerCweDataset(BaseDataset):
    """The ten most common words of a list."""

    @staticmethod
    def load(  # noqa: PLR0913
        max_seq_length: int = SHORT,
        tokenizer_model: str = 'gpt-4',
        template: str = CWE,
        tokens_to_generate: int = 120,
        freq_cw: int = 30,
        freq_ucw: int = 3,
        num_cw: int = 10,
        num_samples: int = 500,
        random_seed: int = 42,
        remove_newline_tab: str = '',
    ) -> Rows:
        """Make the samples."""
        words = CommonWords(template, num_cw, freq_cw, freq_ucw, max_seq_length < SHORT)
        room = max_seq_length - tokens_to_generate
        fitter = Fitter(room, tokenizer_model, random_seed, bool(remove_newline_tab))
        return fitter.rows([words.make] * num_samples, least=num_cw, most=4096)


class RulerFweDataset(BaseDataset):
    """The three most frequent coded words."""

    @staticmethod
    def load(  # noqa: PLR0913
        max_seq_length: int = SHORT,
        tokenizer_model: str = 'gpt-4',
        template: str = FWE,
        tokens_to_generate: int = 50,
        alpha: float = 2.0,
        coded_wordlen: int = 6,
        num_samples: int = 500,
        random_seed: int = 42,
        remove_newline_tab: str = '',
        vocab_size: int = -1,
    ) -> Rows:
        """Make the samples."""
        num_words = max_seq_length // 50 if vocab_size == -1 else vocab_size
        words = FrequentWords(template, alpha, coded_wordlen, max(num_words, 4))
        room = max_seq_length - tokens_to_generate
        fitter = Fitter(room, tokenizer_model, random_seed, bool(remove_newline_tab))
        return fitter.rows([words.make] * num_samples, least=50)


class RulerVtDataset(BaseDataset):
    """Variables that have the same value by a chain of assignments."""

    @staticmethod
    def load(  # noqa: PLR0913
        max_seq_length: int = SHORT,
        tokenizer_model: str = 'gpt-4',
        template: str = VT,
        tokens_to_generate: int = 30,
        num_chains: int = 1,
        num_hops: int = 4,
        num_samples: int = 500,
        random_seed: int = 42,
        remove_newline_tab: str = '',
    ) -> Rows:
        """Make the samples."""
        variables = Variables(template, num_chains, num_hops)
        room = max_seq_length - tokens_to_generate
        fitter = Fitter(room, tokenizer_model, random_seed, bool(remove_newline_tab))
        return fitter.rows([variables.make] * num_samples)


class RulerQaDataset(BaseDataset):
    """Questions of SQuAD (`dev-v2.0.json`) or HotpotQA with their documents among others."""

    @staticmethod
    def load(  # noqa: PLR0913
        path: str,
        dataset: str = 'squad',
        max_seq_length: int = SHORT,
        tokenizer_model: str = 'gpt-4',
        template: str = QA,
        tokens_to_generate: int = 32,
        num_samples: int = 500,
        pre_samples: int = 0,
        random_seed: int = 42,
        remove_newline_tab: str = '',
    ) -> Rows:
        """Make the samples; `pre_samples` questions are passed over."""
        readers = {'squad': squad, 'hotpotqa': hotpotqa}
        if dataset not in readers:
            raise ConfigError(f'RULER: dataset is squad or hotpotqa, not {dataset!r}')
        questions = readers[dataset](read_json(find_data(path)), template)
        chosen = questions[pre_samples : pre_samples + num_samples]
        if not chosen:
            raise ConfigError(f'RULER: {path} has only {len(questions)} questions')
        room = max_seq_length - tokens_to_generate
        fitter = Fitter(room, tokenizer_model, random_seed, bool(remove_newline_tab))
        return fitter.rows([each.make for each in chosen])


def squad(data: Any, template: str) -> list[Documents]:
    """Return the answerable questions, each with its paragraph."""
    paragraphs = [part for article in data['data'] for part in article['paragraphs']]
    everything = sorted({part['context'] for part in paragraphs})
    return [
        Documents(
            template,
            question['question'],
            [each['text'] for each in question['answers']],
            [part['context']],
            everything,
        )
        for part in paragraphs
        for question in part['qas']
        if not question['is_impossible']
    ]


def hotpotqa(data: Any, template: str) -> list[Documents]:
    """Return the questions with their ten documents."""
    own = [[f'{title}\n{"".join(lines)}' for title, lines in row['context']] for row in data]
    everything = sorted({text for texts in own for text in texts})
    return [
        Documents(
            template,
            row['question'],
            [row['answer']],
            texts,
            everything,
        )
        for row, texts in zip(data, own, strict=True)
    ]


class RulerEvaluator(BaseEvaluator):
    """`score`: the part of the references that stand in an answer, whatever their case."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Return the share that is found."""
        found = contained(output, reference)
        return {'score': sum(found) / len(found)}


class RulerQaEvaluator(BaseEvaluator):
    """`score`: whether any of the references stands in an answer, whatever its case."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Return 1 if one is found."""
        return {'score': max(contained(output, reference))}


def contained(output: Any, reference: Any) -> list[float]:
    """Return for each reference whether it is found."""
    text = str(output).casefold()
    return [float(each.casefold() in text) for each in as_texts(reference)]
