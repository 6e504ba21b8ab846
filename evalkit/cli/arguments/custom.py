"""Flags that describe a dataset of your own without a config file (OpenCompass's names)."""

import argparse


def add_custom(parser: argparse.ArgumentParser) -> None:
    """Describe a file of questions without a config file."""
    group = parser.add_argument_group('a dataset of your own without a config')
    group.add_argument(
        '--custom-dataset-path', metavar='FILE',
        help='a .jsonl or .csv file with the columns question, answer, and perhaps A, B, C, ...',
    )  # fmt: skip
    group.add_argument(
        '--custom-dataset-meta-path', metavar='FILE',
        help='what is not as it is guessed (default: FILE.meta.json beside the file)',
    )  # fmt: skip
    group.add_argument(
        '--custom-dataset-data-type', choices=('mcq', 'qa'),
        help='choice or free answers (default: mcq where there are columns A and B)',
    )  # fmt: skip
    group.add_argument(
        '--custom-dataset-infer-method', choices=('gen', 'ppl'),
        help='let the model write, or compare likelihoods (default: gen)',
    )  # fmt: skip
