"""Appends predictions until it is killed; prints each index after `append` has returned.

Arguments: the file, the first index, the bytes of a prediction.
"""

import os
import sys
from itertools import count
from pathlib import Path

from evalkit.store import PredictionWriter
from tests.store.samples import a_long_prediction

path, first_index, length = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
with PredictionWriter(path) as writer:
    os.write(1, b'open\n')
    for index in count(first_index):
        writer.append(a_long_prediction(index, length))
        os.write(1, b'%d\n' % index)
