"""The expected prompts are what LLaMA-Factory 0.9.4's slots make of the conversation."""

from pathlib import Path
from typing import Any

import pytest

from evalkit.cli.llama_factory.templates import TEMPLATES
from evalkit.models.encoding import PromptEncoder
from evalkit.models.request_error import RequestError
from evalkit.types import Message
from tests.runs import CALC_MODEL


def rendered(name: str, messages: list[Message], **more: Any) -> str:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(CALC_MODEL)
    kwargs = {'chat_template': TEMPLATES[name].jinja(), **more}
    encoder = PromptEncoder(tokenizer, is_chat=True, chat_template_kwargs=kwargs)
    return encoder.render(messages)


def said(*turns: tuple[str, str]) -> list[Message]:
    return [{'role': role, 'content': content} for role, content in turns]


QUESTION = said(('user', 'a "q"\n{x}'))
TALK = said(('system', 'S'), ('user', '1'), ('assistant', '2'), ('user', '3'))


@pytest.mark.parametrize(
    ('name', 'messages', 'text'),
    [
        ('chatml', QUESTION, '<|im_start|>user\na "q"\n{x}<|im_end|>\n<|im_start|>assistant\n'),
        (
            'qwen3', TALK,
            '<|im_start|>system\nS<|im_end|>\n<|im_start|>user\n1<|im_end|>\n'
            '<|im_start|>assistant\n2<|im_end|>\n<|im_start|>user\n3<|im_end|>\n'
            '<|im_start|>assistant\n',
        ),
        (
            'llama3', TALK,
            '<s><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|>'
            '<|start_header_id|>user<|end_header_id|>\n\n1<|eot_id|>'
            '<|start_header_id|>assistant<|end_header_id|>\n\n2<|eot_id|>'
            '<|start_header_id|>user<|end_header_id|>\n\n3<|eot_id|>'
            '<|start_header_id|>assistant<|end_header_id|>\n\n',
        ),
        (
            'gemma', TALK,
            '<s><start_of_turn>user\nS\n\n1<end_of_turn>\n<start_of_turn>model\n2<end_of_turn>\n'
            '<start_of_turn>user\n3<end_of_turn>\n<start_of_turn>model\n',
        ),
        (
            'llama2', TALK,
            '<s>[INST] <<SYS>>\nS\n<</SYS>>\n\n1 [/INST]2<|im_end|><s>[INST] 3 [/INST]',
        ),
        (
            'default', TALK,
            'System: S<|im_end|>\nHuman: 1<|im_end|>\nAssistant:2<|im_end|>\n'
            'Human: 3<|im_end|>\nAssistant:',
        ),
        (
            'alpaca', QUESTION,
            'Below is an instruction that describes a task. Write a response that appropriately '
            'completes the request.\n\n### Instruction:\na "q"\n{x}\n\n### Response:\n',
        ),
        (
            'qwen', said(('user', '1'), ('assistant', '{}'), ('tool', '12:00')),
            '<|im_start|>system\nYou are Qwen, created by Alibaba Cloud. You are a helpful '
            'assistant.<|im_end|>\n<|im_start|>user\n1<|im_end|>\n<|im_start|>assistant\n'
            '{}<|im_end|>\n<|im_start|>user\n<tool_response>\n12:00\n</tool_response><|im_end|>\n'
            '<|im_start|>assistant\n',
        ),
    ],
)  # fmt: skip
def test_a_prompt_is_written_as_llama_factory_does(
    name: str, messages: list[Message], text: str
) -> None:
    assert rendered(name, messages) == text


def test_every_template_can_be_rendered() -> None:
    for name in TEMPLATES:
        text = rendered(name, TALK)
        assert text.index('S') < text.index('1') < text.rindex('2') < text.rindex('3'), name


def test_a_template_that_reasons_shows_no_earlier_thoughts() -> None:
    talk = said(('user', '1'), ('assistant', '<think>\nhm\n</think>\n\n2'), ('user', '3'))
    assert 'hm' not in rendered('qwen3', talk)
    assert 'hm' in rendered('qwen3_nothink', talk)
    assert rendered('qwen3', talk, enable_thinking=False).endswith(
        '<|im_start|>assistant\n<think>\n\n</think>\n\n'
    )


@pytest.mark.parametrize(('name', 'reason'), [('qwen', 'it has no place for tools here')])
def test_tools_are_not_lost_in_silence(name: str, reason: str) -> None:
    offered = [{'role': 'system', 'content': '', 'tools': '[{"name": "f"}]'}, *QUESTION]
    with pytest.raises(RequestError, match=reason):
        rendered(name, offered)


def test_a_tokenizer_without_a_place_for_tools_refuses_them() -> None:
    from transformers import AutoTokenizer

    encoder = PromptEncoder(AutoTokenizer.from_pretrained(CALC_MODEL), is_chat=True)
    offered = [{'role': 'system', 'content': 'S', 'tools': '[{"name": "f"}]'}, *QUESTION]
    with pytest.raises(RequestError, match='the chat template has no place for tools'):
        encoder.render(offered)


def test_a_tokenizers_own_template_gets_the_tools(tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    template = '{{ tools | tojson }}{% for message in messages %}{{ message.content }}{% endfor %}'
    encoder = PromptEncoder(
        AutoTokenizer.from_pretrained(CALC_MODEL), is_chat=True,
        chat_template_kwargs={'chat_template': template},
    )  # fmt: skip
    offered = [{'role': 'system', 'content': '', 'tools': '{"name": "f"}'}, *QUESTION]
    assert encoder.render(offered) == (
        '[{"type": "function", "function": {"name": "f"}}]a "q"\n{x}'
    )
