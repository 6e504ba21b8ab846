"""What flags alone describe."""

import pytest

from evalkit.cli.arguments import make_parser
from evalkit.cli.assemble import hugging_face


@pytest.mark.parametrize(
    ('flags', 'num_gpus'),
    [
        ((), 1),
        (('--hf-num-gpus', '0'), 0),
        (('--hf-num-gpus', '4'), 4),
        (('--num-gpus', '2'), 2),
    ],
)
def test_a_model_without_a_config_has_one_gpu_unless_told_otherwise(
    flags: tuple[str, ...], num_gpus: int
) -> None:
    arguments = make_parser('run.py').parse_args(['run', '--hf-path', 'org/llama', *flags])
    assert hugging_face(arguments) == {
        'type': 'evalkit.models.HuggingFacewithChatTemplate',
        'abbr': 'llama_hf',
        'path': 'org/llama',
        'max_out_len': 512,
        'run_cfg': {'num_gpus': num_gpus},
    }
