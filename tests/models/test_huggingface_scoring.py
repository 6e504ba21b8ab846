from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from evalkit.models import HuggingFaceBaseModel, HuggingFacewithChatTemplate
from evalkit.models.huggingface_prefixes import PrefixGroup
from evalkit.models.huggingface_scoring import Predictions
from evalkit.types import Scoring, ScoringRequest

CONTEXTS = ['the', 'question: what is the sum of 1 and 2? answer:', '6 x 7 = ']
OPTIONS = [' 3', ' 42', ' the lazy dog', ' fox']
PAIRS = [
    ScoringRequest(f'{row}/{column}', context, option)
    for row, context in enumerate(CONTEXTS)
    for column, option in enumerate(OPTIONS)
]
WHOLES = [ScoringRequest(f'whole {text}', '', text) for text in CONTEXTS]


@pytest.fixture(scope='module')
def model(tiny_llama: Path) -> HuggingFaceBaseModel:
    return HuggingFaceBaseModel(str(tiny_llama))


def logprobs_by_hand(folder: Path, text: str) -> tuple[list[int], torch.Tensor]:
    """Return the ids of a text and the log-probability of each but the first."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    ids = AutoTokenizer.from_pretrained(folder)(text)['input_ids']
    bare = AutoModelForCausalLM.from_pretrained(folder)
    with torch.no_grad():
        logits = bare(torch.tensor([ids])).logits[0]
    return ids, logits[:-1].log_softmax(-1).gather(1, torch.tensor(ids[1:])[:, None])[:, 0]


def test_a_continuation_has_the_sum_of_its_tokens_logprobs(
    model: HuggingFaceBaseModel, tiny_llama: Path
) -> None:
    _, logprobs = logprobs_by_hand(tiny_llama, 'the quick brown fox')
    [scoring] = model.loglikelihood([ScoringRequest('a', 'the quick', ' brown fox')])
    assert scoring.num_tokens == 2
    assert scoring.logprob == pytest.approx(float(logprobs[-2:].sum()), abs=1e-4)


def test_a_text_without_context_leaves_out_the_bos_and_counts_it(
    model: HuggingFaceBaseModel, tiny_llama: Path
) -> None:
    ids, logprobs = logprobs_by_hand(tiny_llama, 'the quick brown fox')
    [scoring] = model.loglikelihood([ScoringRequest('a', '', 'the quick brown fox')])
    assert scoring.num_tokens == len(ids) == 5
    assert scoring.logprob == pytest.approx(float(logprobs.sum()), abs=1e-4)


def test_a_batch_scores_as_each_request_alone(model: HuggingFaceBaseModel) -> None:
    together = {scoring.key: scoring for scoring in model.loglikelihood([*PAIRS, *WHOLES])}
    assert len(together) == len(PAIRS) + len(WHOLES)
    for request in [*PAIRS, *WHOLES]:
        [alone] = model.loglikelihood([request])
        assert together[request.key].logprob == pytest.approx(alone.logprob, abs=1e-4)
        assert together[request.key].num_tokens == alone.num_tokens


def test_the_most_likely_continuation_is_greedy(model: HuggingFaceBaseModel) -> None:
    ids, start = model.encoder.encode_pair('the quick', ' fox')
    logits = model.model(torch.tensor([ids[:start]])).logits[0, -1]
    ranked = [model.encoder.tokenizer.decode([int(token)]) for token in logits.argsort()]
    likely = next(text for text in reversed(ranked) if text.isalpha())
    best = model.encoder.tokenizer.decode([int(logits.argmax())])
    scorings = {
        scoring.key: scoring
        for scoring in model.loglikelihood(
            [
                ScoringRequest('likely', 'the quick', likely),
                ScoringRequest('fox', 'the quick', ' fox'),
            ]
        )
    }
    assert scorings['likely'].is_greedy == (likely == best)
    assert not scorings['fox'].is_greedy
    assert scorings['likely'].logprob > scorings['fox'].logprob


def test_options_of_one_token_are_read_off_one_row(tiny_llama: Path) -> None:
    class Counting(HuggingFaceBaseModel):
        num_rows = 0

        def score_batch(self, groups: Sequence[PrefixGroup]) -> list[list[Scoring]]:
            self.num_rows += sum(len(group.rows) for group in groups)
            return super().score_batch(groups)

    model = Counting(str(tiny_llama))
    options = [ScoringRequest(word, 'the quick', word) for word in (' fox', ' dog', ' lazy')]
    scorings = {scoring.key: scoring.logprob for scoring in model.loglikelihood(options)}
    assert model.num_rows == 1
    assert len(set(scorings.values())) == 3


def test_a_chat_models_continuation_follows_the_generation_prompt(tiny_llama: Path) -> None:
    chat = HuggingFacewithChatTemplate(str(tiny_llama))
    question = [{'role': 'user', 'content': 'the fox?'}]
    _, logprobs = logprobs_by_hand(tiny_llama, '<|user|>\nthe fox?</s><|assistant|>\nthe dog')
    [scoring] = chat.loglikelihood([ScoringRequest('a', question, 'the dog')])
    assert scoring.num_tokens == 2
    assert scoring.logprob == pytest.approx(float(logprobs[-2:].sum()), abs=1e-4)


def test_a_text_beyond_the_context_fails_alone(model: HuggingFaceBaseModel) -> None:
    long = ScoringRequest('long', 'the ' * 400, 'fox')
    scorings = {scoring.key: scoring for scoring in model.loglikelihood([long, PAIRS[0]])}
    assert str(scorings['long'].error).startswith('context_length: ')
    assert scorings[PAIRS[0].key].error is None


def test_a_mode_drops_context_but_never_continuation(tiny_llama: Path) -> None:
    model = HuggingFaceBaseModel(str(tiny_llama), max_seq_len=20, mode='front')
    request = ScoringRequest('a', 'the quick ' * 30, 'brown fox')
    [scoring] = model.loglikelihood([request])
    assert (scoring.num_tokens, scoring.usage.prompt_tokens) == (2, 20)
    assert scoring.usage.cut_tokens > 40


def test_an_empty_continuation_fails_alone(model: HuggingFaceBaseModel) -> None:
    [scoring] = model.loglikelihood([ScoringRequest('a', 'the', '')])
    assert scoring.error == 'bad_request: the continuation has no token to score'


def test_out_of_memory_halves_a_scoring_batch_too(tiny_llama: Path) -> None:
    class SmallMemory(HuggingFaceBaseModel):
        def score_batch(self, groups: Sequence[PrefixGroup]) -> list[list[Scoring]]:
            rows = [row for group in groups for row in group.rows]
            if len(rows) > 2 or any(len(row.ids) > 80 for row in rows):
                raise torch.OutOfMemoryError('CUDA out of memory')
            return super().score_batch(groups)

    model = SmallMemory(str(tiny_llama))
    poison = ScoringRequest('poison', 'the ' * 90, 'quick brown fox')
    scorings = {scoring.key: scoring for scoring in model.loglikelihood([*PAIRS, poison])}
    assert scorings.pop('poison').error == 'out_of_memory: CUDA out of memory'
    assert all(scoring.error is None for scoring in scorings.values())


def test_chunks_of_positions_sum_to_the_whole() -> None:
    torch.manual_seed(0)
    logits, ids = torch.randn(600, 50, dtype=torch.float64), torch.randint(50, (601,))
    whole = logits.float().log_softmax(1).gather(1, ids[1:, None]).sum()
    predictions = Predictions(logits, 0)
    logprob, is_greedy = predictions.score(ids.tolist(), 1)
    assert logprob == pytest.approx(float(whole), abs=1e-2)
    assert not is_greedy
    assert predictions.score([0, *logits.argmax(1).tolist()], 1)[1]


def test_the_next_token_is_scored_as_any_other_and_of_equal_ones_the_first_is_the_likeliest() -> (
    None
):
    torch.manual_seed(1)
    logits = torch.randn(3, 50)
    logits[2, 7] = logits[2, 9] = 8.0
    predictions = Predictions(logits, 4)
    scores = predictions.score_next([7, 9, 11])
    for token, (logprob, is_greedy) in zip([7, 9, 11], scores, strict=True):
        ids = [0] * 7 + [token]
        expected, is_likeliest = predictions.score(ids, 7)
        assert logprob == pytest.approx(expected, abs=1e-5)
        assert is_greedy == is_likeliest
    assert [is_greedy for _, is_greedy in scores] == [True, False, False]
