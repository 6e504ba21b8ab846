"""Postprocessors of the tests' own."""


def append(text: str, mark: str) -> str:
    return f'{text}{mark}'


def whole_number(text: str) -> int:
    return int(text)


def as_set(text: str) -> set[str]:
    return {text}
