import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from evalkit.models import HuggingFaceBaseModel, HuggingFacewithChatTemplate
from evalkit.models.huggingface_decoding import GenerationRow
from evalkit.types import Completion, GenerationParams, Request
from tests.tiny_model import edit_json

PROMPTS = [
    'the',
    'question: what is the sum of 1 and 2? answer:',
    '6 x 7 =',
    'the quick brown fox jumps over the lazy dog and the lazy dog jumps over the quick fox',
]
GREEDY = GenerationParams(max_out_len=24)


@pytest.fixture(scope='module')
def model(tiny_llama: Path) -> HuggingFaceBaseModel:
    return HuggingFaceBaseModel(str(tiny_llama))


@pytest.fixture(scope='module')
def silent_llama(tiny_llama: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose most likely token is always number 0, the special token <s>."""
    from transformers import LlamaForCausalLM

    folder = tmp_path_factory.mktemp('models') / 'silent'
    shutil.copytree(tiny_llama, folder)
    model = LlamaForCausalLM.from_pretrained(folder)
    model.lm_head.weight.data.zero_()
    model.save_pretrained(folder)
    return folder


def ask(
    model: HuggingFaceBaseModel, params: GenerationParams, prompts: Sequence[str] = PROMPTS
) -> list[Completion]:
    requests = [Request(str(place), prompt, params) for place, prompt in enumerate(prompts)]
    return sorted(model.generate(requests), key=lambda completion: int(completion.key))


def ask_alone(model: HuggingFaceBaseModel, params: GenerationParams) -> list[Completion]:
    return [
        next(model.generate([Request(str(place), prompt, params)]))
        for place, prompt in enumerate(PROMPTS)
    ]


def test_a_padded_batch_gives_the_answers_of_each_prompt_alone(model: HuggingFaceBaseModel) -> None:
    together = ask(model, GREEDY)
    assert together == ask_alone(model, GREEDY)
    assert len({completion.text for completion in together}) == len(PROMPTS)


def test_greedy_answers_are_the_argmax_of_the_bare_model(
    model: HuggingFaceBaseModel, tiny_llama: Path
) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    bare = AutoModelForCausalLM.from_pretrained(tiny_llama)
    tokenizer = AutoTokenizer.from_pretrained(tiny_llama)
    ids = tokenizer(PROMPTS[1])['input_ids']
    num_prompt = len(ids)
    for _ in range(12):
        ids.append(int(bare(torch.tensor([ids])).logits[0, -1].argmax()))
    [completion] = ask(model, GenerationParams(max_out_len=12), PROMPTS[1:2])
    assert completion.text == tokenizer.decode(ids[num_prompt:], skip_special_tokens=True)
    assert completion.usage.prompt_tokens == num_prompt


def test_an_answer_of_the_longest_length_is_marked(model: HuggingFaceBaseModel) -> None:
    [completion] = ask(model, GenerationParams(max_out_len=5), PROMPTS[:1])
    assert completion.finish_reason == 'length'
    assert completion.usage.output_tokens == 5


def test_a_stop_word_cuts_the_text_and_ends_the_row_early(model: HuggingFaceBaseModel) -> None:
    whole = ask(model, GREEDY)
    word = whole[1].text[6:9]
    stopped = ask(model, GenerationParams(max_out_len=24, stop=(word, 'never said')))
    assert stopped[1].text == whole[1].text[: whole[1].text.index(word)]
    assert stopped[1].finish_reason == 'stop'
    assert stopped[1].usage.output_tokens < whole[1].usage.output_tokens
    rest = [
        (one, other) for one, other in zip(stopped, whole, strict=True) if word not in other.text
    ]
    assert rest
    assert all(one == other for one, other in rest)


def test_a_stop_word_that_is_a_special_token_ends_the_answer(silent_llama: Path) -> None:
    model = HuggingFaceBaseModel(str(silent_llama))
    [plain] = ask(model, GenerationParams(max_out_len=4), PROMPTS[:1])
    [stopped] = ask(model, GenerationParams(max_out_len=4, stop=('<s>',)), PROMPTS[:1])
    assert (plain.finish_reason, plain.usage.output_tokens) == ('length', 4)
    assert (stopped.finish_reason, stopped.usage.output_tokens) == ('stop', 1)


def test_a_token_id_of_the_request_ends_the_answer(silent_llama: Path) -> None:
    model = HuggingFaceBaseModel(str(silent_llama))
    wanted = GenerationParams(max_out_len=4, stop_token_ids=(0, 1))
    [stopped] = ask(model, wanted, PROMPTS[:1])
    assert (stopped.text, stopped.finish_reason, stopped.usage.output_tokens) == ('', 'stop', 1)


def test_every_id_that_some_file_calls_eos_ends_an_answer(
    silent_llama: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(silent_llama, tmp_path / 'model')
    edit_json(folder / 'generation_config.json', eos_token_id=[0, 1])
    [completion] = ask(HuggingFaceBaseModel(str(folder)), GREEDY, PROMPTS[:1])
    assert (completion.text, completion.finish_reason) == ('', 'stop')
    assert completion.usage.output_tokens == 1


def test_min_out_len_forbids_an_early_end(silent_llama: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(silent_llama, tmp_path / 'model')
    edit_json(folder / 'generation_config.json', eos_token_id=[0, 1])
    model = HuggingFaceBaseModel(str(folder))
    [completion] = ask(model, GenerationParams(max_out_len=9, min_out_len=6), PROMPTS[:1])
    assert (completion.finish_reason, completion.usage.output_tokens) == ('stop', 7)


def test_generation_config_json_decides_no_sampling(
    model: HuggingFaceBaseModel, tiny_llama: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(tiny_llama, tmp_path / 'model')
    edit_json(
        folder / 'generation_config.json',
        do_sample=True,
        temperature=0.6,
        top_k=5,
        repetition_penalty=1.5,
        max_length=7,
        no_repeat_ngram_size=2,
        suppress_tokens=[5, 6, 7],
    )
    assert ask(HuggingFaceBaseModel(str(folder)), GREEDY) == ask(model, GREEDY)


def test_a_prompt_that_leaves_no_room_for_the_answer_fails_alone(
    model: HuggingFaceBaseModel,
) -> None:
    first, second = ask(model, GREEDY, ['the ' * 400, 'the'])
    assert first.finish_reason == 'error'
    assert first.error == (
        'context_length: the prompt has 402 tokens and max_out_len is 24, '
        'but the context holds 256 tokens: '
        "lower max_out_len, or let mode='mid' of the model cut long prompts"
    )
    assert second.error is None


def test_a_mode_truncates_the_prompt_instead(tiny_llama: Path) -> None:
    model = HuggingFaceBaseModel(str(tiny_llama), max_seq_len=40, mode='front')
    [completion] = ask(model, GREEDY, ['the quick ' * 30])
    usage = completion.usage
    whole = len(model.prompt_encoder.encode('the quick ' * 30))
    assert (completion.error, usage.prompt_tokens, usage.cut_tokens) == (None, 16, whole - 16)


def test_an_empty_prompt_is_the_bos_alone(model: HuggingFaceBaseModel) -> None:
    [completion] = ask(model, GREEDY, [''])
    assert (completion.error, completion.usage.prompt_tokens) == (None, 1)


def test_short_answers_do_not_wait_for_long_ones(model: HuggingFaceBaseModel) -> None:
    long = [Request(f'long {n}', PROMPTS[3], GenerationParams(max_out_len=64)) for n in range(3)]
    short = Request('short', 'the', GenerationParams(max_out_len=2))
    assert next(model.generate([*long, short])).key == 'short'


def test_batch_size_and_token_budget_only_limit_the_batches(tiny_llama: Path) -> None:
    class Counting(HuggingFaceBaseModel):
        sizes: list[int]

        def decode_batch(self, rows: Sequence[GenerationRow]) -> list[Completion]:
            self.sizes.append(len(rows))
            return super().decode_batch(rows)

    by_rows = Counting(str(tiny_llama), batch_size=3)
    by_tokens = Counting(str(tiny_llama), max_batch_tokens=2 * (1 + 25 + 24))
    by_rows.sizes, by_tokens.sizes = [], []
    assert ask(by_rows, GREEDY) == ask(by_tokens, GREEDY)
    assert by_rows.sizes == [3, 1]
    assert sum(by_tokens.sizes) == len(PROMPTS)
    assert by_tokens.sizes[0] == 2


class SmallMemory(HuggingFaceBaseModel):
    """Runs out of memory with more than `max_rows` rows, and on a prompt with 'poison'."""

    max_rows = 2

    def decode_batch(self, rows: Sequence[GenerationRow]) -> list[Completion]:
        prompts = [str(row.request.prompt) for row in rows]
        if len(rows) > self.max_rows or any('poison' in prompt for prompt in prompts):
            raise torch.OutOfMemoryError('CUDA out of memory. Tried to allocate 20.00 GiB')
        return super().decode_batch(rows)


@pytest.mark.parametrize('temperature', [0.0, 1.0])
def test_a_batch_that_runs_out_of_memory_is_halved_and_answers_the_same(
    model: HuggingFaceBaseModel, tiny_llama: Path, temperature: float
) -> None:
    params = GenerationParams(max_out_len=24, temperature=temperature, seed=7)
    assert ask(SmallMemory(str(tiny_llama)), params) == ask(model, params)


def test_the_one_request_that_never_fits_fails_alone(tiny_llama: Path) -> None:
    model = SmallMemory(str(tiny_llama))
    *others, poisoned = ask(model, GREEDY, [*PROMPTS, 'the poison'])
    assert poisoned.error == 'out_of_memory: CUDA out of memory. Tried to allocate 20.00 GiB'
    assert [completion.error for completion in others] == [None] * len(PROMPTS)


def test_a_chat_model_answers_messages(tiny_llama: Path) -> None:
    model = HuggingFacewithChatTemplate(str(tiny_llama))
    message = [{'role': 'user', 'content': 'the fox?'}]
    [completion] = model.generate([Request('a', message, GREEDY)])
    rendered = HuggingFaceBaseModel(str(tiny_llama))
    text = '<s><|user|>\nthe fox?</s><|assistant|>\n'
    assert ask(rendered, GREEDY, [text])[0].text == completion.text
