# What can be done here; `just` alone lists it.

_list:
    @just --list --unsorted

# The fast part of the gate, for the hand: about a minute once things are built
quick: _format
    ./.ci/test --workspace --lib --bins --test tidy
    cargo clippy --workspace --lib --bins -- -D warnings

# The whole gate; the same as in CI
check: _format _lint _walls test _deny

# What is too long for the gate; run it before an issue is called done
slow: kill
    PROPTEST_CASES=20000 cargo test -p bridge-actors
    PROPTEST_CASES=10000 cargo test -p bridge --lib render::tests::properties
    BRIDGE_SLOW_TESTS=1 cargo test -p bridge --test it a_timer_comes
    cargo bench --bench soak

# Run every test; arguments are those of cargo test
test *args:
    ./.ci/test --workspace {{args}}

# Kill the bridge and cut its power much more often than the tests do; takes minutes
kill kills="300" cuts="100":
    BRIDGE_KILLS={{kills}} BRIDGE_POWER_CUTS={{cuts}} cargo test -p bridge --test it kills -- --nocapture

# Look for what breaks a promise about what strangers and agents feed the bridge; needs cargo-fuzz
fuzz seconds="30" *targets:
    ./fuzz/run {{seconds}} {{targets}}

# Put right what a tool can put right
fix:
    cargo fmt --all
    cargo clippy --workspace --all-targets --fix --allow-dirty --allow-staged

# Accept what the snapshot tests found; read the diff afterwards
update-snapshots:
    UPDATE_EXPECT=1 cargo test --workspace

# Write docs/words.md anew: the table of everything that is said in the chat
words:
    UPDATE_EXPECT=1 cargo test -p bridge --test it words::

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
    cargo clippy -p bridge --lib --bins --no-default-features -- -D warnings

_deny:
    ./.ci/audit
