"""Each of the 25 instructions: responses that follow it, and responses that do not."""

from typing import Any

import pytest

from evalkit.evaluators.ifeval import CHECKS, follows

PROSE = 'The sea is wide and blue. We sailed on it for many days and saw no land at all.'

CASES: list[tuple[str, dict[str, Any], list[str], list[str]]] = [
    (
        'change_case:capital_word_frequency',
        {'capital_frequency': 2, 'capital_relation': 'at least'},
        ['NASA and ESA', 'WELL-KNOWN NAMES', "DON'T GO"],
        ['Nasa and ESA', 'none 12 34'],
    ),
    (
        'change_case:english_capital',
        {},
        [PROSE.upper(), 'THE SEA IS WIDE AND BLUE, 123!'],
        [PROSE, 'DAS MEER IST WEIT UND BLAU UND SEHR TIEF UND WIR SEGELN DARAUF'],
    ),
    (
        'change_case:english_lowercase',
        {},
        [PROSE.lower()],
        [PROSE, 'das meer ist weit und blau und sehr tief und wir segeln darauf'],
    ),
    (
        'combination:repeat_prompt',
        {'prompt_to_repeat': ' Name a sea. '},
        ['Name a sea. The Baltic.', '\nname a SEA.\nThe Baltic.'],
        ['Sure: Name a sea. The Baltic.', 'The Baltic.'],
    ),
    (
        'combination:two_responses',
        {},
        ['one\n******\ntwo', '******\none******two\n******'],
        ['one', 'one******one', 'one******two******three', 'one******  ******two'],
    ),
    (
        'detectable_content:number_placeholders',
        {'num_placeholders': 2},
        ['[name] lives in [city]', '[a][b][c]'],
        ['[name] lives here', '[a\nb] [c]'],
    ),
    (
        'detectable_content:postscript',
        {'postscript_marker': 'P.S.'},
        ['Bye.\nP.S. Call me', 'bye\n p. s. more'],
        ['Bye. PS call me', 'Bye.'],
    ),
    (
        'detectable_content:postscript',
        {'postscript_marker': 'P.P.S'},
        ['Bye.\nP.P.S Call me', 'P. P. S. more'],
        ['Bye.\nP.S. Call me'],
    ),
    (
        'detectable_content:postscript',
        {'postscript_marker': 'Nota bene:'},
        ['Bye.\nNOTA BENE: call me'],
        ['Bye.'],
    ),
    (
        'detectable_format:constrained_response',
        {},
        ['My answer is yes.', ' My answer is maybe. \n'],
        ['Yes.', 'my answer is no'],
    ),
    (
        'detectable_format:json_format',
        {},
        ['{"a": 1}', '```json\n[1, 2]\n```', '```JSON\n{}```', ' "text" '],
        ['Here: {"a": 1}', "{'a': 1}", '```\n{"a": 1\n```'],
    ),
    (
        'detectable_format:multiple_sections',
        {'section_spliter': 'SECTION', 'num_sections': 2},
        ['SECTION 1\nx\nSECTION 2\ny', 'SECTION1 x SECTION2 y SECTION3'],
        ['Section 1\nx\nSection 2\ny', 'SECTION 1\nx', 'SECTION A SECTION B'],
    ),
    (
        'detectable_format:number_bullet_lists',
        {'num_bullets': 2},
        ['* one\n* two', '- one\nx\n  - two', '* one\n- two'],
        ['* one', '* one\n* two\n* three', '**bold**\n* one'],
    ),
    (
        'detectable_format:number_highlighted_sections',
        {'num_highlights': 2},
        ['*one* and *two*', '**one** and *two*', '**one**\n**two**'],
        ['*one*', '** ** and * *', '*one\ntwo*'],
    ),
    (
        'detectable_format:title',
        {},
        ['<<poem of joy>>\ntext', 'text <<a>> text'],
        ['<poem>', '<<>>', '<< >>', '<<a\nb>>'],
    ),
    (
        'keywords:existence',
        {'keywords': ['sea', 'C++']},
        ['The SEA in c++.', 'seaside C++'],
        ['The sea.', 'C++'],
    ),
    (
        'keywords:forbidden_words',
        {'forbidden_words': ['sea', 'C++']},
        ['The seaside.', 'C is fine'],
        ['By the Sea.', 'I like c++.'],
    ),
    (
        'keywords:frequency',
        {'keyword': ' sea ', 'frequency': 2, 'relation': 'at least'},
        ['Sea, sea', 'seaside seas'],
        ['The sea.'],
    ),
    (
        'keywords:frequency',
        {'keyword': 'sea', 'frequency': 2, 'relation': 'less than'},
        ['The sea.', 'land'],
        ['sea sea'],
    ),
    (
        'keywords:letter_frequency',
        {'letter': 'E', 'let_frequency': 3, 'let_relation': 'at least'},
        ['Eve sees'],
        ['the sea'],
    ),
    (
        'language:response_language',
        {'language': 'de'},
        ['Das Meer ist weit und blau, und wir haben seit Tagen kein Land gesehen.'],
        [PROSE],
    ),
    (
        'language:response_language',
        {'language': 'zh'},
        ['大海又宽又蓝，我们已经好几天没有看到陆地了。'],
        ['海は広くて青い。私たちは何日も陸を見ていません。'],
    ),
    (
        'length_constraints:nth_paragraph_first_word',
        {'num_paragraphs': 2, 'nth_paragraph': 2, 'first_word': 'sea'},
        ['One.\n\nSea, wide.', 'One.\n\n"Sea" is a word.', "One.\n\n'SEA."],
        ['Sea.\n\nOne.', 'One.\n\nSeas.', 'One.\n\nSea.\n\nThree.', 'One. Sea.'],
    ),
    (
        'length_constraints:number_paragraphs',
        {'num_paragraphs': 2},
        ['one\n***\ntwo', '***\none *** two\n***'],
        ['one', 'one\n\ntwo', 'one***two***three', 'one*** ***two'],
    ),
    (
        'length_constraints:number_sentences',
        {'num_sentences': 3, 'relation': 'at least'},
        ['One. Two! Three?', '一。二！三？', 'One\n\nTwo\n\nThree', 'He said "No." Then. Why?'],
        ['One. Two.', 'Dr. Smith has 3.5 cats, i.e. pets. Fine.', 'J. R. R. Tolkien wrote... Yes.'],
    ),
    (
        'length_constraints:number_sentences',
        {'num_sentences': 3, 'relation': 'less than'},
        ['At 5 p.m. we left. The U.S. is far.', 'See www.example.com today. It works.'],
        ['One. Two. Three.'],
    ),
    (
        'length_constraints:number_words',
        {'num_words': 4, 'relation': 'less than'},
        ['one two three', 'one, two - three!'],
        ['one two three four', "it's one two"],
    ),
    ('punctuation:no_comma', {}, ['one; two'], ['one, two']),
    (
        'startend:end_checker',
        {'end_phrase': 'That is all. '},
        ['Well. That is all.', '"Well. THAT IS ALL."\n'],
        ['That is all. Bye.', 'That is all'],
    ),
    ('startend:quotation', {}, ['"Well."', '  "a"\n'], ['"Well.', 'Well."', '"', 'Well']),
]

FOLLOWING = [(name, given, text) for name, given, good, _ in CASES for text in good]
FAILING = [(name, given, text) for name, given, _, bad in CASES for text in bad]


def test_all_25_instructions_of_the_paper_are_tested() -> None:
    assert len(CHECKS) == 25
    assert {name for name, *_ in CASES} == set(CHECKS)


@pytest.mark.parametrize(('name', 'given', 'response'), FOLLOWING)
def test_a_response_follows(name: str, given: dict[str, Any], response: str) -> None:
    assert follows(response, name, given)


@pytest.mark.parametrize(('name', 'given', 'response'), FAILING)
def test_a_response_does_not_follow(name: str, given: dict[str, Any], response: str) -> None:
    assert not follows(response, name, given)


def test_a_blank_response_follows_nothing() -> None:
    assert not follows(' \n', 'punctuation:no_comma', {})


def test_arguments_that_are_none_are_those_of_other_instructions() -> None:
    assert follows('a, b', 'keywords:existence', {'keywords': ['a'], 'num_words': None})


def test_an_unknown_instruction_or_relation_is_an_error() -> None:
    with pytest.raises(ValueError, match="there is no instruction 'keywords:none'"):
        follows('a', 'keywords:none', {})
    with pytest.raises(ValueError, match="the relation is 'about'"):
        follows('a', 'length_constraints:number_words', {'num_words': 1, 'relation': 'about'})


def test_the_same_text_is_always_in_the_same_language() -> None:
    ambiguous = 'OK taxi hotel radio'
    answers = {follows(ambiguous, 'language:response_language', {'language': 'en'}) for _ in 'abcd'}
    assert len(answers) == 1


@pytest.mark.parametrize(('letter', 'times'), [('ab', 1), ('', 1), (' ', 1), ('a', -1)])
def test_what_is_no_letter_or_no_number_of_them_is_an_error(letter: str, times: int) -> None:
    arguments = {'letter': letter, 'let_frequency': times, 'let_relation': 'at least'}
    with pytest.raises(ValueError, match='is not one letter, or'):
        follows('ab ab', 'keywords:letter_frequency', arguments)


def test_a_mark_counts_as_a_letter() -> None:
    arguments = {'letter': '#', 'let_frequency': 2, 'let_relation': 'at least'}
    assert follows('#this and #that', 'keywords:letter_frequency', arguments)
    assert not follows('#this and that', 'keywords:letter_frequency', arguments)
