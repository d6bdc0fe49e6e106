# Two targets do everything on a fresh machine with Python >= 3.11: `make run` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

# Before Python 3.13, what is installed in place in a folder with an accent cannot be started under LC_ALL=C.
ifneq (,$(filter C POSIX,$(LC_ALL)))
export LC_ALL := C.UTF-8
endif

.PHONY: run test lint types clean

run: $(STAMP)
	@$(BIN)/factharness run

test: $(STAMP)
	@$(BIN)/pytest -q -n auto -m "not slow"

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

# Installed again only when what is installed has changed. The project itself is installed in place, so a
# change of its code needs no reinstall.
$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "factharness needs Python 3.11 or later; run: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV): 2 GB on disk, of which torch takes 750 MB, more where it comes with CUDA."
	@$(BIN)/python .ci/install.py -c constraints.txt -e '.[all,dev]'
	@touch $@

clean:
	rm -rf $(VENV)
