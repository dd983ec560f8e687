# The recipes; `just` without a name lists them.
default:
    @just --list

# Types and lints.
check:
    cargo clippy --all-targets -- -D warnings

# Format, lints and tests, as continuous integration runs them.
test *ARGS:
    scripts/test {{ARGS}}

# Writes the golden files anew. Read the difference before committing it.
golden:
    UPDATE_GOLDEN=1 cargo test

# A suite on the simulated bench.
sim SUITE="fixtures/suites/hold-sweep.toml":
    cargo run -- run {{SUITE}}

# The benchmarks.
bench:
    cargo bench
