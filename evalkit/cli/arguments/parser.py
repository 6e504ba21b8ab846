"""A parser whose errors are one line."""

import argparse
import re
from typing import Any, NoReturn

from evalkit.config import did_you_mean

__all__ = ['OneLineParser']


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong and where the flags are listed, in place of listing all of them."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        self.exit(2, f'{self.prog}: error: {message} ({self.prog} --help lists the flags)\n')

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Refuse what is unknown here, where the flags that may be meant are known."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            flags = re.findall(r'(?<![\w-])--?[a-z][\w-]*', self.format_help())
            name = unknown[0].partition('=')[0]
            self.error(f'unrecognized arguments: {" ".join(unknown)}{did_you_mean(name, flags)}')
        return found, unknown
