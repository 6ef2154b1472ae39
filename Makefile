# Two commands for a fresh machine: make run, make test.
# Everything here builds without a C compiler.
export CGO_ENABLED := 0
GO ?= go
REFERENCE := $(or $(FOLKMOOT_REFERENCE),../shared/reference)
BIN := bin/folkmootd
SOURCES := $(shell find . -name '*.go' -not -path './assets/page/node_modules/*')
# Packages are installed as root, with sudo only where that is needed.
ROOT := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
CHROME := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome || command -v google-chrome-stable)

.PHONY: run build test check unit reference bench generate pictures tools go
.DEFAULT_GOAL := run

# The main job: a hub with the sample session, which phones can join.
run: build
	./$(BIN) serve --sample

build: go
	$(GO) build -o $(BIN) ./cmd/folkmootd

# All tests. A machine without the shared reference data runs the rest.
test: go tools check unit reference

go:
	@command -v $(GO) >/dev/null || { echo "Go is missing: install the version that README.md names, then try again"; exit 1; }

check:
	@test -z "$$(gofmt -l $(SOURCES))" || { gofmt -l $(SOURCES); echo "run gofmt -w on these"; exit 1; }
	$(GO) vet ./...

unit:
	$(GO) test -skip '^TestReference' ./...

reference:
	@if [ -d "$(REFERENCE)" ]; then \
		FOLKMOOT_REFERENCE="$(abspath $(REFERENCE))" $(GO) test -v -run '^TestReference' \
			$$(grep -rl 'func TestReference' --include='*_test.go' analysis app assets/*.go cmd sync | xargs -n1 dirname | sort -u | sed 's|^|./|'); \
	else echo "reference: not present"; fi

# What tests need besides Go: a browser, a Chinese font, and npm for the type checker
# and axe-core. Only Debian packs a Chromium that tests can drive.
tools: assets/page/node_modules/.package-lock.json
	@missing=""; \
	if [ -z "$(CHROME)" ]; then \
		grep -qs '^ID=debian' /etc/os-release || { echo "The tests need a browser: install Chrome or Chromium, then try again"; exit 1; }; \
		missing="chromium"; \
	fi; \
	fc-list :lang=zh-tw 2>/dev/null | grep -q . || missing="$$missing fonts-noto-cjk"; \
	[ -z "$$missing" ] || $(MAKE) --no-print-directory install PACKAGES="$$missing"

assets/page/node_modules/.package-lock.json: assets/page/package-lock.json
	@command -v npm >/dev/null || $(MAKE) --no-print-directory install PACKAGES="nodejs npm"
	npm ci --ignore-scripts --no-audit --no-fund --prefix assets/page
	@touch $@

.PHONY: install
install:
	$(ROOT) apt-get update -qq
	$(ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES)

# The built pages in assets/app, from their sources.
generate: tools
	$(GO) generate ./assets

# A picture of every screen, in both languages, light and dark, in three sizes.
pictures: go tools
	$(GO) test ./assets/pagetest -run Screens -pictures "$(CURDIR)/out/pictures"

# Figures: see README.md, Benchmarks.
bench: go
	FOLKMOOT_REFERENCE="$(abspath $(REFERENCE))" $(GO) test -run '^$$' -bench . -benchmem $(if $(wildcard $(REFERENCE)),,-skip '^BenchmarkReference') ./...
