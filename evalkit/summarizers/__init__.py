"""From results to a table."""

from evalkit.summarizers.default import DefaultSummarizer
from evalkit.summarizers.summary import Summary

__all__ = ['DefaultSummarizer', 'Summary']
