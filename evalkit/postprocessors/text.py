"""Short free-text answers, and what stands beside the reasoning of a model."""

import importlib
import re

from evalkit.errors import BackendError

ARTICLES = re.compile(r'\b(?:an?|the)\b', re.IGNORECASE)


def general_postprocess(text: str) -> str:
    """Return the first clause in plain words: up to a line end, full stop or comma.

    Punctuation and English articles are left out, and white space is single.
    """
    clause = re.split(r'[\n.,]', text, maxsplit=1)[0]
    words = re.sub(r'[^\w\s]', '', clause)
    return ' '.join(ARTICLES.sub('', words).split())


def general_cn_postprocess(text: str) -> str:
    """Return the words of a Chinese text, as jieba cuts them, with spaces between them."""
    try:
        jieba = importlib.import_module('jieba')
    except ImportError as error:
        raise BackendError('jieba is not installed: pip install jieba') from error
    return ' '.join(jieba.cut(text))


def match_answer_pattern(response_text: str, answer_pattern: str) -> str:
    """Return what the first group of a regular expression finds first, or ''."""
    match = re.search(answer_pattern, response_text)
    return match[1] or '' if match else ''


def think_pred_postprocess(prediction: str, re_pattern: str) -> str:
    """Return what the first group of a regular expression finds, or else the whole text."""
    match = re.search(re_pattern, prediction)
    return (match[1] or '').strip() if match else prediction


def xml_tag_postprocessor(text: str, tag: str) -> str:
    """Return what the last element of a `tag` such as '<answer>' holds."""
    closing = f'</{tag.strip("<>")}>'
    found = re.findall(f'{re.escape(tag)}(.*?){re.escape(closing)}', text, re.DOTALL)
    return found[-1].strip() if found else 'NO ANSWER FOUND'


def extract_non_reasoning_content(
    text: str, think_start_token: str = '<think>', think_end_token: str = '</think>'
) -> str:
    """Return the text without its reasoning.

    Where a chat template has already written the opening tag, the text begins inside the
    reasoning; where the output was cut, the reasoning does not end, and what it says is no answer.
    """
    start, end = re.escape(think_start_token), re.escape(think_end_token)
    rest = re.sub(f'{start}.*?{end}', '', text, flags=re.DOTALL)
    rest = rest.rpartition(think_end_token)[2]
    return rest.partition(think_start_token)[0].strip()
