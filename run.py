"""`python run.py CONFIG`: evaluate the models of a config; the same as `evalkit run CONFIG`."""

import sys

from evalkit.cli import main

if __name__ == '__main__':
    sys.exit(main(['run', *sys.argv[1:]], program='run.py'))
