"""The 25 verifiable instructions of IFEval, each a function of a response and its arguments.

They are named and given as in the paper (Zhou et al., https://arxiv.org/abs/2311.07911, table 1)
and in its data; a response that is checked is never blank.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evalkit.evaluators.ifeval.language import is_language
from evalkit.evaluators.ifeval.text import count_sentences, count_words, tokens

CONSTRAINED = ('My answer is yes.', 'My answer is no.', 'My answer is maybe.')

FIRST_WORD_END = re.compile(r'[.,?!\'"]')


def compare(count: int, relation: str, threshold: int) -> bool:
    """Whether a count is 'less than' or 'at least' a threshold."""
    relations = {'less than': count < threshold, 'at least': count >= threshold}
    if relation not in relations:
        raise ValueError(f'the relation is {relation!r}, neither "less than" nor "at least"')
    return relations[relation]


def occurrences(text: str, pattern: str) -> int:
    """Return how often a pattern is found, in capitals or not."""
    return len(re.findall(pattern, text, re.IGNORECASE))


def has_keywords(response: str, *, keywords: Sequence[str]) -> bool:
    """Every keyword is there."""
    return all(occurrences(response, re.escape(word)) for word in keywords)


def has_keyword_often(response: str, *, keyword: str, frequency: int, relation: str) -> bool:
    """A keyword is there so often."""
    return compare(occurrences(response, re.escape(keyword.strip())), relation, frequency)


def has_no_forbidden_words(response: str, *, forbidden_words: Sequence[str]) -> bool:
    """None of some whole words is there."""
    return not any(
        occurrences(response, rf'(?<!\w){re.escape(word)}(?!\w)') for word in forbidden_words
    )


def has_letter_often(response: str, *, letter: str, let_frequency: int, let_relation: str) -> bool:
    """A letter, or another mark, is there so often, in capitals or not."""
    if len(letter.strip()) != 1 or let_frequency < 0:
        raise ValueError(f'{letter!r} is not one letter, or {let_frequency} is no number of them')
    return compare(response.lower().count(letter.lower()), let_relation, let_frequency)


def is_in_language(response: str, *, language: str) -> bool:
    """The whole response is in a language."""
    return is_language(response, language)


def has_sentences(response: str, *, num_sentences: int, relation: str) -> bool:
    """There are so many sentences."""
    return compare(count_sentences(response), relation, num_sentences)


def has_paragraphs(response: str, *, num_paragraphs: int) -> bool:
    """There are exactly so many paragraphs with '***' between them."""
    parts = [part.strip() for part in response.split('***')]
    if not all(parts[1:-1]):
        return False
    return sum(map(bool, parts)) == num_paragraphs


def has_words(response: str, *, num_words: int, relation: str) -> bool:
    """There are so many words."""
    return compare(count_words(response), relation, num_words)


def has_first_word(
    response: str, *, num_paragraphs: int, nth_paragraph: int, first_word: str
) -> bool:
    """There are so many paragraphs between blank lines, and one begins with a word."""
    parts = response.split('\n\n')
    num_filled = sum(bool(part.strip()) for part in parts)
    if num_filled != num_paragraphs or nth_paragraph > num_filled:
        return False
    words = parts[nth_paragraph - 1].split()
    first = FIRST_WORD_END.split(words[0].lstrip('\'"'))[0] if words else ''
    return first.lower() == first_word.lower()


def has_placeholders(response: str, *, num_placeholders: int) -> bool:
    """There are at least so many placeholders such as [address]."""
    return len(re.findall(r'\[.*?\]', response)) >= num_placeholders


def has_postscript(response: str, *, postscript_marker: str) -> bool:
    """There is a postscript with this marker, such as P.S. or P.P.S."""
    letters = {'P.S.': 'PS', 'P.P.S': 'PPS'}.get(postscript_marker.strip())
    if letters is None:
        return postscript_marker.strip().lower() in response.lower()
    dotted = r'\.\s?'.join(letters)
    return occurrences(response, dotted + (r'\.' if letters == 'PS' else '')) > 0


def has_bullets(response: str, *, num_bullets: int) -> bool:
    """There are exactly so many lines that begin with '* ' or '-' as a bullet."""
    bullets = re.findall(r'^\s*(?:\*[^*\n]|-)', response, re.MULTILINE)
    return len(bullets) == num_bullets


def is_constrained(response: str) -> bool:
    """One of the three permitted answers is there."""
    return any(option in response for option in CONSTRAINED)


def has_highlights(response: str, *, num_highlights: int) -> bool:
    """There are at least so many sections between single or double asterisks."""
    single = [text[1:-1] for text in re.findall(r'\*[^\n*]*\*', response)]
    double = [text[2:-2] for text in re.findall(r'\*\*[^\n*]*\*\*', response)]
    return sum(bool(text.strip()) for text in (*single, *double)) >= num_highlights


def has_sections(response: str, *, section_spliter: str, num_sections: int) -> bool:
    """There are at least so many sections with a word and a number before them."""
    mark = rf'{re.escape(section_spliter.strip())}\s?\d+'
    return len(re.findall(mark, response)) >= num_sections


def is_json(response: str) -> bool:
    """The whole response is JSON, fenced or not."""
    text = re.sub(r'^```(?:json)?', '', response.strip(), flags=re.IGNORECASE)
    try:
        json.loads(text.removesuffix('```'))
    except ValueError:
        return False
    return True


def has_title(response: str) -> bool:
    """There is a title such as <<poem of joy>>."""
    return any(title.strip('<> ') for title in re.findall(r'<<[^\n]+>>', response))


def has_two_responses(response: str) -> bool:
    """There are two different responses with '******' between them."""
    parts = [part.strip() for part in response.split('******')]
    filled = [part for part in parts if part]
    return all(parts[1:-1]) and len(filled) == 2 and filled[0] != filled[1]  # noqa: PLR2004


def repeats_prompt(response: str, *, prompt_to_repeat: str) -> bool:
    """The request is repeated before the answer."""
    return response.strip().lower().startswith(prompt_to_repeat.strip().lower())


def has_end(response: str, *, end_phrase: str) -> bool:
    """The response ends with a phrase, maybe in quotes."""
    return response.strip().strip('"').lower().endswith(end_phrase.strip().lower())


def has_capital_words(response: str, *, capital_frequency: int, capital_relation: str) -> bool:
    """There are so many words in capitals."""
    count = sum(word.isupper() for word in tokens(response))
    return compare(count, capital_relation, capital_frequency)


def is_all_capital(response: str) -> bool:
    """The response is English, in capitals only."""
    return response.isupper() and is_language(response, 'en')


def is_all_lower(response: str) -> bool:
    """The response is English, without capitals."""
    return response.islower() and is_language(response, 'en')


def has_no_comma(response: str) -> bool:
    """There is no comma."""
    return ',' not in response


def is_quoted(response: str) -> bool:
    """The whole response stands in double quotation marks."""
    text = response.strip()
    return len(text) > 1 and text.startswith('"') and text.endswith('"')


CHECKS: Mapping[str, Callable[..., bool]] = {
    'change_case:capital_word_frequency': has_capital_words,
    'change_case:english_capital': is_all_capital,
    'change_case:english_lowercase': is_all_lower,
    'combination:repeat_prompt': repeats_prompt,
    'combination:two_responses': has_two_responses,
    'detectable_content:number_placeholders': has_placeholders,
    'detectable_content:postscript': has_postscript,
    'detectable_format:constrained_response': is_constrained,
    'detectable_format:json_format': is_json,
    'detectable_format:multiple_sections': has_sections,
    'detectable_format:number_bullet_lists': has_bullets,
    'detectable_format:number_highlighted_sections': has_highlights,
    'detectable_format:title': has_title,
    'keywords:existence': has_keywords,
    'keywords:forbidden_words': has_no_forbidden_words,
    'keywords:frequency': has_keyword_often,
    'keywords:letter_frequency': has_letter_often,
    'language:response_language': is_in_language,
    'length_constraints:nth_paragraph_first_word': has_first_word,
    'length_constraints:number_paragraphs': has_paragraphs,
    'length_constraints:number_sentences': has_sentences,
    'length_constraints:number_words': has_words,
    'punctuation:no_comma': has_no_comma,
    'startend:end_checker': has_end,
    'startend:quotation': is_quoted,
}
"""The instructions by the names that IFEval's data give them."""


def follows(response: str, instruction: str, arguments: Mapping[str, Any]) -> bool:
    """Whether a response follows an instruction; a blank one follows none."""
    if instruction not in CHECKS:
        raise ValueError(f'there is no instruction {instruction!r}')
    given = {key: value for key, value in arguments.items() if value is not None}
    return bool(response.strip()) and CHECKS[instruction](response, **given)
