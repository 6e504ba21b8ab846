"""TriviaQA as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .triviaqa_0shot_gen import triviaqa_datasets
