"""LLaMA-Factory's chat templates by name, written as the Jinja that transformers renders.

A model that was tuned there has read its prompts in the form of one of these, which often differs
from the chat template of its tokenizer: another default system message, no date, no BOS.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError

NO_THOUGHT = '<think>\n\n</think>\n\n'


@dataclass(frozen=True, slots=True)
class Template:
    """How each turn is written: `{content}`, `{bos}` and `{eos}` stand for what they say.

    `is_fused` puts the system message into the first user turn. A template that `reasons` shows no
    thoughts of earlier turns, and an empty one where `enable_thinking` is false.
    """

    user: str
    assistant: str = '{content}{eos}'
    system: str = '{content}'
    observation: str | None = None
    prefix: str = ''
    default_system: str = ''
    stop_words: tuple[str, ...] = ()
    is_fused: bool = False
    reasons: bool = False

    def jinja(self) -> str:
        """Return the template as Jinja; tools, which each template writes in its own way, fail."""
        begin = f'{{{{ {literal(self.prefix)} }}}}' if self.prefix else ''
        head = literal(self.system, 'system')
        answer = "message['content'].split('</think>')[-1].lstrip('\\n')"
        shown = answer if self.reasons else "message['content']"
        first = f'({head} if system and loop.first else "")'
        user = f'{first} + message["content"]' if self.is_fused else 'message["content"]'
        lead = '' if self.is_fused else f'{{% if system %}}{{{{ {head} }}}}{{% endif %}}'
        end = f'{{% if enable_thinking is false %}}{{{{ {literal(NO_THOUGHT)} }}}}{{% endif %}}'
        return (
            f'{{% if tools %}}{{{{ raise_exception({literal(NO_TOOLS)}) }}}}{{% endif %}}'
            "{% if messages[0]['role'] == 'system' %}"
            "{% set turns = messages[1:] %}{% set given = messages[0]['content'] %}"
            "{% else %}{% set turns = messages %}{% set given = '' %}{% endif %}"
            f'{{% set system = given or {literal(self.default_system)} %}}{begin}{lead}'
            '{% for message in turns %}'
            f"{{% if message['role'] == 'user' %}}{{% set content = {user} %}}"
            f'{{{{ {literal(self.user)} }}}}'
            "{% elif message['role'] == 'assistant' %}"
            f'{{% set content = {shown} %}}{{{{ {literal(self.assistant)} }}}}'
            "{% else %}{% set content = message['content'] %}"
            f'{{{{ {literal(self.observation or self.user)} }}}}{{% endif %}}{{% endfor %}}'
            f'{end if self.reasons else ""}'
        )


NO_TOOLS = (
    'it has no place for tools here: leave `template` out, so that the one of the tokenizer is used'
)
MARKS = {'{content}': None, '{bos}': 'bos_token', '{eos}': 'eos_token'}


def literal(text: str, content: str = 'content') -> str:
    """Return a text as a Jinja expression, with variables in place of the marks."""
    parts, rest = [], text
    while rest:
        places = {rest.find(mark): mark for mark in MARKS if mark in rest}
        start = min(places, default=len(rest))
        if start:
            parts.append(json.dumps(rest[:start]))
        mark = places.get(start, '')
        if mark:
            parts.append(MARKS[mark] or content)
        rest = rest[start + len(mark) :]
    return ' + '.join(parts) or '""'


CHATML = Template(
    user='<|im_start|>user\n{content}<|im_end|>\n<|im_start|>assistant\n',
    assistant='{content}<|im_end|>\n',
    system='<|im_start|>system\n{content}<|im_end|>\n',
    stop_words=('<|im_end|>',),
)
OF_TOOL = '<|im_start|>tool\n{content}<|im_end|>\n<|im_start|>assistant\n'
QWEN = replace(
    CHATML,
    observation='<|im_start|>user\n<tool_response>\n{content}\n</tool_response><|im_end|>\n'
    '<|im_start|>assistant\n',
)
CURIOUS = (
    'A chat between a curious user and an artificial intelligence assistant. '
    "The assistant gives helpful, detailed, and polite answers to the user's questions."
)
GEMMA = Template(
    user='<start_of_turn>user\n{content}<end_of_turn>\n<start_of_turn>model\n',
    assistant='{content}<end_of_turn>\n',
    system='{content}\n\n',
    observation='<start_of_turn>tool\n{content}<end_of_turn>\n<start_of_turn>model\n',
    prefix='{bos}',
    stop_words=('<end_of_turn>',),
    is_fused=True,
)
DEEPSEEK = Template(user='<｜User｜>{content}<｜Assistant｜>', prefix='{bos}')
GLM = Template(
    user='<|user|>\n{content}<|assistant|>',
    assistant='\n{content}',
    system='<|system|>\n{content}',
    observation='<|observation|>\n{content}<|assistant|>',
    prefix='[gMASK]<sop>',
    stop_words=('<|user|>', '<|observation|>'),
)

TEMPLATES: Mapping[str, Template] = {
    'alpaca': Template(
        user='### Instruction:\n{content}\n\n### Response:\n',
        assistant='{content}{eos}\n\n',
        default_system='Below is an instruction that describes a task. '
        'Write a response that appropriately completes the request.\n\n',
    ),
    'chatml': replace(CHATML, observation=OF_TOOL, stop_words=('<|im_end|>', '<|im_start|>')),
    'cpm3': replace(CHATML, observation=OF_TOOL, prefix='{bos}'),
    'cpm4': replace(CHATML, observation=OF_TOOL, prefix='{bos}'),
    'deepseek': Template(
        user='User: {content}\n\nAssistant:', system='{content}\n\n', prefix='{bos}'
    ),
    'deepseek3': DEEPSEEK,
    'deepseekr1': replace(DEEPSEEK, reasons=True),
    'default': Template(
        user='Human: {content}{eos}\nAssistant:',
        assistant='{content}{eos}\n',
        system='System: {content}{eos}\n',
    ),
    'empty': Template(user='{content}', assistant='{content}'),
    'gemma': GEMMA,
    'gemma2': replace(GEMMA, stop_words=('<eos>', '<end_of_turn>')),
    'gemma3': GEMMA,
    'glm4': GLM,
    'glmz1': replace(GLM, reasons=True),
    'llama2': Template(
        user='{bos}[INST] {content} [/INST]',
        system='<<SYS>>\n{content}\n<</SYS>>\n\n',
        is_fused=True,
    ),
    'llama3': Template(
        user='<|start_header_id|>user<|end_header_id|>\n\n{content}<|eot_id|>'
        '<|start_header_id|>assistant<|end_header_id|>\n\n',
        assistant='{content}<|eot_id|>',
        system='<|start_header_id|>system<|end_header_id|>\n\n{content}<|eot_id|>',
        observation='<|start_header_id|>ipython<|end_header_id|>\n\n{content}<|eot_id|>'
        '<|start_header_id|>assistant<|end_header_id|>\n\n',
        prefix='{bos}',
        stop_words=('<|eot_id|>', '<|eom_id|>'),
    ),
    'phi': Template(
        user='<|user|>\n{content}<|end|>\n<|assistant|>\n',
        assistant='{content}<|end|>\n',
        system='<|system|>\n{content}<|end|>\n',
        stop_words=('<|end|>',),
    ),
    'phi4': Template(
        user='<|im_start|>user<|im_sep|>{content}<|im_end|><|im_start|>assistant<|im_sep|>',
        assistant='{content}<|im_end|>',
        system='<|im_start|>system<|im_sep|>{content}<|im_end|>',
        stop_words=('<|im_end|>',),
    ),
    'qwen': replace(
        QWEN,
        default_system='You are Qwen, created by Alibaba Cloud. You are a helpful assistant.',
    ),
    'qwen3': replace(QWEN, reasons=True),
    'qwen3_nothink': QWEN,
    'smollm': CHATML,
    'smollm2': replace(
        CHATML,
        default_system='You are a helpful AI assistant named SmolLM, trained by Hugging Face.',
    ),
    'vicuna': Template(user='USER: {content} ASSISTANT:', default_system=CURIOUS),
    'xverse': Template(user='Human: {content}\n\nAssistant: '),
    'yi': CHATML,
}
"""As LLaMA-Factory 0.9.4 writes them; the end token of a model ends an answer besides."""

OTHERS = (
    'aquila', 'atom', 'baichuan', 'baichuan2', 'bailing', 'bailing_v2', 'belle', 'bluelm', 'breeze',
    'chatglm2', 'chatglm3', 'chatml_de', 'codegeex2', 'codegeex4', 'cohere', 'cpm', 'dbrx',
    'deepseekcoder', 'ernie', 'ernie_nothink', 'exaone', 'falcon', 'falcon_h1', 'fewshot',
    'gemma3n', 'glm4_moe', 'glm4v', 'gpt_oss', 'granite3', 'granite4', 'hunyuan', 'index', 'intern',
    'intern2', 'kimi_vl', 'llama2_zh', 'llama4', 'marco', 'mimo', 'minicpm_v', 'ministral',
    'ministral3', 'mistral', 'mistral_small', 'mllama', 'moonlight', 'olmo', 'openchat',
    'openchat-3.6', 'opencoder', 'orion', 'paligemma', 'phi_small', 'pixtral', 'qwen2_vl',
    'qwen3_vl', 'sailor', 'seed_coder', 'seed_oss', 'skywork_o1', 'solar', 'starchat', 'telechat',
    'telechat2', 'xuanyuan', 'yayi', 'yi_vl', 'yuan', 'zephyr',
)  # fmt: skip
"""Names of its other templates, which are not written here."""


def find_template(name: str, place: str) -> Template:
    """Return a template by its name in LLaMA-Factory."""
    if name in TEMPLATES:
        return TEMPLATES[name]
    known = ', '.join(TEMPLATES)
    if name in OTHERS:
        raise ConfigError(
            f"{place}: LLaMA-Factory's template {name} is not written here: leave `template` out "
            "if the tokenizer's own chat template is the same (the exported "
            f'generated_predictions.jsonl show how it asks), or use one of {known}'
        )
    hint = did_you_mean(name, (*TEMPLATES, *OTHERS), otherwise=f'; known are {known}')
    raise ConfigError(f'{place}: LLaMA-Factory has no template {name!r}{hint}')
