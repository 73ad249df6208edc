"""The arguments of the command."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from dragoman._channel import DEFAULT_TARGET, DEFAULT_TIMEOUT, package_version
from dragoman._values import Enum, day, enum_names, enum_number
from dragoman.cli.helptexts import DESCRIPTION, EPILOG, EXAMPLES
from dragoman.v1 import (
    actor_pb2,
    event_pb2,
    evidence_pb2,
    negotiation_pb2,
    reading_pb2,
    sanction_change_pb2,
)

KINDS = ("document", "actor", "event", "negotiation", "sanction_change")
"""The kinds of record, in the order in which an export writes them."""
FORMATS = ("jsonl", "frames")


class Arguments(argparse.Namespace):
    """What the command was given; the rest is up to the subcommand."""

    command: str
    address: str
    timeout: float
    tls: bool
    ca: Path | None


class _Parser(argparse.ArgumentParser):
    """Tells of an error in one sentence."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} (`{self.prog} --help` shows more)", file=sys.stderr)
        self.exit(2)


def parse_arguments(argv: Sequence[str] | None = None) -> Arguments:
    """Return the arguments; ends the process with status 2 where they do not do."""
    return make_parser().parse_args(argv, namespace=Arguments())


def make_parser() -> argparse.ArgumentParser:
    """Return what reads the arguments."""
    parser = _Parser(
        prog="dragoman",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dragoman {package_version()}")
    _add_connection(parser, inner=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(name: str, summary: str) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=EXAMPLES[name],
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        _add_connection(made, inner=True)
        return made

    _add_events(command("events", "show events by their date"))
    _add_actors(command("actors", "show states, persons, organizations and groups"))
    _add_negotiations(command("negotiations", "show negotiations by the day of their start"))
    _add_sanctions(command("sanctions", "show steps in sanctions regimes by their date"))
    _add_documents(command("documents", "show the documents that records rest on"))

    get = command("get", "show one record of whichever kind, with its evidence")
    get.add_argument("id", metavar="ID", help="its id")
    _add_output(get)

    resolve = command("resolve", "find the actors that a name may mean, the likeliest first")
    resolve.add_argument("name", metavar="NAME", help="a name, capital, adjective or office")
    resolve.add_argument(
        "--on", type=_day, metavar="DAY", help="the day on which it was used: 2023-10-01, 2023"
    )
    resolve.add_argument(
        "--limit", type=_positive, metavar="N", help="show at most N (default: 10)"
    )
    _add_output(resolve)

    info = command("info", "show what the server is and holds")
    info.add_argument("--json", action="store_true", help="print JSON")

    _add_export(command("export", "write records into a file that `dragoman-server load` reads"))
    return parser


def _add_connection(parser: argparse.ArgumentParser, *, inner: bool) -> None:
    """Add what may stand before the subcommand or after it; what stands after it wins."""

    def default(value: Any) -> Any:
        return argparse.SUPPRESS if inner else value

    group = parser.add_argument_group("the server")
    group.add_argument(
        "--address",
        default=default(os.environ.get("DRAGOMAN_ADDRESS") or DEFAULT_TARGET),
        metavar="HOST:PORT",
        help=f"where it is (default: DRAGOMAN_ADDRESS, or else {DEFAULT_TARGET})",
    )
    group.add_argument(
        "--timeout",
        type=_seconds,
        default=default(DEFAULT_TIMEOUT),
        metavar="SECONDS",
        help=f"how long one answer may take (default: {DEFAULT_TIMEOUT:g})",
    )
    group.add_argument(
        "--tls", action="store_true", default=default(False), help="speak TLS with it"
    )
    group.add_argument(
        "--ca",
        type=Path,
        default=default(None),
        metavar="FILE",
        help="certificates (PEM) to trust; speaks TLS",
    )


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="print JSON, one record a line, for programs"
    )
    _add_choice(parser, "--view", reading_pb2.RecordView, "how much of each record: full or basic")


def _add_reading(parser: argparse.ArgumentParser, *, dated: str) -> None:
    parser.add_argument(
        "--since", type=_day, metavar="DAY", help=f"first day {dated}: 2023-10-01, 2023-10 or 2023"
    )
    parser.add_argument("--until", type=_day, metavar="DAY", help="last day, inclusive, likewise")
    parser.add_argument("--limit", type=_number, metavar="N", help="show at most N")
    _add_output(parser)


def _add_order(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--order", choices=("asc", "desc"), default="asc", help="earliest first (asc) or last"
    )
    parser.add_argument(
        "--within", action="store_true", help="only what lies between the days wholly"
    )
    parser.add_argument(
        "--ids", action="store_true", help="show ids also where the terminal is narrow"
    )
    parser.add_argument(
        "--undated", action="store_true", help="with --since or --until: undated ones too"
    )


def _add_actor(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument(
        "--actor", type=_list, action="extend", default=[], metavar="ID", help=f"{text}; repeatable"
    )
    _add_choice(
        parser,
        "--scope",
        reading_pb2.ActorScope,
        "who is meant by an actor: side (a state with its officials, default), exact or country",
    )


def _add_ids(parser: argparse.ArgumentParser, flag: str, text: str, metavar: str = "ID") -> None:
    parser.add_argument(
        flag, type=_list, action="extend", default=[], metavar=metavar, help=f"{text}; repeatable"
    )


def _add_choice(parser: argparse.ArgumentParser, flag: str, enum: Enum, text: str) -> None:
    parser.add_argument(flag, type=_one(enum), metavar=flag[2:].upper(), help=text)


def _add_choices(parser: argparse.ArgumentParser, flag: str, enum: Enum, text: str) -> None:
    names = ", ".join(name.lower() for name in enum_names(enum))
    parser.add_argument(
        flag,
        type=_some(enum),
        action="extend",
        default=[],
        metavar=flag[2:].upper(),
        help=f"{text}: {names}; repeatable, or joined by commas",
    )


def _add_confidence(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--min-confidence",
        type=_confidence,
        default=0.0,
        metavar="C",
        help="the least confidence, from 0 to 1",
    )


def _add_events(parser: argparse.ArgumentParser) -> None:
    _add_reading(parser, dated="of the event")
    _add_order(parser)
    _add_actor(parser, "who takes part, in any role")
    _add_ids(parser, "--initiator", "who acts")
    _add_ids(parser, "--recipient", "whom the act is done to")
    _add_ids(parser, "--mediator", "who mediates")
    parser.add_argument(
        "--between", nargs=2, metavar=("ID", "ID"), help="two that both take part, in any role"
    )
    _add_choices(parser, "--type", event_pb2.EventType, "type of event")
    _add_choices(parser, "--status", evidence_pb2.EventStatus, "whether it has happened")
    _add_choices(parser, "--assertion", evidence_pb2.Assertion, "who stands behind it")
    _add_confidence(parser)
    _add_ids(parser, "--negotiation", "negotiation that it belongs to")
    _add_ids(parser, "--document", "document that reports it")


def _add_actors(parser: argparse.ArgumentParser) -> None:
    _add_reading(parser, dated="of events that the actor takes part in")
    _add_ids(parser, "--actor", "the actor itself")
    _add_choices(parser, "--kind", actor_pb2.ActorKind, "kind of actor")
    _add_ids(parser, "--country", "code of its country, VEN", "CODE")
    _add_ids(parser, "--sector", "its sector, a code of PLOVER, GOV", "CODE")
    parser.add_argument("--name", default="", help="how one of its names begins")


def _add_negotiations(parser: argparse.ArgumentParser) -> None:
    _add_reading(parser, dated="of the negotiation's time")
    _add_order(parser)
    _add_actor(parser, "a party, mediator or negotiator")
    _add_ids(parser, "--party", "a party")
    _add_ids(parser, "--mediator", "a mediator")
    _add_choices(parser, "--status", negotiation_pb2.NegotiationStatus, "how far it has come")


def _add_sanctions(parser: argparse.ArgumentParser) -> None:
    _add_reading(parser, dated="of the decision")
    _add_order(parser)
    _add_actor(parser, "an imposer or a target")
    _add_ids(parser, "--imposer", "who takes the step")
    _add_ids(parser, "--target", "whom the measures hit")
    _add_choices(parser, "--action", sanction_change_pb2.SanctionAction, "what the step does")
    _add_choices(parser, "--sector", sanction_change_pb2.SanctionSector, "what it touches")
    _add_choices(parser, "--status", evidence_pb2.EventStatus, "whether it has happened")
    _add_confidence(parser)


def _add_documents(parser: argparse.ArgumentParser) -> None:
    _add_reading(parser, dated="of publication")
    _add_order(parser)
    _add_actor(parser, "who takes part in an event that the document reports")
    _add_ids(parser, "--publisher", "its publisher, written exactly so", "NAME")
    _add_ids(parser, "--language", "its language, en", "TAG")


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kind",
        action="append",
        choices=KINDS,
        help="kind of record; repeatable (default: all; of a .frames file, what its name says)",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: stdout")
    parser.add_argument(
        "--format", choices=FORMATS, help="default: by the file's suffix, or else jsonl"
    )


def _one(enum: Enum) -> Callable[[str], int]:
    def convert(text: str) -> int:
        try:
            number: int = enum_number(enum, text, "it")
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
        return number

    return convert


def _some(enum: Enum) -> Callable[[str], list[int]]:
    convert = _one(enum)
    return lambda text: [convert(item) for item in _list(text)]


def _list(text: str) -> list[str]:
    items = [item.strip() for item in text.split(",")]
    if not all(items):
        raise argparse.ArgumentTypeError("it is empty")
    return items


def _day(text: str) -> str:
    try:
        return day(text, "it")
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).partition(", or give")[0]) from None


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"it is {text!r}: it takes a whole number, 0 or more")
    return int(text)


def _positive(text: str) -> int:
    number = _number(text)
    if number == 0:
        raise argparse.ArgumentTypeError("it is 0: it takes 1 or more")
    return number


def _confidence(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"it is {text!r}: it takes a number from 0 to 1")
    return value


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"it is {text!r}: it takes seconds, more than 0")
    return value
