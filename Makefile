# `make` prints what there is. `make run` and `make test` each work as the first command in a fresh
# clone: they set up what they need. PYTHON=... chooses the interpreter (3.11 to 3.13).

BIN := .venv/bin
STAMP := .venv/.set-up
BENCH_STAMP := .venv/.set-up-bench
PROJECTS := pyproject.toml client/pyproject.toml server/pyproject.toml model/pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help setup run test lint client-ends bench bench-streaming bench-large proto lock clean

help: ## print this list
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' \
		| while IFS='|' read -r target text; do printf '%-24s%s\n' "$$target" "$$text"; done

setup: $(STAMP) ## make .venv with everything, at the locked versions

$(STAMP): tools/setup.sh requirements/build.lock requirements/dev.lock $(PROJECTS)
	@PYTHON="$(PYTHON)" sh tools/setup.sh
	@touch $@

run: $(STAMP) ## serve the seeds on 127.0.0.1:50051 (ARGS=... adds flags)
	$(BIN)/dragoman-server serve --seeds seeds $(ARGS)

# A file's tests stay together, so that what they share is set up once. The workers must agree on the
# names of the tests, some of which show sets: one hash seed for all.
test: $(STAMP) ## run the tests, with line and branch coverage (ARGS=... adds pytest's flags)
	PYTHONHASHSEED=$${PYTHONHASHSEED:-0} $(BIN)/python -m pytest --numprocesses auto --dist loadfile --cov --cov-report=term:skip-covered $(ARGS)

lint: $(STAMP) ## check style, types, the direction of imports, the contract and its generated code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/proto.py check

client-ends: $(STAMP) ## try the client with the oldest and the newest of all that it accepts
	$(BIN)/python tools/client_ends.py

bench: $(BENCH_STAMP) ## score the extraction, tell what each profile costs, and measure streaming beside its peers
	$(BIN)/python -m bench.extraction $(ARGS)
	$(BIN)/python -m bench.profiles
	$(BIN)/python -m bench.streaming $(STREAMING)

bench-streaming: $(BENCH_STAMP) ## measure streaming alone (STREAMING=... adds flags)
	$(BIN)/python -m bench.streaming $(STREAMING)

bench-large: $(BENCH_STAMP) ## measure streaming with 10^7 events: it takes 30 GB, and long the first time
	$(BIN)/python -m bench.streaming --sizes 10000,10000000 --name streaming-large $(STREAMING)

# The peers and what draws, beside everything else; only for those who measure.
$(BENCH_STAMP): $(STAMP) requirements/bench.lock
	$(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes --only-binary :all: \
		--requirement requirements/bench.lock
	@touch $@

proto: $(STAMP) ## format the contract and write its generated code into client/dragoman/v1
	$(BIN)/python tools/proto.py generate

lock: $(STAMP) ## write requirements/*.lock anew (UPGRADE=1 moves to newer releases)
	UPGRADE=$(UPGRADE) sh tools/lock.sh
	$(MAKE) setup

clean: ## remove .venv and everything that the tools leave; var/ stays
	rm -rf .venv .setup.lock .coverage .coverage.* htmlcov build dist client/dist server/dist
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find client server tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
