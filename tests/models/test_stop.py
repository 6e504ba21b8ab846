from evalkit.models.stop import trim_stop


def test_a_text_is_cut_before_the_first_stop_word_that_occurs() -> None:
    assert trim_stop('one\nQuestion: two', ('\n', 'Question:')) == ('one', True)
    assert trim_stop('one Question: two\n', ('\n', 'Question:')) == ('one ', True)


def test_a_text_without_stop_word_stays_whole() -> None:
    assert trim_stop('one two', ('three',)) == ('one two', False)
    assert trim_stop('one two', ()) == ('one two', False)


def test_an_empty_stop_word_cuts_nothing() -> None:
    assert trim_stop('one', ('',)) == ('one', False)
