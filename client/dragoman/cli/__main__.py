"""Runs the command as ``python -m dragoman.cli``."""

import sys

from dragoman.cli import main

if __name__ == "__main__":
    sys.exit(main())
