"""Templates that several tests share: the golden vectors of OpenCompass's prompts."""

from typing import Any

from evalkit.prompts import FixKRetriever, Prompter, PromptTemplate

DIALOGUE: dict[str, Any] = {
    'type': PromptTemplate,
    'template': {
        'begin': [{'role': 'SYSTEM', 'fallback_role': 'HUMAN', 'prompt': 'sys'}, '</E>'],
        'round': [
            {'role': 'HUMAN', 'prompt': 'Q:{q}'},
            {'role': 'BOT', 'prompt': 'A:{a}'},
        ],
    },
    'ice_token': '</E>',
}

BASE_META: dict[str, Any] = {
    'begin': '<s>',
    'round': [
        {'role': 'HUMAN', 'begin': '<|U|>', 'end': '<|e|>\n'},
        {'role': 'BOT', 'begin': '<|A|>', 'end': '<|e|>\n', 'generate': True},
    ],
    'reserved_roles': [{'role': 'SYSTEM', 'begin': '<|S|>', 'end': '<|e|>\n'}],
    'end': '</s>',
}

API_META: dict[str, Any] = {
    'round': [
        {'role': 'HUMAN', 'api_role': 'HUMAN'},
        {'role': 'BOT', 'api_role': 'BOT', 'generate': True},
    ],
    'reserved_roles': [{'role': 'SYSTEM', 'api_role': 'SYSTEM'}],
}

EXAMPLE = {'q': '1+1', 'a': 2}
ROW = {'q': '2+2', 'a': 4}


def user(content: str) -> dict[str, str]:
    return {'role': 'user', 'content': content}


def assistant(content: str) -> dict[str, str]:
    return {'role': 'assistant', 'content': content}


def system(content: str) -> dict[str, str]:
    return {'role': 'system', 'content': content}


def prompter(
    meta_template: dict[str, Any] | None = None,
    *,
    is_chat: bool = False,
    output_column: str | None = 'a',
    retriever: dict[str, Any] | None = None,
    **templates: Any,
) -> Prompter:
    infer_cfg = {
        'retriever': retriever or {'type': FixKRetriever, 'fix_id_list': [0]},
        **(templates or {'ice_template': DIALOGUE}),
    }
    return Prompter(infer_cfg, {'output_column': output_column}, meta_template, is_chat)
