# The one door. `make run` and `make test` set everything up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# One thread per numeric library: the booth's own threads already fill two cores.
export OPENBLAS_NUM_THREADS := 1

.PHONY: harm walk wall-bench look-people run test check fast golden-update pictures sheet matte-sheet bench still-bench bench-landed look-costs clean diagram flash-proof faults soak kill9 share-load kills fuzz audit light-bench

run: $(STAMP)
	$(BIN)/booth run $(ARGS)

test: $(STAMP)
	$(BIN)/python tools/make_test.py

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

fast: $(STAMP)
	$(BIN)/pytest -n 2 -m "not slow and not screen"

golden-update: $(STAMP)
	BOOTH_GOLDEN_UPDATE=1 $(BIN)/pytest tests/golden

# From walking up to a delivered file by touch alone, on a virtual screen, in three languages at three sizes
walk: $(STAMP)
	$(BIN)/python tools/walk.py $(ARGS)

# Six looks at once: what each thread spends on them
wall-bench: $(STAMP)
	$(BIN)/python tools/wall_bench.py

pictures: $(STAMP)
	$(BIN)/python tools/readme_pictures.py
	BOOTH_PICTURES=1 $(BIN)/python tools/walk.py en 1280x720

# Looks and lights on one picture, to look at: make sheet ON=portrait.jpg
sheet: $(STAMP)
	$(BIN)/booth looks --sheet build/looks.jpg $(if $(ON),--on $(ON))

# Portraits on white, grey, black and a scene at full size: make matte-sheet OF="a.jpg b.jpg"
matte-sheet: $(STAMP)
	$(BIN)/python -c "import sys; from pathlib import Path; from booth.diagnostics.matte_sheet import sheet; sheet([Path(p) for p in sys.argv[1:]], Path('build/matte.png'))" $(OF)

# The still: seconds to a signed file and to the first picture, memory, two workers against one.
still-bench: $(STAMP)
	$(BIN)/python tools/still_bench.py

# What the default look of every profile does to the light on people's faces; build/harm.jpg. ARGS=--looks: every look.
harm: $(STAMP)
	$(BIN)/python tools/harm.py $(ARGS)

# Looks on people, one row a look: make look-people OF="a.jpg b.jpg"
look-people: $(STAMP)
	$(BIN)/python tools/look_people.py build/people.jpg $(OF)

# Does the booth judge everyone alike? Writes docs/audit.md and the model cards; fails when a gap between groups widens.
MANIFEST ?= ../shared/media/manifest.json
audit: $(STAMP)
	$(BIN)/python tools/make_audit.py $(MANIFEST)
	$(BIN)/python tools/model_cards.py $(MANIFEST)

bench: $(STAMP)
	$(BIN)/booth bench --plot build/bench.svg $(if $(wildcard docs/bench.json),--against docs/bench.json)

# The figures that later runs are compared with: on a quiet machine, before a change lands
bench-landed: $(STAMP)
	$(BIN)/booth bench --seconds 60 --json docs/bench.json --plot docs/pictures/bench.svg

# Screen flashes on every rendered head, tone and pattern: minutes; needs ../shared
flash-proof: $(STAMP)
	BOOTH_FLASH_PROOF=1 $(BIN)/python -m pytest -q -s tests/golden/light/test_flash_path.py

# Every fault of docs/faults.md happens to a running booth; about three minutes.
faults: $(STAMP)
	$(BIN)/python tools/faults.py

# An hour of the sitter's time at four times speed; MINUTES=5 for a shorter one.
soak: $(STAMP)
	$(BIN)/python tools/soak.py $(or $(MINUTES),60)

# The booth is killed at random moments of its visits; TIMES=10 for fewer.
kill9: $(STAMP)
	$(BIN)/python tools/kill9.py $(or $(TIMES),50)

# The page under siege while the mirror runs; twenty kills of the whole booth; an hour of odd input.
share-load: $(STAMP)
	$(BIN)/python -m tests.whole.share_load

kills: $(STAMP)
	$(BIN)/python -m tests.whole.kills 20

fuzz: $(STAMP)
	BOOTH_FUZZ=long BOOTH_FUZZ_REQUESTS=500000 BOOTH_FUZZ_RAW=5000 $(BIN)/pytest tests/property/delivery

# What each look costs on the mirror against the bench's look
look-costs: $(STAMP)
	$(BIN)/python tools/look_costs.py

# What the light engine scores on rendered heads, if they lie beside the repository
light-bench: $(STAMP)
	$(BIN)/python tools/light_bench.py $(ARGS)

diagram: $(STAMP)
	$(BIN)/python -c "from booth.session.state_machine import mermaid; print(mermaid())"

$(STAMP): pyproject.toml constraints.txt tools/set_up.py
	$(PYTHON) tools/set_up.py $(VENV)
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist
