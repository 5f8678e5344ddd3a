# The gate and the shortcuts. Every line also runs by hand.

# The whole gate, as CI runs it.
check:
    cargo test
    cargo fmt --all -- --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo check -p bridge-actors
    ./.ci/audit

# All tests.
test:
    cargo test

# Format and what clippy can mend by itself.
fix:
    cargo fmt --all
    cargo clippy --workspace --all-targets --fix --allow-dirty

# Rewrite the transcripts in the tests; read the diff afterwards.
update-snapshots:
    UPDATE_EXPECT=1 cargo test

# Serve the bot of ./bridge.toml.
run:
    cargo run --release

# Look around without Telegram.
try:
    cargo run --release -- try

# The figures of the README.
bench:
    cargo bench --bench turn
