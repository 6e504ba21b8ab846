"""LLaMA-Factory's YAML files as configs, and its result files where its scripts look for them."""

from evalkit.cli.llama_factory.predict import Predict, is_predict, load_predict

__all__ = ['Predict', 'is_predict', 'load_predict']
