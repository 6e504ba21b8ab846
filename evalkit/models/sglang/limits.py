"""How many tokens SGLang really holds for one request (seen in 0.5.23)."""

from dataclasses import dataclass

SPARE = 6
"""Tokens of its context length that SGLang refuses to a prompt."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What SGLang says of itself, in tokens.

    It refuses inputs of `longest_input` tokens, wants `num_reserved` of its `context` besides
    prompt and answer, and shortens an answer for which its `pool` has no room.
    """

    context: int
    longest_input: int
    num_reserved: int
    pool: int
    page_size: int

    @property
    def length(self) -> int:
        """How many a prompt and its answer may have together, the answer at least one."""
        # An answer gets what the pool has beyond the pages of the prompt, a page and a token.
        from_pool = self.pool - 2 * self.page_size
        return min(self.longest_input, self.context - self.num_reserved, from_pool)
