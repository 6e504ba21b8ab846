from pathlib import Path
from typing import Any

import pytest
from transformers import AutoTokenizer

from evalkit.errors import ConfigError
from evalkit.models.encoding import PromptEncoder
from evalkit.models.request_error import RequestError
from evalkit.types import Message

QUESTION: list[Message] = [{'role': 'user', 'content': 'the fox?'}]


@pytest.fixture
def tokenizer(tiny_llama: Path) -> Any:
    return AutoTokenizer.from_pretrained(tiny_llama)


@pytest.fixture
def base(tokenizer: Any) -> PromptEncoder:
    return PromptEncoder(tokenizer, is_chat=False)


@pytest.fixture
def chat(tokenizer: Any) -> PromptEncoder:
    return PromptEncoder(tokenizer, is_chat=True)


def tokens(encoder: PromptEncoder, ids: list[int]) -> list[str]:
    return list(encoder.tokenizer.convert_ids_to_tokens(ids))


def test_a_base_prompt_gets_one_bos(base: PromptEncoder) -> None:
    assert tokens(base, base.encode('the fox')) == ['<s>', 'the', 'Ġfox']


def test_a_base_prompt_that_brings_its_bos_gets_no_second(base: PromptEncoder) -> None:
    assert base.encode('<s>the fox') == base.encode('the fox')


def test_a_template_that_writes_a_bos_is_not_given_another(chat: PromptEncoder) -> None:
    ids = chat.encode(QUESTION)
    assert tokens(chat, ids)[:2] == ['<s>', '<']
    assert ids.count(chat.tokenizer.bos_token_id) == 1


def test_a_doubled_bos_of_the_template_itself_is_dropped(tokenizer: Any) -> None:
    tokenizer.chat_template = '{{ bos_token }}{{ bos_token }}' + "{{ messages[0]['content'] }}"
    chat = PromptEncoder(tokenizer, is_chat=True)
    assert tokens(chat, chat.encode(QUESTION)) == ['<s>', 'the', 'Ġfox', '?']


def test_an_eos_that_the_tokenizer_appends_does_not_end_the_prompt(tokenizer: Any) -> None:
    from tokenizers.processors import TemplateProcessing

    specials = [('<s>', tokenizer.bos_token_id), ('</s>', tokenizer.eos_token_id)]
    post = TemplateProcessing(single='<s> $A </s>', special_tokens=specials)
    tokenizer.backend_tokenizer.post_processor = post
    base = PromptEncoder(tokenizer, is_chat=False)
    assert tokens(base, base.encode('the fox')) == ['<s>', 'the', 'Ġfox']


def test_a_text_for_a_chat_model_is_one_user_message(chat: PromptEncoder) -> None:
    assert chat.render('the fox?') == chat.render(QUESTION)
    assert chat.render(QUESTION) == '<s><|user|>\nthe fox?</s><|assistant|>\n'


def test_a_last_message_of_the_assistant_is_continued(chat: PromptEncoder) -> None:
    begun = [*QUESTION, {'role': 'assistant', 'content': 'So the answer'}]
    assert chat.render(begun) == '<s><|user|>\nthe fox?</s><|assistant|>\nSo the answer'


def test_a_template_that_reads_the_clock_gives_the_same_prompt_any_day(tokenizer: Any) -> None:
    tokenizer.chat_template = "{{ strftime_now('%Y-%m-%d') }} {{ messages[0]['content'] }}"
    assert PromptEncoder(tokenizer, is_chat=True).render(QUESTION) == '2024-07-26 the fox?'


def test_template_arguments_reach_the_template(tokenizer: Any) -> None:
    tokenizer.chat_template = "{{ 'on' if enable_thinking else 'off' }}"
    kwargs = {'enable_thinking': True}
    chat = PromptEncoder(tokenizer, is_chat=True, chat_template_kwargs=kwargs)
    assert chat.render(QUESTION) == 'on'


def test_a_template_that_refuses_messages_fails_only_that_request(tokenizer: Any) -> None:
    tokenizer.chat_template = "{{ raise_exception('no system role') }}"
    with pytest.raises(RequestError) as caught:
        PromptEncoder(tokenizer, is_chat=True).encode(QUESTION)
    assert str(caught.value) == 'bad_request: the chat template refuses: no system role'


def test_a_chat_model_without_a_template_is_a_config_error(tokenizer: Any) -> None:
    tokenizer.chat_template = None
    with pytest.raises(ConfigError, match='has no chat template: use HuggingFaceBaseModel'):
        PromptEncoder(tokenizer, is_chat=True)


def test_messages_for_a_base_model_are_a_config_error(base: PromptEncoder) -> None:
    with pytest.raises(ConfigError, match='use HuggingFacewithChatTemplate'):
        base.encode(QUESTION)


def test_context_and_continuation_are_split_where_no_token_is_torn(base: PromptEncoder) -> None:
    ids, start = base.encode_pair('the quick', ' fox')
    assert tokens(base, ids[:start]) == ['<s>', 'the', 'Ġquick']
    assert tokens(base, ids[start:]) == ['Ġfox']


def test_white_space_at_the_end_of_a_context_belongs_to_the_continuation(
    base: PromptEncoder,
) -> None:
    assert base.encode_pair('the quick ', 'fox') == base.encode_pair('the quick', ' fox')


def test_a_token_over_the_boundary_belongs_to_the_continuation(base: PromptEncoder) -> None:
    ids, start = base.encode_pair('the qui', 'ck fox')
    assert tokens(base, ids[start:]) == ['Ġquick', 'Ġfox']


def test_a_continuation_within_such_a_token_is_scored_by_it(base: PromptEncoder) -> None:
    ids, start = base.encode_pair('the qui', 'ck')
    assert tokens(base, ids[start:]) == ['Ġquick']


def test_a_text_without_context_has_no_context_tokens(base: PromptEncoder) -> None:
    ids, start = base.encode_pair('', 'the fox')
    assert (tokens(base, ids), start) == (['<s>', 'the', 'Ġfox'], 0)


def test_the_continuation_of_a_chat_is_the_turn_of_the_assistant(chat: PromptEncoder) -> None:
    ids, start = chat.encode_pair(QUESTION, 'the fox')
    assert chat.tokenizer.decode(ids[:start]) == chat.render(QUESTION)
    assert tokens(chat, ids[start:]) == ['the', 'Ġfox']


def test_messages_scored_whole_end_with_their_last_message(chat: PromptEncoder) -> None:
    whole: list[Message] = [*QUESTION, {'role': 'assistant', 'content': 'the dog'}]
    ids, start = chat.encode_pair('', whole)
    assert start == 0
    assert chat.tokenizer.decode(ids) == '<s><|user|>\nthe fox?</s><|assistant|>\nthe dog'


def test_an_answer_is_decoded_without_special_tokens_or_cleaning(base: PromptEncoder) -> None:
    ids = base.tokenizer('the fox . 4 ?</s>', add_special_tokens=False)['input_ids']
    assert base.decode(ids) == 'the fox . 4 ?'
