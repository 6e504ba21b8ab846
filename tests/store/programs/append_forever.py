"""Appends predictions until it is killed; prints each index after `append` has returned."""

import os
import sys
from itertools import count
from pathlib import Path

from evalkit.store import PredictionWriter
from tests.store.samples import a_random_prediction

with PredictionWriter(Path(sys.argv[1])) as writer:
    os.write(1, b'open\n')
    for index in count(int(sys.argv[2])):
        writer.append(a_random_prediction(index))
        os.write(1, b'%d\n' % index)
