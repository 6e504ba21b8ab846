"""Every shipped config asks samples in its real file format."""

import re

import pytest

from evalkit.errors import EvalkitError
from tests.datasets.families import ROOT, configs, prompts

DATASETS = ROOT / 'configs' / 'datasets'
ABSENT = 'there is no|the train split has 0 rows'
HELPERS = ('_all_sets', '_categories', '_tasks')
NAMES = sorted(
    path.stem
    for path in DATASETS.glob('*/*.py')
    if not path.stem.endswith(HELPERS) and path.parent.name not in ('calc', 'ruler')
)

pytestmark = pytest.mark.usefixtures('samples')


@pytest.mark.parametrize('name', NAMES)
def test_a_config_asks_a_sample(name: str) -> None:
    """Of benchmarks with many subjects the samples have some."""
    asked, reasons = [], []
    for dataset in configs(name).values():
        try:
            asked += prompts(dataset, chat='_gen' in name)
        except EvalkitError as error:
            reasons.append(str(error))
    assert all(re.search(ABSENT, reason) for reason in reasons)
    assert asked
    assert all(asked)
