"""Prompts: templates of datasets, meta templates of models, and in-context examples."""

from evalkit.prompts.identity import prompt_hash
from evalkit.prompts.meta_template import MetaTemplate
from evalkit.prompts.nearest import BM25Retriever, SlidingWindowRetriever, TopkRetriever
from evalkit.prompts.prompter import Prompter
from evalkit.prompts.raw_template import RawPromptTemplate
from evalkit.prompts.retrievers import (
    BaseRetriever,
    FixKRetriever,
    RandomRetriever,
    ZeroRetriever,
)
from evalkit.prompts.template import PromptTemplate

__all__ = [
    'BM25Retriever',
    'BaseRetriever',
    'FixKRetriever',
    'MetaTemplate',
    'PromptTemplate',
    'Prompter',
    'RandomRetriever',
    'RawPromptTemplate',
    'SlidingWindowRetriever',
    'TopkRetriever',
    'ZeroRetriever',
    'prompt_hash',
]
