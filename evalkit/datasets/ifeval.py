"""IFEval: instructions that a program can verify (Zhou et al., https://arxiv.org/abs/2311.07911).

`input_data.jsonl` holds 541 rows `{"key", "prompt", "instruction_id_list", "kwargs"}`, where
`kwargs` has the arguments of each instruction.
"""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset


class IFEvalDataset(BaseDataset):
    """Rows with the `prompt`, and all of a row as its `reference`."""

    @staticmethod
    def load(path: str = 'data/ifeval/input_data.jsonl') -> list[dict[str, Any]]:
        """Read the file."""
        source = find_source(path)
        rows = source.rows('train') if isinstance(source, HubDataset) else read_jsonl(source)
        return [{'prompt': row['prompt'], 'reference': row} for row in rows]
