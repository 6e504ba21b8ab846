"""`python -m evalkit`, where the command `evalkit` is not on the path."""

import sys

from evalkit.cli import main

if __name__ == '__main__':
    sys.exit(main())
