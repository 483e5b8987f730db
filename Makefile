# `make` alone says what there is to make. Everything built or installed goes below $(TARGET), but for node_modules.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

ifdef CI
export CARGO_TARGET_DIR ?= $(HOME)/.cache/fumibako/target
endif
# Pages as erased types: a quarter less wasm, and a third of the time to compile. Both halves must agree, or the browser finds
# other markers in the page than it looks for.
export RUSTFLAGS := $(strip $(RUSTFLAGS) --cfg erase_components)

TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
TOOLS := $(TARGET)/tools
# The browser's half has a target folder of its own: other flags would rebuild the server's half again and again.
FRONT := $(TARGET)/front
SITE := $(TARGET)/site
BINARY := $(TARGET)/release/fumibako
DATA ?= $(TARGET)/data
BIN := node_modules/.bin

BINDGEN_VERSION = $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/.*"\(.*\)"/\1/p;}' Cargo.lock)
BINDGEN = $(TOOLS)/wasm-bindgen-$(BINDGEN_VERSION)/bin/wasm-bindgen
DENY_VERSION := 0.20.2
DENY = $(TOOLS)/cargo-deny-$(DENY_VERSION)/bin/cargo-deny
# A tool is needed once and runs for a moment: compile it quickly.
define install
	@export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_TARGET_DIR=$(TOOLS)/build; \
	install() { cargo install --version $(2) --root $(TOOLS)/$(1)-$(2) "$$@" $(3); }; \
	install --locked || { echo "once more, with the dependencies that can be had here"; install; }
endef

# Named one by one: --all-features writes encodings that browsers refuse.
WASM_FEATURES := --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals \
  --enable-reference-types --enable-multivalue

say = @printf '\033[1m== %s\033[0m\n' "$(1)"

.PHONY: help
help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: serve
serve: release ## Build, make a demo campus at first start, print sign-in links
	$(call say,the demo campus)
	@exec $(BINARY) serve --demo --data $(DATA)

.PHONY: release
release: front ## The one binary, with everything in it
	$(call say,the server)
	@cargo build --release --locked -p server
	@ls -lh $(BINARY) | awk '{print $$NF ": " $$5}'

.PHONY: front
front: $(SITE)/pkg/fumibako_bg.wasm $(SITE)/pkg/fumibako.css ## The browser's half and the styles
	@node end2end/sizes.mjs $(SITE)/pkg || echo 'make: over a hard limit; `make test` will fail'

FRONT_SOURCES := $(shell find app crates/hydrate crates/api-types -name '*.rs' -o -name Cargo.toml) Cargo.toml Cargo.lock

$(SITE)/pkg/fumibako_bg.wasm: $(FRONT_SOURCES) Makefile | tools
	$(call say,the browser's half)
	@CARGO_TARGET_DIR=$(FRONT) cargo build --locked -p hydrate --target wasm32-unknown-unknown --profile wasm
	@mkdir -p $(SITE)/pkg
	@$(BINDGEN) --target web --no-typescript --out-name fumibako --out-dir $(FRONT)/glue \
	  $(FRONT)/wasm32-unknown-unknown/wasm/hydrate.wasm
	$(call say,wasm-opt)
	@$(BIN)/wasm-opt -Oz --converge $(WASM_FEATURES) $(FRONT)/glue/fumibako_bg.wasm -o $(FRONT)/glue/small.wasm
	@cp $(FRONT)/glue/fumibako.js $(SITE)/pkg/fumibako.js
	@mv $(FRONT)/glue/small.wasm $@

$(SITE)/pkg/fumibako.css: $(wildcard style/*.css) Makefile | node_modules/.package-lock.json
	@mkdir -p $(SITE)/pkg
	@$(BIN)/lightningcss --bundle --minify --targets 'chrome 123, firefox 120, safari 17.5' style/main.css -o $@

.PHONY: tools
tools: needs $(BINDGEN) node_modules/.package-lock.json
	@rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown

.PHONY: needs
needs:
	@for program in cargo:'Rust, from https://rustup.rs' rustup:'Rust by rustup, from https://rustup.rs' \
	  cc:'a C compiler (Debian: build-essential)' node:'Node.js 18 or newer' npm:'npm, which comes with Node.js'; do \
	  command -v "$${program%%:*}" >/dev/null || { echo "make: $${program%%:*} is missing: install $${program#*:}" >&2; exit 1; }; \
	done
	@node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' || \
	  { echo "make: Node.js 18 or newer is needed; this is $$(node --version)" >&2; exit 1; }

$(BINDGEN):
	$(call say,installing wasm-bindgen $(BINDGEN_VERSION): the version of Cargo.lock)
	$(call install,wasm-bindgen,$(BINDGEN_VERSION),wasm-bindgen-cli)

node_modules/.package-lock.json: package.json package-lock.json
	$(call say,installing binaryen, lightningcss and the driver of the browser tests)
	@npm ci --no-fund --no-audit
	@touch $@

.PHONY: test
test: release browser peers faultfs ## Everything that has to be true
	$(call say,tests of the crates)
	@node end2end/crates.mjs
	$(call say,budgets, corpus and browser)
	@FUMIBAKO_BIN=$(BINARY) FUMIBAKO_FAULTFS=$(FAULTFS) node end2end/run.mjs

# In no package that is shipped: the file system that the tests of faults are on.
FAULTFS := $(TARGET)/debug/faultfs
.PHONY: faultfs
faultfs:
	@cargo build --locked -p faultfs

.PHONY: test-faults
test-faults: release peers faultfs ## A spool that is slow, away or ill, alone; root mounts more
	@FUMIBAKO_BIN=$(BINARY) FUMIBAKO_FAULTFS=$(FAULTFS) node end2end/run.mjs outage faults

.PHONY: test-nfs
test-nfs: release ## The same on a real NFS server that goes away, in User-Mode Linux
	@FUMIBAKO_BIN=$(BINARY) node end2end/nfs/run.mjs $(TARGET)/nfs

.PHONY: browser
browser:
	@for program in "$${FUMIBAKO_CHROMIUM:-}" chromium chromium-browser google-chrome; do \
	  [ -z "$$program" ] || ! command -v "$$program" >/dev/null || exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing chromium"; apt-get update -q && apt-get install -y -q --no-install-recommends chromium fonts-noto-cjk; \
	else \
	  echo "make: Chromium is missing: install the package chromium, or set FUMIBAKO_CHROMIUM to the program" >&2; exit 1; \
	fi

# Dovecot and the like start services when they are installed: not on somebody's own machine, where the tests skip what is missing.
PEERS := bindfs fuse3 strace dovecot-core dovecot-imapd dovecot-pop3d maildrop procmail slapd apache2-bin libapache2-mod-auth-mellon simplesamlphp php-cli php-xml php-mbstring python3-venv
.PHONY: peers
peers:
	@if [ -n "$${CI:-}" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  there=$$(dpkg-query -W -f '$${db:Status-Status}\n' $(PEERS) 2>/dev/null | grep -cx installed || true); \
	  if [ "$$there" -ne $(words $(PEERS)) ]; then \
	    echo "installing $(PEERS)"; apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $(PEERS); \
	  fi; \
	fi

FUZZ_SECONDS ?= 60
FUZZ := $(TARGET)/fuzz
# Coverage by the compiler's own instrumentation, so that the fuzzer needs neither another toolchain nor a sanitizer: nothing here is unsafe.
FUZZ_FLAGS := --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks -Ccodegen-units=1

.PHONY: fuzz
fuzz: ## Random bytes for every reader of other programs' files, FUZZ_SECONDS each
	@cd crates/spool/fuzz && RUSTFLAGS="$(FUZZ_FLAGS)" CARGO_TARGET_DIR=$(FUZZ) cargo build --release --target x86_64-unknown-linux-gnu
	@for target in crates/spool/fuzz/seeds/*; do \
	  name=$$(basename "$$target"); mkdir -p "$(FUZZ)/corpus/$$name"; printf '== %s\n' "$$name"; \
	  "$(FUZZ)/x86_64-unknown-linux-gnu/release/$$name" -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -print_final_stats=1 \
	    -artifact_prefix="$(FUZZ)/$$name-" "$(FUZZ)/corpus/$$name" "$$target" 2>&1 | grep -E 'stat::|SUMMARY|panicked|assertion' || exit 1; \
	done

.PHONY: check
check: ## Formatting and lints, without tests
	@cargo fmt --all --check
	@cargo clippy --locked --workspace --exclude hydrate --all-targets -- -D warnings
	@cargo clippy --locked -p hydrate --target wasm32-unknown-unknown -- -D warnings

.PHONY: licences
licences: $(DENY) ## Licences and bans
	@$(DENY) --all-features check licenses bans sources

$(DENY):
	$(call say,installing cargo-deny $(DENY_VERSION))
	$(call install,cargo-deny,$(DENY_VERSION),cargo-deny)

.PHONY: bench
bench: release browser ## Our figures, with the machine; FUMIBAKO_BENCH_ONLY names sections
	@FUMIBAKO_BIN=$(BINARY) node end2end/bench/run.mjs

# Quick and large: no wasm-opt, no optimisation. Sessions survive a restart, so the browser stays signed in.
DEV_SITE := $(TARGET)/site-dev
WATCHED := app crates server style public Cargo.toml

.PHONY: dev
dev: tools ## Rebuild and restart on every change
	@server=; trap '[ -z "$$server" ] || kill $$server 2>/dev/null || true' EXIT; \
	while :; do \
	  touch $(TARGET)/dev.stamp; began=$$SECONDS; \
	  if $(MAKE) dev-build; then \
	    [ -z "$$server" ] || { kill $$server; wait $$server || true; }; \
	    $(TARGET)/debug/fumibako serve --demo --data $(DATA) </dev/null & server=$$!; \
	    echo "built in $$((SECONDS - began)) s; waiting for a change"; \
	  else echo "not built; waiting for a change"; fi; \
	  until [ -n "$$(find $(WATCHED) -type f -newer $(TARGET)/dev.stamp -print -quit)" ]; do sleep 0.5; done; \
	done

.PHONY: dev-build
dev-build:
	@mkdir -p $(DEV_SITE)/pkg
	@CARGO_TARGET_DIR=$(FRONT) cargo build --locked -p hydrate --target wasm32-unknown-unknown
	@$(BINDGEN) --target web --no-typescript --keep-debug --out-name fumibako --out-dir $(FRONT)/glue-dev \
	  $(FRONT)/wasm32-unknown-unknown/debug/hydrate.wasm
	@for file in fumibako.js fumibako_bg.wasm; do \
	  cmp -s $(FRONT)/glue-dev/$$file $(DEV_SITE)/pkg/$$file || cp $(FRONT)/glue-dev/$$file $(DEV_SITE)/pkg/$$file; done
	@FUMIBAKO_SITE=$(DEV_SITE) cargo build --locked -p server

.PHONY: clean
clean: ## Remove what was built and installed
	@rm -rf $(TOOLS) $(FRONT) $(SITE) $(DEV_SITE) $(TARGET)/dev.stamp node_modules
	@cargo clean
