"""Run the command line with ``python -m lamion``."""

from lamion.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
