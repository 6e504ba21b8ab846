from pathlib import Path

import pytest
import torch

from evalkit.models import HuggingFaceBaseModel
from evalkit.models.huggingface_sampling import GumbelNoise, Penalties, row_seed
from evalkit.types import Completion, GenerationParams, Request
from tests.models.test_huggingface_generation import PROMPTS, ask, ask_alone

SAMPLED = GenerationParams(max_out_len=24, temperature=1.0, seed=1)


@pytest.fixture(scope='module')
def model(tiny_llama: Path) -> HuggingFaceBaseModel:
    return HuggingFaceBaseModel(str(tiny_llama))


def texts(completions: list[Completion]) -> list[str]:
    return [completion.text for completion in completions]


def test_the_same_seed_gives_the_same_answers_and_another_seed_others(
    model: HuggingFaceBaseModel,
) -> None:
    other = GenerationParams(max_out_len=24, temperature=1.0, seed=2)
    assert ask(model, SAMPLED) == ask(model, SAMPLED)
    assert not set(texts(ask(model, SAMPLED))) & set(texts(ask(model, other)))


def test_a_sampled_answer_does_not_depend_on_the_batch(model: HuggingFaceBaseModel) -> None:
    params = GenerationParams(
        max_out_len=24,
        temperature=0.8,
        top_p=0.9,
        top_k=40,
        min_p=0.01,
        repetition_penalty=1.3,
        frequency_penalty=0.4,
        presence_penalty=0.2,
        seed=3,
    )
    assert ask(model, params) == ask_alone(model, params)


def test_without_a_seed_answers_differ_from_call_to_call(model: HuggingFaceBaseModel) -> None:
    params = GenerationParams(max_out_len=24, temperature=1.0)
    assert texts(ask(model, params)) != texts(ask(model, params))


def test_requests_with_different_seeds_share_a_batch(model: HuggingFaceBaseModel) -> None:
    params = [GenerationParams(max_out_len=8, temperature=1.0, seed=n) for n in range(4)]
    requests = [Request(f'{n}', PROMPTS[0], params[n]) for n in range(4)]
    assert len({completion.text for completion in model.generate(requests)}) == 4


@pytest.mark.parametrize(
    'params',
    [
        GenerationParams(max_out_len=24, temperature=1.0, top_k=1),
        GenerationParams(max_out_len=24, temperature=1.0, top_p=1e-6),
        GenerationParams(max_out_len=24, temperature=1.0, min_p=1.0),
        GenerationParams(max_out_len=24, temperature=1e-4),
        GenerationParams(max_out_len=24, temperature=0.0, top_k=3, top_p=0.5, seed=5),
    ],
)
def test_sampling_from_one_token_is_greedy(
    model: HuggingFaceBaseModel, params: GenerationParams
) -> None:
    assert texts(ask(model, params)) == texts(ask(model, GenerationParams(max_out_len=24)))


def test_the_noise_draws_from_the_softmax() -> None:
    probabilities = torch.tensor([0.5, 0.3, 0.2, 0.0])
    rows = 20_000
    scores = probabilities.log().repeat(rows, 1)
    noise = GumbelNoise([row_seed(1, str(row)) for row in range(rows)], 'cpu')
    drawn = noise(None, scores).argmax(1)
    frequencies = torch.bincount(drawn, minlength=4) / rows
    assert torch.allclose(frequencies, probabilities, atol=0.015)
    assert frequencies[3] == 0


def test_penalties_follow_their_formulas_and_spare_the_padding() -> None:
    params = GenerationParams(repetition_penalty=2.0, frequency_penalty=0.5, presence_penalty=0.25)
    mask = torch.tensor([[0, 1, 1], [1, 1, 1]])
    penalties = Penalties(params, mask)
    prompt = torch.tensor([[0, 1, 2], [0, 1, 2]])
    logits = torch.tensor([[4.0, 4.0, -4.0, 4.0]] * 2)
    first = penalties(prompt, logits)
    assert first.tolist() == [[4.0, 2.0, -8.0, 4.0], [2.0, 2.0, -8.0, 4.0]]
    answer = torch.tensor([[3], [1]])
    second = penalties(torch.cat([prompt, answer], 1), logits)
    assert second.tolist() == [[4.0, 2.0, -8.0, 1.25], [2.0, 1.25, -8.0, 4.0]]
    third = penalties(torch.cat([prompt, answer, answer], 1), logits)
    assert third.tolist() == [[4.0, 2.0, -8.0, 0.75], [2.0, 0.75, -8.0, 4.0]]


def test_a_strong_frequency_penalty_makes_an_answer_repeat_nothing(
    model: HuggingFaceBaseModel, tiny_llama: Path
) -> None:
    params = GenerationParams(max_out_len=30, frequency_penalty=1000.0)
    for completion in ask(model, params):
        letters = model.encoder.tokenizer(completion.text, add_special_tokens=False)['input_ids']
        assert completion.usage.output_tokens >= 20
        assert len(letters) > 0
