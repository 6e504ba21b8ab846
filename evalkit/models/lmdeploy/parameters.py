"""Our sampling parameters as LMDeploy's, every field explicit."""

from typing import Any

from evalkit.models.huggingface_sampling import row_seed
from evalkit.models.request_error import RequestError
from evalkit.types import GenerationParams

MAX_TEMPERATURE = 2.0
NUM_LIKELIEST = 256
"""Next tokens that are told with their log-probability; options are seldom less likely."""


def generation_config(params: GenerationParams, key: str, end_ids: list[int], backend: str) -> Any:
    """Return the parameters of one generation.

    Stop words are watched on our side: LMDeploy knows those only that lie within one token, and
    drops the whole of that token. What it cannot do is refused.
    """
    from lmdeploy import GenerationConfig

    refuse(params, backend)
    is_greedy = params.temperature == 0
    is_seeded = not is_greedy and params.seed is not None
    return GenerationConfig(
        max_new_tokens=params.max_out_len,
        min_new_tokens=params.min_out_len,
        # Without sampling LMDeploy drops the repetition penalty: the best of one is greedy, too.
        do_sample=True,
        temperature=1.0 if is_greedy else params.temperature,
        top_k=1 if is_greedy else params.top_k,
        top_p=1.0 if is_greedy else params.top_p,
        min_p=0.0 if is_greedy else params.min_p,
        repetition_penalty=params.repetition_penalty,
        random_seed=row_seed(params.seed, key) if is_seeded else None,
        stop_token_ids=end_ids,
        skip_special_tokens=True,
        include_stop_str_in_output=True,
    )


def refuse(params: GenerationParams, backend: str) -> None:
    """Refuse what LMDeploy would leave out, understand otherwise or reject."""
    if params.repetition_penalty != 1 and backend == 'pytorch':
        raise RequestError(
            'bad_request',
            "LMDeploy's PyTorch engine penalises repetitions of the answer only, and all others "
            'those of the prompt, too: leave repetition_penalty out, or use another engine',
        )
    for name in ('frequency_penalty', 'presence_penalty'):
        if getattr(params, name):
            raise RequestError(
                'bad_request', f'LMDeploy has no {name}: use vLLM, SGLang or Hugging Face'
            )
    if params.temperature > MAX_TEMPERATURE:
        raise RequestError('bad_request', f'LMDeploy takes temperatures up to {MAX_TEMPERATURE:g}')


def scoring_config(start: int) -> Any:
    """Return the parameters that score a prompt from token `start` on."""
    from lmdeploy import GenerationConfig

    return GenerationConfig(max_new_tokens=0, logprobs=1, logprob_start_len=start - 1)


def options_config(vocab_size: int) -> Any:
    """Return the parameters that tell the likeliest next tokens of a prompt."""
    from lmdeploy import GenerationConfig

    return GenerationConfig(
        max_new_tokens=1,
        do_sample=True,
        top_k=1,
        logprobs=min(NUM_LIKELIEST, vocab_size),
        # Else nothing is told where the likeliest token ends an answer.
        ignore_eos=True,
    )


def logits_config(output_logits: str) -> Any:
    """Return the parameters that make TurboMind tell logits: 'all', or the 'generation' ones."""
    from lmdeploy import GenerationConfig

    return GenerationConfig(
        max_new_tokens=1,
        top_k=1,
        output_logits=output_logits,
        # Else the last place is left out where the likeliest token ends an answer.
        ignore_eos=True,
    )
