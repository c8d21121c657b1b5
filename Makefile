# `make annotate` and `make test` do all the set-up themselves; see CONTRIBUTING.md for the rest.
# PYTHON=… chooses another interpreter, SHARED=… another folder of corpora.

PYTHON ?= $(shell .ci/python)
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench
# What is installed anew when it changes; the last is compiled, where there is a compiler.
PACKAGE := setup.cfg setup.py pyproject.toml src/pnews/normalize/_quick.c
SHARED ?= ../shared
export PNEWS_SHARED := $(abspath $(SHARED))
# The tagger is trained in an environment of its own, on Python 3.11; DEVICE=cuda where there is a GPU.
TRAIN_PYTHON ?= $(shell for python in python3.11 python3.12 python3; do command -v $$python && break; done)
TRAIN := .venv-train
TRAINING := $(TRAIN)/bin/python training
DEVICE ?= cpu
SEED ?= 1
DOCS := .venv-docs
FUZZED = $(shell grep -l '^@given' tests/*.py)

.PHONY: annotate test fuzz test-cluster lint types format clean word-classes train-half-spaces kb check-kb lemmas eval eval-understanding bench bench-normalize bench-offsets bench-page bench-batch soak docs docs-pages \
	encoder tagger-data adapt teacher labels student student-open export eval-tagger bench-tagger

annotate: $(VENV)/installed
	@$(BIN)/pnews annotate seeds/000_796db081e6ec0fd9.txt

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest

fuzz: $(VENV)/installed-dev  # new random texts for every law; an example found goes into its test
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest $(FUZZED)

test-cluster: $(VENV)/installed-cluster
	$(BIN)/python -m pytest tests/test_cluster.py

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train-half-spaces lemmas word-classes kb check-kb: $(VENV)/installed-train
train-half-spaces:  # on one thread: the problems are small, and threads only wait for each other
	OMP_NUM_THREADS=1 $(BIN)/python training/train_half_spaces.py
	$(BIN)/python training/settle_words.py
lemmas:
	$(BIN)/python training/build_lemmas.py
word-classes:
	$(BIN)/python training/word_classes.py
	$(BIN)/python training/word_classes.py --open
kb:
	$(BIN)/python training/build_kb.py
check-kb:
	$(BIN)/python training/check_kb.py

# The tagger, step by step; each goes on where it stopped. What they make is in checkpoints/ until `export`.
encoder tagger-data adapt teacher labels student student-open export: $(TRAIN)/installed
encoder:
	$(TRAINING)/encoder.py
tagger-data:
	$(TRAINING)/sentences.py
adapt:
	$(TRAINING)/adapt.py --device $(DEVICE)
teacher:
	$(TRAINING)/teacher.py --seed $(SEED) --device $(DEVICE)
labels:
	$(TRAINING)/export.py --what encoder --alone
	$(TRAINING)/label.py
student:
	$(TRAINING)/student.py --seed $(SEED)
student-open:  # after encoder, word-classes and tagger-data
	$(TRAINING)/teacher.py --open --name teacher-open --frozen 2 --seed $(SEED) --device $(DEVICE)
	$(TRAINING)/export.py --what encoder --encoder teacher-open-$(SEED) --alone --open
	$(TRAINING)/label.py --open
	$(TRAINING)/student.py --open --name student-open --seed $(SEED)
	$(TRAINING)/export.py --what student --student student-open --open --publish
export:
	$(TRAINING)/export.py --publish

eval-tagger: $(VENV)/installed-dev
	$(BIN)/python benchmarks/tagger_scores.py $(SHARED)/data
bench-tagger: $(VENV)/installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]' >&2
	$(BIN)/python benchmarks/tagger_speed.py $(SHARED)/data

eval: $(VENV)/installed-dev
	$(BIN)/pnews evaluate $(SHARED)/data/gold-dev
	$(BIN)/pnews evaluate $(SHARED)/data/ner/peyma-dev.tsv --scheme peyma
	$(BIN)/pnews evaluate $(SHARED)/data/ner/arman-dev.tsv --scheme arman
	$(BIN)/python benchmarks/tokenize_ud.py $(SHARED)/data/ud/*-dev.conllu
	$(BIN)/python benchmarks/resolve_gold.py $(SHARED)/data/gold-dev
	$(BIN)/python benchmarks/half_spaces.py $(SHARED)/data/halfspace/dev-*.txt

eval-understanding: $(VENV)/installed-dev
	$(BIN)/python benchmarks/understanding.py $(SHARED)/data/gold-dev --floors
	$(BIN)/python benchmarks/understanding.py $(SHARED)/data/gold-train --gold-names
	$(BIN)/python benchmarks/understanding_cost.py $(SHARED)/data/gold-dev

bench-page: $(VENV)/installed-dev
	$(BIN)/python benchmarks/page_paint.py

# pnews beside others: writes docs/benchmarks.md, its plot and the summary in README.md.
bench: $(VENV)/installed-dev $(BENCH)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]' >&2
	@$(BIN)/python benchmarks/beside_others.py $(SHARED)/data --peers $(BENCH)/bin/python --write

bench-offsets: $(VENV)/installed-dev
	$(BIN)/python benchmarks/offsets.py $(SHARED)/data/news/*.jsonl.gz

bench-normalize: $(VENV)/installed-dev $(BENCH)/installed
	@$(BIN)/python benchmarks/half_spaces.py --peers $(BENCH)/bin/python --news $(SHARED)/data/news/hamshahri.jsonl.gz $(SHARED)/data/halfspace/dev-*.txt

bench-batch: $(VENV)/installed-dev
	$(BIN)/python benchmarks/batch_speed.py $(SHARED)/data/news
soak: $(VENV)/installed-dev  # 20,000 documents, twice: once unbroken, once with kills
	$(BIN)/python benchmarks/batch_soak.py $(SHARED)/data/news

# The site, into build/docs; a warning or anything fetched from elsewhere fails.
docs: $(DOCS)/installed
	NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --strict --quiet
	$(DOCS)/bin/python docs/check_site.py build/docs
docs-pages: $(VENV)/installed-dev
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) $(BENCH) $(DOCS) build src/*.egg-info src/pnews/normalize/_quick.*.so .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "pnews needs Python 3.11, 3.12 or 3.13; none runs here. Install one, or name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "setting up $(VENV) with $(PYTHON)" >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(PACKAGE) | $(BIN)/python
	@echo "installing pnews" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . >&2
	@touch $@

$(VENV)/installed-dev: $(PACKAGE) | $(BIN)/python
	@echo "installing pnews and what its tests need" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]' >&2
	@touch $(VENV)/installed $@

$(VENV)/installed-cluster: $(VENV)/installed-dev
	@echo "installing what many machines need" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[cluster]' >&2
	@touch $@

$(VENV)/installed-train: $(VENV)/installed-dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train]' >&2
	@touch $@

$(BENCH)/installed: | $(BIN)/python
	@echo "installing the peers into $(BENCH)" >&2
	@$(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check hazm parsivar shekar rishe >&2
	@touch $@

$(DOCS)/installed: docs/requirements.txt | $(BIN)/python
	@echo "installing what builds the site into $(DOCS)" >&2
	@$(PYTHON) -m venv $(DOCS)
	@$(DOCS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement docs/requirements.txt >&2
	@touch $@

$(TRAIN)/installed: training/requirements.txt setup.cfg
	@$(TRAIN_PYTHON) -m venv $(TRAIN)
	@$(TRAIN)/bin/python -m pip install --quiet --disable-pip-version-check --requirement training/requirements.txt >&2
	@$(TRAIN)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable . >&2
	@touch $@
