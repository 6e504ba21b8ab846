"""Package metadata; the settings of the development tools are in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
VERSION = re.search(r"__version__ = '(.+)'", (ROOT / 'evalkit/__init__.py').read_text())

SCORING = [
    'math-verify[antlr4-13-2]>=0.9',
    'rouge>=1.0.1',
    'rouge-score>=0.1.2',
    'rouge-chinese>=1.0.3',
    'jieba>=0.42.1',
    'sacrebleu>=2.6',
    'langdetect>=1.0.9',
]

TEST = [
    *SCORING,
    'rank-bm25>=0.2.2',
    'pytest>=9',
    'pytest-timeout>=2.4',
    'pytest-xdist>=3.8',
    'hypothesis>=6.150',
    'ruff>=0.17',
    'mypy>=2.4',
    'import-linter>=2.16',
    'types-tabulate',
    'peft>=0.21',
    'datasets>=4',
    'openai>=3.0',  # benchmarks/api.py compares with it
    'ray>=2.60',
    'wonderwords>=3',
]

setup(
    name='evalkit',
    version=VERSION[1] if VERSION else '0',
    description='Evaluates language models: fast, on any engine, with numbers that can be trusted',
    long_description=(ROOT / 'README.md').read_text(encoding='utf-8'),
    long_description_content_type='text/markdown',
    license='Apache-2.0',
    packages=find_packages(include=['evalkit', 'evalkit.*']),
    package_data={'': ['py.typed', '*.pyi']},
    python_requires='>=3.11',
    install_requires=[
        'mmengine-lite>=0.10.7',
        'torch>=2.6',
        'transformers>=5.0',
        'accelerate>=1.1',  # transformers needs it for weights on several GPUs
        'aiohttp>=3.12',
        'orjson>=3.11',
        'tabulate>=0.9',
        'rich>=14',
        'lazy-loader>=0.4',
    ],
    extras_require={
        'lora': ['peft>=0.21'],
        'vllm': ['vllm>=0.32'],
        'lmdeploy': ['lmdeploy>=0.18'],
        'sglang': ['sglang>=0.5.23'],
        'ray': ['ray>=2.60'],
        'scoring': SCORING,
        'hub': ['datasets>=4'],
        'ruler': ['tiktoken>=0.7', 'tokenizers>=0.22', 'wonderwords>=3'],
        'topk': ['sentence-transformers>=5'],
        'serving': ['transformers[serving]>=5.0'],
        'test': TEST,
    },
    entry_points={'console_scripts': ['evalkit = evalkit.cli:main']},
)
