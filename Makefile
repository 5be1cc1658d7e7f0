# The list of things one does here. `make demo` needs Python >= 3.11 with venv and a package index, nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# the first Python >= 3.11 there is; or say make PYTHON=...
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
DEMO := .venv
DEV := build/dev
BIN := $(DEV)/bin
SOURCES := pyproject.toml $(shell find src -type f -not -path '*/__pycache__/*' 2>/dev/null)
REPORT := build/report
PEOPLE ?= 2

.PHONY: help demo test check lint unit browser derive derive-check bench docs docs-check format clean python fuzz fuzz-slice selftest

help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

python:
	@test -n "$(PYTHON)" || { echo "Python >= 3.11 is needed; install it, or say make PYTHON=/path/to/python" >&2; exit 2; }

demo: $(DEMO)/.installed ## install into .venv, analyze the bundled genome, say where the report lies
	@$(DEMO)/bin/estrogenome demo --out demo-report

$(DEMO)/.installed: $(SOURCES) | python
	@test -d $(DEMO) || $(PYTHON) -m venv $(DEMO)
	$(DEMO)/bin/python -m pip install --quiet .
	@$(DEMO)/bin/python -m pip install --quiet --no-deps --force-reinstall .
	@touch $@

$(DEV)/.installed: pyproject.toml | python
	@test -d $(DEV) || $(PYTHON) -m venv $(DEV)
	$(DEV)/bin/python -m pip install --quiet --editable '.[dev]'
	@touch $@

FUZZ ?= fuzz-slice
test: lint docs-check derive-check unit $(FUZZ) browser ## everything that must pass (installs what it needs, Chromium included)

check: lint docs-check ## the fast subset
	$(BIN)/pytest -q -n $(PEOPLE) tests/contracts tests/catalog tests/unit

lint: $(DEV)/.installed ## style, types, import contracts, knowledge
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/estrogenome lint --quiet

unit: $(DEV)/.installed ## the Python tests
	$(BIN)/pytest -n $(PEOPLE)

browser: $(DEV)/.installed ## a real report in Chromium
	tests/tools/install_chromium.sh
	rm -rf $(REPORT)
	$(BIN)/estrogenome demo --out $(REPORT)
	$(BIN)/estrogenome compare examples/GRCh38/HG00121.vcf.gz --sex male --age 45 --days 28 --draws 20 --scenario trt=testosterone_cypionate:100mg/7d --scenario trt_ai=testosterone_cypionate:100mg/7d+anastrozole:0.5mg/3.5d --out $(REPORT)/compare
	tests/browser/run.sh $(REPORT)/report.html $(REPORT)/compare/report.html

derive: $(DEV)/.installed ## rebuild knowledge/derived from its inputs
	$(BIN)/python derive/check.py --rebuild

derive-check: $(DEV)/.installed ## is knowledge/derived what its inputs and scripts give?
	$(BIN)/python derive/check.py

docs: $(DEV)/.installed ## write docs/reference again
	$(BIN)/python docs/generate.py

docs-check: $(DEV)/.installed
	$(BIN)/python docs/generate.py --check

bench: $(DEV)/.installed ## what first use, steady states and courses cost, against the limits
	$(BIN)/python benchmarks/first_use.py --install
	$(BIN)/python benchmarks/steady.py
	$(BIN)/python benchmarks/courses.py

FUZZ_SECONDS ?= 120

# atheris has wheels for Linux on x86-64 alone (decision 0006); elsewhere this says so and fails, and `make test FUZZ=` leaves it out on purpose
fuzz: $(DEV)/.installed ## coverage-guided fuzzing of the readers, FUZZ_SECONDS long
	@$(BIN)/python -c 'import atheris' || { echo "fuzz: atheris is not installed (it has wheels for Linux on x86-64); run make test FUZZ= to leave it out" >&2; exit 2; }; \
	rm -rf build/fuzz && mkdir -p build/fuzz; \
	for form in examples/23andme/HG00123.txt tests/data/corpora/consumer/*.* tests/data/corpora/vcf/passed/*.vcf; do \
		{ printf '\000'; cat "$$form"; } > "build/fuzz/$$(basename "$$form")"; done; \
	$(BIN)/python tests/fuzz/readers.py build/fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=5 -rss_limit_mb=2000 -max_len=20000 -print_final_stats=1

fuzz-slice: ## the same for CI: twenty seconds
	$(MAKE) fuzz FUZZ_SECONDS=20

selftest: $(DEV)/.installed ## is the whole of docs/reference/selftest.md what comes out? (a minute or more of CPU; CI takes a part)
	@mkdir -p build
	$(BIN)/estrogenome selftest --calls > build/selftest.md
	diff -u docs/reference/selftest.md build/selftest.md

format: $(DEV)/.installed ## mend style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what the other targets made
	rm -rf $(DEMO) build demo-report .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache tests/browser/node_modules
