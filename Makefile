# Two commands for a fresh machine: make run, make test.
# All but the desk's window builds without a C compiler; the tag "ci" lets the rest be
# built and tested without one too.
export CGO_ENABLED := 0
# Fyne complains of a system that speaks no language.
export LANG := $(or $(filter-out C C.UTF-8 POSIX,$(LANG)),en_US.UTF-8)
GO ?= go
TAGS := -tags ci
REFERENCE := $(or $(FOLKMOOT_REFERENCE),../shared/reference)
BIN := bin/folkmootd
DESK := bin/folkmoot
SOURCES := $(shell find . -name '*.go' -not -path './assets/page/node_modules/*')
# Packages are installed as root, with sudo only where that is needed.
ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
CHROME := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable)
# Where a window can be shown: Windows and macOS always, else where there is a display.
WINDOW := $(or $(filter Windows_NT,$(OS)),$(filter Darwin,$(shell uname -s)),$(DISPLAY),$(WAYLAND_DISPLAY))

.PHONY: run build desk test check unit reference window bench race fuzz rates torture generate pictures tools desk-tools window-tools go
.DEFAULT_GOAL := run

# The main job: the facilitator's desk with the sample session, which phones can join.
# Without a display it says so and serves the sample without a window.
run: $(if $(WINDOW),desk,build)
ifneq ($(WINDOW),)
	./$(DESK) --sample
else
	@echo "There is no display here, so the sample session is served without the desk's window; the facilitator's page stands below."
	./$(BIN) serve --sample
endif

build: go
	$(GO) build -o $(BIN) ./cmd/folkmootd

# The desk's window is drawn with OpenGL, which needs a C compiler and X's headers. The
# first build takes some minutes.
desk: go desk-tools
	CGO_ENABLED=1 $(GO) build -o $(DESK) ./cmd/folkmoot

# All tests. A machine without the shared reference data runs the rest.
test: go tools check unit window reference

go:
	@command -v $(GO) >/dev/null || { echo "Go is missing: install the version that README.md names, then try again"; exit 1; }

check:
	@test -z "$$(gofmt -l $(SOURCES))" || { gofmt -l $(SOURCES); echo "run gofmt -w on these"; exit 1; }
	$(GO) vet $(TAGS) ./...

unit:
	$(GO) test $(TAGS) -timeout 20m -skip '^TestReference|^TestWindow' ./...

# The real program in a real window, on a display of its own, driven by mouse and keys.
window: desk window-tools
	FOLKMOOT_DESK="$(CURDIR)/$(DESK)" $(GO) test $(TAGS) -count 1 -run '^TestWindow' -v ./cmd/folkmoot

reference:
	@if [ -d "$(REFERENCE)" ]; then \
		FOLKMOOT_REFERENCE="$(abspath $(REFERENCE))" $(GO) test $(TAGS) -timeout 20m -v -run '^TestReference' \
			$$(grep -rl 'func TestReference' --include='*_test.go' analysis app assets/*.go cmd sync | xargs -n1 dirname | sort -u | sed 's|^|./|'); \
	else echo "reference: not present"; fi

# What tests need besides Go: a browser, a Chinese font, Python for the script in the pack,
# npm for the type checker and axe-core, and on Linux another program that speaks mDNS, to
# be found by in network namespaces. Only Debian packs a Chromium that tests can drive.
NETWORK := avahi-daemon avahi-browse avahi-resolve avahi-publish dbus-daemon ip nsenter unshare
tools: assets/page/node_modules/.package-lock.json
	@missing=""; \
	if [ -z "$(CHROME)" ]; then \
		grep -qs '^ID=debian' /etc/os-release || { echo "The tests need a browser: install Chrome or Chromium, then try again"; exit 1; }; \
		missing="chromium"; \
	fi; \
	fc-list :lang=zh-tw 2>/dev/null | grep -q . || missing="$$missing fonts-noto-cjk"; \
	command -v python3 >/dev/null || missing="$$missing python3"; \
	if [ "$$(uname -s)" = Linux ] && ! (PATH="$$PATH:/usr/sbin:/sbin"; for p in $(NETWORK); do command -v $$p || exit 1; done) >/dev/null; then \
		command -v apt-get >/dev/null || { echo "The tests need avahi with its daemon and utilities, dbus, iproute2 and util-linux: install them, then try again"; exit 1; }; \
		missing="$$missing avahi-daemon avahi-utils dbus iproute2 util-linux"; \
	fi; \
	[ -z "$$missing" ] || $(MAKE) --no-print-directory install PACKAGES="$$missing"

assets/page/node_modules/.package-lock.json: assets/page/package-lock.json
	@command -v npm >/dev/null || $(MAKE) --no-print-directory install PACKAGES="nodejs npm"
	npm ci --ignore-scripts --no-audit --no-fund --prefix assets/page
	@touch $@

# What the desk is built with and runs on: a C compiler and X's headers and libraries.
DESK_BUILD := gcc libc6-dev pkg-config libgl-dev libx11-dev libxrandr-dev libxinerama-dev libxcursor-dev libxi-dev libxxf86vm-dev
DESK_RUN := libgl1 libgl1-mesa-dri libx11-6 libxcursor1 libxrandr2 libxinerama1 libxi6 libxxf86vm1
desk-tools:
	@{ command -v gcc && command -v pkg-config && pkg-config --exists gl x11 xrandr xinerama xcursor xi xxf86vm; } >/dev/null 2>&1 \
		|| [ "$$(uname -s)" != Linux ] || $(MAKE) --no-print-directory install PACKAGES="$(DESK_BUILD) $(DESK_RUN)"

# What the window's test drives it with.
window-tools:
	@{ command -v Xvfb && command -v xdotool && command -v xclip; } >/dev/null 2>&1 \
		|| $(MAKE) --no-print-directory install PACKAGES="xvfb xdotool xclip $(DESK_RUN)"

.PHONY: install
install:
	$(ROOT) apt-get update -qq
	$(ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES)

# The built pages in assets/app, from their sources.
generate: tools
	$(GO) generate ./assets

# A picture of every screen, in both languages, light and dark, in the sizes it is made for.
pictures: go tools
	$(GO) test ./assets/pagetest -run Screens -pictures "$(CURDIR)/out/pictures"
	$(GO) test $(TAGS) -count 1 -run Screens ./app/shell -pictures "$(CURDIR)/out/pictures"
	FOLKMOOT_PICTURES="$(CURDIR)/out/pictures" $(GO) test $(TAGS) -count 1 -run Wall ./app/screen
	$(GO) test $(TAGS) -count 1 -run Screens ./app/tablet -pictures "$(CURDIR)/out/pictures"

# How often groups are shown where there are none, and how well those are found that were
# planted, on 400 rooms of each kind. It takes about half an hour.
rates: go
	$(GO) test $(TAGS) -run '^TestRates' -timeout 5h ./analysis/opinion -runs $(or $(RUNS),400)

# Every decoder and importer is fed broken and hostile input, TIME each. Their corpora in
# testdata/fuzz run with the tests too; what breaks one is put there.
TIME ?= 30s
fuzz: go
	@for package in $$(grep -rl '^func Fuzz' --include='*_test.go' analysis app cmd sync | xargs -n1 dirname | sort -u); do \
		for target in $$($(GO) test $(TAGS) -list '^Fuzz' ./$$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			$(GO) test $(TAGS) -run '^$$' -fuzz "^$$target\$$" -fuzztime $(TIME) -fuzzminimizetime 20x ./$$package || exit 1; \
		done; \
	done

# The packages in which goroutines share something, with the race detector: a quarter of
# an hour.
race: go desk-tools
	CGO_ENABLED=1 $(GO) test $(TAGS) -race -skip "^TestReference" -timeout 60m $$($(GO) list ./sync/... | grep -v simtest) ./app/readmodel
	CGO_ENABLED=1 $(GO) test $(TAGS) -race -timeout 60m ./sync/simtest -schedules 200

# What tests only taste: kills, load, flood, a bad network, a hub that falls, fuzzing, for
# as long as BUDGET says (20m). It goes on where it stopped; RELEASE=1 wants more,
# ONLY=kill,storm some parts only, ONLY=kill STEP=17 one step again, FRESH=1 forgets what
# was done. The report is in out/torture/report.md.
torture: go
	$(GO) build -o bin/torture ./cmd/torture
	./bin/torture -budget $(or $(BUDGET),20m) $(if $(RELEASE),-release) $(if $(ONLY),-only "$(ONLY)") $(if $(STEP),-step $(STEP)) $(if $(FRESH),-fresh)

# Figures: see README.md, Benchmarks.
bench: go
	FOLKMOOT_REFERENCE="$(abspath $(REFERENCE))" $(GO) test $(TAGS) -run '^$$' -bench . -benchmem $(if $(wildcard $(REFERENCE)),,-skip '^BenchmarkReference') ./...
