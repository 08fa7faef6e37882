"""The command line: ``python -m eventmock demo``."""

from __future__ import annotations

import argparse


def main() -> None:
    """Run a command."""
    parser = argparse.ArgumentParser(
        prog="python -m eventmock", description="Amazon EventBridge, in-process."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="show one event being routed, delivered and explained")
    demo.set_defaults(run=_demo)
    parser.parse_args().run()


def _demo() -> None:
    from eventmock.demo import run

    run()


if __name__ == "__main__":
    main()
