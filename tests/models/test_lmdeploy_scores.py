"""Logits of TurboMind, which no machine without its CUDA libraries gives, read as scores."""

import pytest
import torch

from evalkit.models.huggingface_scoring import ScoringRow, Target
from evalkit.models.lmdeploy.scores import from_logits
from evalkit.types import ScoringRequest

IDS = (3, 4, 5, 6, 7)
ASKED = ScoringRequest('', '', '')


@pytest.mark.parametrize(('start', 'num_places'), [(5, 1), (5, 5), (3, 5), (1, 5)])
def test_logits_are_summed_from_the_first_token_of_the_option(start: int, num_places: int) -> None:
    torch.manual_seed(0)
    logits = torch.randn(num_places, 12)
    targets = tuple(Target(ASKED, (*IDS, last), start, is_whole=False) for last in (8, 9))
    found = from_logits(ScoringRow(IDS, targets), logits)
    logprobs = logits.log_softmax(1)[start - len(IDS) - 1 :]
    for target, (logprob, _) in zip(targets, found.targets, strict=True):
        tokens = torch.tensor(target.ids[start:])
        expected = float(logprobs.gather(1, tokens[:, None]).sum())
        assert logprob == pytest.approx(expected, abs=1e-4)
