#!/bin/sh
# Writes requirements/*.lock: exact versions and hashes for every platform and every Python that
# the project supports. Run by `make lock`; UPGRADE=1 moves to the newest releases that the
# declared ranges allow, otherwise what is pinned stays pinned.
set -eu
cd "$(dirname "$0")/.."

uv=.venv/bin/uv
header="# Written by \`make lock\` from the pyproject.toml files; do not edit."

compile() {
    out=$1
    shift
    # Our own two are installed from this tree with --no-deps, so they are in no lock file.
    # The header and the index are left out: they would name this machine and its registry.
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links \
        --no-emit-package dragoman --no-emit-package dragoman-server \
        ${UPGRADE:+--upgrade} --output-file "$out" "$@" >/dev/null
    { printf '%s\n' "$header"; grep -v -F "$header" "$out"; } >"$out.new"
    mv "$out.new" "$out"
}

# The widest first; the others are the same versions, of fewer packages.
compile requirements/dev.lock --group pyproject.toml:dev --extra postgres --extra model \
    client/pyproject.toml server/pyproject.toml
compile requirements/bench.lock --constraint requirements/dev.lock --group pyproject.toml:bench
compile requirements/build.lock --constraint requirements/dev.lock --group pyproject.toml:build
compile requirements/server.lock --constraint requirements/dev.lock --extra postgres --extra model \
    client/pyproject.toml server/pyproject.toml

# The client's declared ranges, at both ends: it is tested with each by `make client-ends`.
compile requirements/client-oldest.lock --resolution lowest-direct client/pyproject.toml
compile requirements/client-newest.lock client/pyproject.toml
