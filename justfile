export PATH := justfile_directory() / "target/tools/bin:" + env("PATH")

# List the recipes
default:
    @just --list --unsorted

# Check format and lints
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Run every check, with the tools it needs
test:
    bash tests/run.sh

# Format the code and the modules
fmt:
    cargo fmt --all
    terraform fmt -recursive modules

# Rewrite the expected bundles in examples/ from the code
bless:
    UPDATE_GOLDENS=1 INSTA_UPDATE=always cargo test --locked --test tests -- golden declared help_is

# Boot bundles in throwaway machines; as root, on Debian
boot:
    cargo test --locked --test boot

# Measure against the budgets: one bundle, --help, sizes of the payload and of the binary
bench:
    cargo bench --locked
    bash tests/bench.sh

# Check and test the Terraform modules; downloads their providers
modules:
    terraform fmt -check -recursive modules
    for module in modules/*/; do \
        terraform -chdir="$module" init -backend=false -input=false && terraform -chdir="$module" test || exit 1; \
    done
