# Sourced by every script: where builds and downloads go, and how a script talks.
set -euo pipefail

repo="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cache="${EDGESOAK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/edgesoak}"
export EDGESOAK_CACHE="$cache"
# Outside the checkout, so that a fresh clone does not build llama.cpp again.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$cache/target}"
dist="$cache/dist"
# A runtime is linked without these; a host that sets them must not change what a device runs.
unset RUSTFLAGS CFLAGS CXXFLAGS
mkdir -p "$cache"

say() { printf '\n== %s\n' "$*" >&2; }
die() {
    printf 'error: %s\n' "$1" >&2
    [ $# -gt 1 ] && printf '  hint: %s\n' "$2" >&2
    exit 2
}
have() { command -v "$1" >/dev/null 2>&1; }
