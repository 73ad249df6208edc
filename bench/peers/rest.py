"""REST: FastAPI sends lines of JSON (NDJSON), many a chunk, made by orjson from a table of columns.

Lists that the table holds as JSON go out as they are, without being read. uvicorn runs with uvloop
and httptools where these are installed. The client reads chunks with httpx and each line with
orjson. `python -m bench.peers.rest FILE` serves a SQLite file.
"""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson

from bench.peers import columns
from bench.peers.columns import COLUMNS, JSON, NAMES
from bench.streaming.asks import Ask

LINES_AT_ONCE = 200


def _lines(path: Path) -> Iterator[bytes]:
    lists = [place for place, kind in enumerate(COLUMNS.values()) if kind == JSON]
    dumps, newline = orjson.dumps, orjson.OPT_APPEND_NEWLINE
    for rows in columns.read(path):
        # Smaller chunks than that, so that the client reads one while the next is made.
        for start in range(0, len(rows), LINES_AT_ONCE):
            lines = []
            for row in rows[start : start + LINES_AT_ONCE]:
                found = dict(zip(NAMES, row, strict=True))
                for place in lists:
                    found[NAMES[place]] = orjson.Fragment(row[place])
                lines.append(dumps(found, option=newline))
            yield b"".join(lines)


def serve(path: Path) -> None:
    """Serve until the process is ended."""
    import uvicorn
    from fastapi import FastAPI
    from fastapi.responses import StreamingResponse

    app = FastAPI()

    def events() -> StreamingResponse:
        return StreamingResponse(_lines(path), media_type="application/x-ndjson")

    app.add_api_route("/events", events, response_class=StreamingResponse)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        print(f"ready 127.0.0.1:{listening.getsockname()[1]}", flush=True)
        config = uvicorn.Config(app, log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listening])


class Reader:
    """The client's side."""

    def __init__(self, target: str) -> None:
        self._client = httpx.Client(base_url=f"http://{target}", timeout=60, trust_env=False)

    def records(self, ask: Ask) -> Iterator[dict[str, Any]]:
        """All events, as dictionaries."""
        loads = orjson.loads
        rest = b""
        with self._client.stream("GET", "/events") as response:
            response.raise_for_status()
            # Not iter_lines: it decodes to text first, and is several times slower.
            for chunk in response.iter_raw():
                *lines, rest = (rest + chunk).split(b"\n")
                yield from map(loads, lines)
        if rest:
            raise json.JSONDecodeError("the last line is not whole", rest.decode(), 0)

    def touch(self, records: Iterator[dict[str, Any]], *, more: bool) -> int:
        """See `asks.Reader`."""
        count = 0
        for event in records:
            _ = (event["id"], event["type"], event["status"], event["confidence"])
            if more:
                _ = (event["first_day"], [who["actor_id"] for who in event["participants"]])
            count += 1
        return count

    def close(self) -> None:
        """See `asks.Reader`."""
        self._client.close()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
