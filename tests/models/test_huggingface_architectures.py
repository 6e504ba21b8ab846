"""Padding, positions and logits differ between architectures; the answers must not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from evalkit.models import HuggingFaceBaseModel
from evalkit.types import GenerationParams, Request, ScoringRequest
from tests.tiny_model import save_tiny_tokenizer

GREEDY = GenerationParams(max_out_len=12)
PROMPTS = [
    'the',
    '6 x 7 = ',
    'the quick brown fox jumps over the lazy dog and the lazy dog jumps over the quick fox',
]
LLAMA_LIKE = {
    'hidden_size': 128,
    'intermediate_size': 256,
    'num_hidden_layers': 2,
    'num_attention_heads': 2,
    'num_key_value_heads': 2,
    'head_dim': 64,
    'max_position_embeddings': 256,
}
GPT_LIKE = {'hidden_size': 128, 'n_layer': 2, 'n_head': 2}
OPT_LIKE = {'ffn_dim': 256, 'word_embed_proj_dim': 128, 'init_std': 0.2}
CONFIGS: dict[str, Callable[..., Any]] = {
    'learned positions, tied heads': lambda **ids: transformers.GPT2Config(
        n_embd=128, n_layer=2, n_head=2, n_positions=256, **ids
    ),
    'learned positions': lambda **ids: transformers.OPTConfig(**LLAMA_LIKE, **OPT_LIKE, **ids),
    'alibi': lambda **ids: transformers.BloomConfig(**GPT_LIKE, **ids),
    'sliding window, capped logits': lambda **ids: transformers.Gemma2Config(
        sliding_window=16, **LLAMA_LIKE, **ids
    ),
    'experts': lambda **ids: transformers.MixtralConfig(num_local_experts=4, **LLAMA_LIKE, **ids),
    'state space': lambda **ids: transformers.MambaConfig(
        hidden_size=128, num_hidden_layers=2, state_size=8, **ids
    ),
    'state space and attention': lambda **ids: transformers.FalconH1Config(
        mamba_d_ssm=128, mamba_n_heads=4, mamba_d_head=32, mamba_d_state=16, **LLAMA_LIKE, **ids
    ),
}


@pytest.fixture(scope='module', params=CONFIGS)
def model(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> HuggingFaceBaseModel:
    folder: Path = tmp_path_factory.mktemp('architecture')
    tokenizer = save_tiny_tokenizer(folder)
    config = CONFIGS[request.param](
        vocab_size=len(tokenizer),
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=None,
        initializer_range=0.2,
    )
    torch.manual_seed(0)
    transformers.AutoModelForCausalLM.from_config(config).float().save_pretrained(folder)
    return HuggingFaceBaseModel(str(folder))


def test_a_padded_batch_answers_as_each_prompt_alone(model: HuggingFaceBaseModel) -> None:
    requests = [Request(prompt, prompt, GREEDY) for prompt in PROMPTS]
    together = {completion.key: completion for completion in model.generate(requests)}
    alone = {request.key: next(model.generate([request])) for request in requests}
    assert together == alone


def test_a_padded_batch_scores_as_the_bare_model(model: HuggingFaceBaseModel) -> None:
    requests = [ScoringRequest(prompt, '', prompt) for prompt in PROMPTS]
    scorings = {scoring.key: scoring for scoring in model.loglikelihood(requests)}
    for prompt in PROMPTS:
        ids = torch.tensor([model.encoder.encode(prompt)])
        with torch.no_grad():
            logprobs = model.model(ids).logits[0, :-1].log_softmax(-1)
        by_hand = logprobs.gather(1, ids[0, 1:, None]).sum()
        assert scorings[prompt].logprob == pytest.approx(float(by_hand), abs=1e-4)


def test_options_with_one_question_score_as_each_alone(model: HuggingFaceBaseModel) -> None:
    ends = ('fox', 'the lazy dog', 'the lazy fox because')
    requests = [
        ScoringRequest(f'{context}|{text}{end}', context, text + end)
        for prompt in PROMPTS
        for context, text in ((f'{prompt} ' * 3, ''), ('', f'{prompt} ' * 3))
        for end in ends
    ]
    together = {scoring.key: scoring.logprob for scoring in model.loglikelihood(requests)}
    alone = {request.key: next(model.loglikelihood([request])).logprob for request in requests}
    assert together == pytest.approx(alone, abs=1e-4)
    has_state = 'mamba_d_state' in vars(model.model.config) or 'state_size' in vars(
        model.model.config
    )
    assert model.can_share == (not has_state)
