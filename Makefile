# Each target sets up what it needs from a fresh clone: Python 3.11 or newer and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_DATA ?= demo-data
PORT ?= 8000

.PHONY: demo test coverage lint lock words reference bench screenshots clean

$(VENV)/.plain: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.plain

# The reference client of the Model Context Protocol needs another release of a library than an instrument's reader.
$(VENV)/mcp/.made:
	$(PYTHON) -m venv $(VENV)/mcp
	$(VENV)/mcp/bin/python -m pip install --quiet --disable-pip-version-check 'mcp>=2.3,<3'
	@touch $@

# The reference validator of RO-Crates needs another release of a library than the linter of imports.
$(VENV)/crates/.made:
	$(PYTHON) -m venv $(VENV)/crates
	$(VENV)/crates/bin/python -m pip install --quiet --disable-pip-version-check 'roc-validator>=0.13,<0.14'
	@touch $@

demo: $(VENV)/.plain
	$(BIN)/cell-registry demo --data $(DEMO_DATA) --port $(PORT)

# A module that is not kept compiled is compiled anew by each of the many processes that the tests start.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.dev $(VENV)/mcp/.made $(VENV)/crates/.made
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

# The rooms that decide, by their own tests, without the two that try every case anew: half a minute, in .ci/run alone.
coverage: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n 2 --cov --cov-report=term:skip-covered tests/judgement tests/records tests/release \
	  tests/ontology_releases/test_contaminants.py \
	  --deselect tests/judgement/test_independent.py::test_shacl_and_the_comparison_agree \
	  --deselect tests/judgement/test_binomial.py::test_scipy_says_the_same

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

# The versions and hashes that a server installs, for the extras that the Containerfile takes; and what is in them.
lock: $(VENV)/.dev
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip install --quiet --disable-pip-version-check pip-tools cyclonedx-bom
	$(VENV)/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-header --no-emit-index-url \
	  --no-emit-find-links --no-emit-trusted-host --extra pdf --extra labels --extra flow --extra instruments \
	  --extra parquet --extra postgres --extra timestamps --extra pkcs11 -o requirements.lock pyproject.toml
	mkdir -p dist
	$(VENV)/lock/bin/cyclonedx-py requirements requirements.lock --of JSON --output-reproducible -o dist/sbom.cdx.json

reference: $(VENV)/.dev
	$(BIN)/python docs/reference/generate.py

words: $(VENV)/.dev
	$(BIN)/python -m web.languages.collect

# The claims in small, two minutes on two cores; benchmarks/README.md has the others and what came out.
bench: $(VENV)/.dev
	$(BIN)/python benchmarks/scaling.py 1000 10000
	$(BIN)/python benchmarks/submitting.py 50
	$(BIN)/python benchmarks/over_http.py 100
	$(BIN)/python benchmarks/judges.py 5000 100 14
	$(BIN)/python benchmarks/evidence_graphs.py 500 15

screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.browser.screenshots

clean:
	rm -rf $(VENV) $(DEMO_DATA) .pytest_cache .mypy_cache .ruff_cache
