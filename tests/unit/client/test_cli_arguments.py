"""What the command takes, refuses and teaches, before anything is asked of a server."""

import shlex

import pytest

from dragoman.cli import main
from dragoman.cli.arguments import make_parser, parse_arguments
from dragoman.cli.helptexts import EPILOG, EXAMPLES
from dragoman.v1 import event_pb2, reading_pb2

COMMANDS = "events actors negotiations sanctions documents get resolve info export".split()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("events --type argue", "--type: it is 'argue': it takes AGREE, CONSULT"),
        ("events --since 2024-02-30", "--since: it is '2024-02-30', which is not in the calendar"),
        ("events --since 'last week'", "--since: it is 'last week': write it as"),
        ("events --limit -1", "--limit: it is '-1': it takes a whole number, 0 or more"),
        ("events --min-confidence 2", "it is '2': it takes a number from 0 to 1"),
        ("events --min-confidence nan", "it takes a number from 0 to 1"),
        ("events --min-confidence high", "it takes a number from 0 to 1"),
        ("events --scope near", "it takes SIDE, EXACT or COUNTRY"),
        ("events --view tiny", "it takes FULL or BASIC"),
        ("events --order up", "invalid choice: 'up'"),
        ("events --actor ''", "--actor: it is empty"),
        ("events --actor VEN,,USA", "--actor: it is empty"),
        ("events --timeout 0", "it takes seconds, more than 0"),
        ("events --timeout soon", "it takes seconds, more than 0"),
        ("events --between USA", "expected 2 arguments"),
        ("events --act VEN", "unrecognized arguments"),
        ("resolve Caracas --limit 0", "it is 0: it takes 1 or more"),
        ("export --kind events", "invalid choice: 'events'"),
        ("event", "invalid choice: 'event'"),
        ("", "required: COMMAND"),
    ],
)
def test_wrong_usage_is_one_sentence_that_says_what_would_do(
    line: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments(shlex.split(line))

    out, err = capsys.readouterr()
    assert ended.value.code == 2
    assert out == ""
    assert len(err.splitlines()) == 1
    assert err.startswith("dragoman")
    assert words in err
    assert "--help` shows more" in err


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_teaches(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_arguments([*command.split(), "--help"])

    out, _ = capsys.readouterr()
    assert ended.value.code == 0
    assert "examples:\n  dragoman " in out
    assert "--address" in out
    if not command:
        assert "exit status: 0 done" in out
        assert all(f"    {name} " in out for name in COMMANDS)


def test_every_example_of_the_help_is_understood() -> None:
    lines = [
        line.strip().partition("   ")[0].partition(" | ")[0].partition(" > ")[0]
        for text in (EPILOG, *EXAMPLES.values())
        for line in text.splitlines()
        if line.startswith("  dragoman ")
    ]

    assert len(lines) > 20
    for line in lines:
        make_parser().parse_args(shlex.split(line)[1:])


def test_values_may_be_repeated_or_joined() -> None:
    arguments = make_parser().parse_args(
        shlex.split("events --type agree,CONSULT --type EVENT_TYPE_AID --actor VEN,USA --actor QAT")
    )

    assert arguments.type == [
        event_pb2.EVENT_TYPE_AGREE,
        event_pb2.EVENT_TYPE_CONSULT,
        event_pb2.EVENT_TYPE_AID,
    ]
    assert arguments.actor == ["VEN", "USA", "QAT"]


def test_one_use_leaves_nothing_behind_for_the_next() -> None:
    parser = make_parser()
    parser.parse_args(["events", "--actor", "VEN"])

    assert parser.parse_args(["events"]).actor == []


def test_the_connection_may_be_named_on_either_side_of_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DRAGOMAN_ADDRESS", raising=False)
    assert parse_arguments(["info"]).address == "127.0.0.1:50051"
    assert parse_arguments(["--address", "a:1", "info"]).address == "a:1"
    assert parse_arguments(["--address", "a:1", "info", "--address", "b:2"]).address == "b:2"
    assert parse_arguments(["info", "--timeout", "2.5"]).timeout == 2.5
    monkeypatch.setenv("DRAGOMAN_ADDRESS", "c:3")
    assert parse_arguments(["info"]).address == "c:3"
    assert not parse_arguments(["info"]).tls


def test_choices_become_numbers() -> None:
    arguments = make_parser().parse_args(["events", "--view", "basic", "--scope", "country"])

    assert arguments.view == reading_pb2.RECORD_VIEW_BASIC
    assert arguments.scope == reading_pb2.ACTOR_SCOPE_COUNTRY


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "--ca", "/nowhere.pem"]) == 5
    assert "No such file or directory (/nowhere.pem)" in capsys.readouterr().err
