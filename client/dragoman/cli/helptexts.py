"""What --help says beyond the arguments themselves."""

DESCRIPTION = """\
Dated, sourced records of diplomatic events, from a Dragoman server: who did what to whom and when,
who negotiates, what sanctions were imposed or lifted, and the words of the texts that say so."""

EPILOG = """\
examples:
  dragoman events --since 2023-10 --until 2024-07-31 --actor VEN
  dragoman events --initiator USA --recipient VEN --order desc --limit 5
  dragoman sanctions --target VEN --action eased,lifted
  dragoman actors --name rodr
  dragoman resolve Caracas
  dragoman get VEN
  dragoman events --actor QAT --json | jq .summary
  dragoman export -o everything.jsonl

Days are written 2023-10-01, 2023-10 (the whole month) or 2023 (the whole year). Actors go by id: a
country's code, VEN, or what `dragoman resolve` finds.

exit status: 0 done (also where nothing matches, and where a pipe is closed early); 2 wrong usage;
3 not found; 4 no server answers; 5 anything else; 130 interrupted.

`dragoman COMMAND --help` shows what each command takes."""

EXAMPLES = {
    "events": """\
examples:
  dragoman events --since 2023-10 --until 2023-12
  dragoman events --actor QAT                            what Qatar took part in
  dragoman events --initiator USA --recipient VEN        what the USA did to Venezuela
  dragoman events --between USA VEN --type agree,consult
  dragoman events --actor VEN --scope country            its opposition too
  dragoman events --status planned --order desc --limit 5 --json""",
    "actors": """\
examples:
  dragoman actors --kind person --country VEN
  dragoman actors --name rodr
  dragoman actors --since 2023-10 --until 2023-12        who took part in an event then""",
    "negotiations": """\
examples:
  dragoman negotiations --party USA --status ongoing,resumed
  dragoman negotiations --mediator QAT --json""",
    "sanctions": """\
examples:
  dragoman sanctions --order desc --limit 5              the latest five
  dragoman sanctions --imposer USA --target VEN --sector oil,gas
  dragoman sanctions --action lifted --since 2023""",
    "documents": """\
examples:
  dragoman documents --since 2024 --language en
  dragoman documents --actor QAT                         that report what Qatar took part in""",
    "get": """\
examples:
  dragoman get VEN
  dragoman get VEN --json""",
    "resolve": """\
examples:
  dragoman resolve Caracas
  dragoman resolve "foreign minister" --on 2024-07-03""",
    "info": """\
examples:
  dragoman info
  dragoman info --address data.example.com:443 --tls""",
    "export": """\
examples:
  dragoman export -o everything.jsonl
  dragoman export -o events.frames
  dragoman export --kind actor --format frames > actors.frames

A .jsonl file holds lines of {"kind": ..., "record": {...}}, documents first; a .frames file holds
messages of one kind, which its name says, each after its length as a varint. All of it is of one
revision. A file takes its name only once it is whole.""",
}
