# Two habits: `make run` and `make test`. Both set up what they need; neither needs a token.
PYTHON  ?= python3
VENV    := .venv
BIN     := $(VENV)/bin
ARGS    ?=
# Which Pythons the pins must serve; the oldest first.
PYTHONS ?= python3.11 python3.13
# Tests run side by side, those of one file together: they share databases and browsers. `WORKERS=0` for one process.
WORKERS ?= auto
PINNED  := --constraint constraints.txt --build-constraint constraints.txt

.PHONY: run test install install-dev lint types format pictures pins clean

run: install
	@exec $(BIN)/verbinder run $(ARGS)

install: $(VENV)/.installed

install-dev: $(VENV)/.installed-dev

test: $(VENV)/.installed-dev
	$(MAKE) --no-print-directory lint types
	$(BIN)/pytest --numprocesses $(WORKERS) --maxprocesses 4 --dist loadfile $(ARGS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/deptry .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pictures: $(VENV)/.installed-dev
	$(BIN)/python docs/beelden/make_pictures.py

pins:
	$(PYTHON) .ci/pins.py $(PYTHONS)

$(VENV)/.pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Verbinder needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make run PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || \
	  { echo "Could not make a virtual environment. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --upgrade --constraint constraints.txt pip
	@touch $@

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/.pip
	$(BIN)/pip install --quiet $(PINNED) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/.pip
	$(BIN)/pip install --quiet $(PINNED) --editable . --group dev
	@touch $(VENV)/.installed $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
