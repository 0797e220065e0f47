"""`python -m services.local`: the one-machine mode without the rest of the command line, and without its memory."""

import argparse
import sys
from pathlib import Path

from services.local.up import up


def main() -> int:
    parser = argparse.ArgumentParser(prog="portefeuille up", description="Start everything on this machine.")
    parser.add_argument("--data-dir", type=Path, default=Path(".portefeuille"), help="where everything is kept")
    parser.add_argument("--port", type=int, default=8000, help="port of the API; 0 picks a free one")
    parser.add_argument("--demo", action="store_true", help="load a demonstration portfolio")
    options = parser.parse_args()
    return up(options.data_dir, options.port, options.demo)


if __name__ == "__main__":
    sys.exit(main())
