# What can be done here; `just` alone lists it.

_list:
    @just --list --unsorted

# The whole gate; the same as in CI
check: _format _lint _walls test _deny

# Run every test
test *args:
    cargo test --workspace {{args}}

# Kill the bridge and cut its power much more often than the tests do; takes minutes
kill kills="300" cuts="100":
    BRIDGE_KILLS={{kills}} BRIDGE_POWER_CUTS={{cuts}} cargo test -p bridge --test it kills -- --nocapture

# Put right what a tool can put right
fix:
    cargo fmt --all
    cargo clippy --workspace --all-targets --fix --allow-dirty --allow-staged

# Accept what the snapshot tests found; read the diff afterwards
update-snapshots:
    UPDATE_EXPECT=1 cargo test --workspace

# Run the bridge
run *args:
    cargo run -- run {{args}}

# Try the bridge on this machine, without Telegram
try *args:
    cargo run -- try {{args}}

_format:
    cargo fmt --all --check

_lint:
    cargo clippy --workspace --all-targets -- -D warnings

# Built alone, because a build of everything lends the actors what they must not have
_walls:
    cargo check -p bridge-actors
    cargo check -p playground

_deny:
    ./.ci/audit
