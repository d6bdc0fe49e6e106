# Two targets do everything on a fresh machine with Python >= 3.11: `make run` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

# A stamp for what the default suite needs, one for everything, one for what drives a browser, one for what builds the
# site; each is made by installing it.
RUN     := $(VENV)/.installed-to-run
ALL     := $(VENV)/.installed
BROWSER := $(VENV)/.installed-for-browser
DOCS    := $(VENV)/.installed-for-docs
SITE    ?= build/site

# Before Python 3.13, what is installed in place in a folder with an accent cannot be started under LC_ALL=C.
ifneq (,$(filter C POSIX,$(LC_ALL)))
export LC_ALL := C.UTF-8
endif

# What is compiled is kept, whatever the environment says: the tests start a thousand processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-browser docs figures lint types clean
.NOTPARALLEL:                     # one pip at a time

run: $(RUN)
	@$(BIN)/factharness run

test: $(ALL)
	@$(BIN)/pytest -q -n auto -m "not slow and not browser"

# A browser that is found or installed here must be there for the tests: nothing is skipped for want of it.
test-browser: $(BROWSER)
	@chromium=$$($(BIN)/python tests/browser/chromium.py --install) && \
		FACTHARNESS_CHROMIUM=$$chromium $(BIN)/pytest -q -n auto -m browser

# Every warning is an error; nothing is fetched. The pages are written anew each time, since some are made of the code.
docs: $(DOCS)
	@$(BIN)/python -m sphinx -q -E -a -W --keep-going -b html docs $(SITE)
	@echo "The site: $(SITE)/index.html"

# Prints the tables of figures in README.md and docs/ again and writes them into their pages, and takes the pictures.
# It takes an hour; what needs a browser is left out where there is none.
figures: $(ALL)
	@$(BIN)/python docs/refresh.py

lint: $(ALL)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(ALL)
	$(BIN)/mypy

$(RUN): EXTRAS := spacy,stanza
$(RUN): SIZE   := 70 packages, 1.4 GB on disk
$(ALL): EXTRAS := all,dev
$(ALL): SIZE   := 150 packages, 2 GB on disk

# Installed again only when what is installed has changed; what is there already, pip leaves as it is. The project
# itself is installed in place, so a change of its code needs no reinstall. Who has everything can run as well.
$(RUN) $(ALL): pyproject.toml constraints.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "factharness needs Python 3.11 or later; run: make $(MAKECMDGOALS) PYTHON=python3.11" >&2; exit 2; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@echo "Installing $(EXTRAS) into $(VENV): about $(SIZE), of which torch takes 750 MB, more where it comes with CUDA."
	@$(BIN)/python .ci/install.py -c constraints.txt -e '.[$(EXTRAS)]'
	@touch $(RUN) $@

$(BROWSER): $(ALL)
	@echo "Installing what drives a browser into $(VENV): 3 packages, 170 MB on disk."
	@$(BIN)/python .ci/install.py -c constraints.txt -e '.[browser]'
	@touch $@

# The site needs no back end, so neither spaCy nor torch.
$(DOCS): pyproject.toml constraints.txt
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@echo "Installing the core and what builds the site into $(VENV): 50 packages, 250 MB on disk."
	@$(BIN)/python .ci/install.py -c constraints.txt -e '.[docs]'
	@touch $@

clean:
	rm -rf $(VENV)
