# Sourced by build_agents: how a program is compiled and linked for a device, by its ABI as Android names it.
#
# A function that begins with `with_` sets `target`, `flags` (of rustc), `cargo_args` and exports what cargo reads, or
# says why it cannot and fails. Each runs in a subshell of its own, so that nothing of one ABI reaches the next.

# Kernels with pages of 16 KiB refuse a program whose segments are aligned to less; 64 KiB serves all of them.
page=65536

# The standard library of a target, installed if rustup is here and has it.
has_target() {
    local libdir
    libdir="$(rustc --print target-libdir --target "$1" 2>/dev/null)" && ls "$libdir" >/dev/null 2>&1 && return
    have rustup && rustup target add "$1" >/dev/null 2>&1
}

gnu_triple() {
    case "$1" in
        arm64-v8a) echo aarch64-linux-gnu ;;
        armeabi-v7a) echo arm-linux-gnueabihf ;;
        x86_64) echo x86_64-linux-gnu ;;
    esac
}

# musl and the linker that comes with Rust: needs no other compiler. The smallest, and the way of every host with rustup.
with_musl() {
    case "$1" in
        arm64-v8a) target=aarch64-unknown-linux-musl ;;
        armeabi-v7a) target=armv7-unknown-linux-musleabihf ;;
        x86_64) target=x86_64-unknown-linux-musl ;;
    esac
    local host
    host="$(rustc -vV | sed -n 's/^host: //p')"
    [ -x "$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld" ] || { why="this Rust comes without rust-lld"; return 1; }
    has_target "$target" || { why="no standard library for $target: rustup is missing or was refused"; return 1; }
    # A program for a device aborts on a panic, so that tables for unwinding would be dead weight.
    flags=(-C target-feature=+crt-static -C force-unwind-tables=no -C linker=rust-lld -C linker-flavor=ld.lld
        -C link-self-contained=yes -C link-arg=-T -C "link-arg=$repo/agents/agent/no_unwinding.ld"
        -C link-arg=--no-eh-frame-hdr -C link-arg=-z -C "link-arg=max-page-size=$page"
        # Relocations that take a bit each, which musl applies by itself.
        -C link-arg=-z -C link-arg=pack-relative-relocs)
    cargo_args=()
}

# glibc, static, and the cross compiler of Debian: what C++ needs, and what there is without rustup.
with_glibc() {
    local gnu upper
    gnu="$(gnu_triple "$1")"
    case "$1" in
        arm64-v8a) target=aarch64-unknown-linux-gnu ;;
        armeabi-v7a) target=armv7-unknown-linux-gnueabihf ;;
        *) why="glibc is not used for $1"; return 1 ;;
    esac
    have "$gnu-gcc" || { why="$gnu-gcc is not here: scripts/prerequisites --cross installs it"; return 1; }
    upper="$(tr 'a-z-' 'A-Z_' <<<"$target")"
    export "CARGO_TARGET_${upper}_LINKER=$gnu-gcc"
    export "CC_${target//-/_}=$gnu-gcc" "CXX_${target//-/_}=$gnu-g++" "AR_${target//-/_}=$gnu-ar"
    # libclang reads the headers of the device, not those of this host.
    export "BINDGEN_EXTRA_CLANG_ARGS_${target//-/_}=--sysroot=/usr/$gnu -I/usr/$gnu/include"
    flags=(-C target-feature=+crt-static -C "link-arg=-Wl,-z,max-page-size=$page")
    cargo_args=()
}

# The same with the standard library of rustup.
with_rustup_glibc() {
    with_glibc "$1" && { has_target "$target" || { why="no standard library for $target: rustup is missing or was refused"; return 1; }; }
}

# The same with Rust's own sources of the standard library, compiled along. Stable Rust has to be told that this is meant.
with_std_sources() {
    with_glibc "$1" || return 1
    [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ] || { have rustup && rustup component add rust-src >/dev/null 2>&1; } ||
        { why="no sources of the standard library: rustup is missing or was refused"; return 1; }
    export RUSTC_BOOTSTRAP=1
    cargo_args=(-Zbuild-std=std,panic_abort)
}

# C and C++ for processors of at least this architecture. The build of llama.cpp names the oldest one itself, and the last
# `-march` counts: so these are compilers that say theirs after all others.
with_cpu() {
    local gnu folder tool
    gnu="$(gnu_triple "$1")"
    folder="$cache/compilers/$2"
    mkdir -p "$folder"
    for tool in gcc g++; do
        printf '#!/bin/sh\nexec %s "$@" -march=%s\n' "$gnu-$tool" "$2" >"$folder/$gnu-$tool"
        chmod +x "$folder/$gnu-$tool"
    done
    export "CC_${target//-/_}=$folder/$gnu-gcc" "CXX_${target//-/_}=$folder/$gnu-g++"
    # Nothing reads it: it keeps what was built for one architecture apart from what was built for another.
    flags+=(--cfg "edgesoak_cpu=\"$2\"")
}

# Debian's newest rustc and its standard library for the device, unpacked beside the cache: nothing is installed. Both
# are of one version, whatever `rustc` on this host is.
with_debian() {
    with_glibc "$1" || return 1
    local arch prefix
    case "$1" in
        arm64-v8a) arch=arm64 ;;
        armeabi-v7a) arch=armhf ;;
    esac
    prefix="$cache/debian-rust/$arch"
    [ -f "$prefix/complete" ] || debian_rust "$arch" "$prefix" || { why="${why:-Debian has no rustc for $arch}"; return 1; }
    export RUSTC="$prefix/usr/bin/rustc" LD_LIBRARY_PATH="$prefix/usr/lib/x86_64-linux-gnu"
}

# Fetches and unpacks it: a private apt root that knows the device's architecture too.
debian_rust() {
    local arch="$1" prefix="$2" version llvm names
    have apt-get && [ "$(dpkg --print-architecture)" = amd64 ] || { why="apt-get of an amd64 host is needed"; return 1; }
    say "fetching Debian's rustc with its standard library for $arch (120 MB, once)"
    rm -rf "$prefix"
    mkdir -p "$prefix"/apt/{state/lists/partial,cache/archives/partial} "$prefix/debs"
    : >"$prefix/apt/status"
    cat >"$prefix/apt/apt.conf" <<CONF
Dir::State "$prefix/apt/state";
Dir::State::status "$prefix/apt/status";
Dir::Cache "$prefix/apt/cache";
APT::Architecture "amd64";
APT::Architectures { "amd64"; "$arch"; };
APT::Sandbox::User "";
Acquire::Languages "none";
CONF
    (
        export APT_CONFIG="$prefix/apt/apt.conf"
        apt-get update -qq >&2 || exit 1
        version="$(apt-cache depends "libstd-rust-web-dev:$arch" | sed -n 's/.*Depends: libstd-rust-web-\([0-9.]*\).*/\1/p' | head -n 1)"
        llvm="$(apt-cache depends "libstd-rust-web-$version" | sed -n 's/.*Depends: \(libllvm[0-9]*\).*/\1/p' | head -n 1)"
        [ "${version#1.}" -ge 95 ] || { printf 'Debian has Rust %s, 1.95 is needed\n' "${version:-of no version}" >&2; exit 1; }
        names=(rustc-web "libstd-rust-web-$version" libstd-rust-web-dev "libstd-rust-web-dev:$arch")
        cd "$prefix/debs" && apt-get download -qq "${names[@]}" ${llvm:+"$llvm"} >&2
    ) || { why="apt-get has no Rust 1.95 or newer for $arch"; return 1; }
    for package in "$prefix"/debs/*.deb; do dpkg -x "$package" "$prefix" || return 1; done
    rm -rf "$prefix/debs" "$prefix/apt"
    LD_LIBRARY_PATH="$prefix/usr/lib/x86_64-linux-gnu" "$prefix/usr/bin/rustc" --version >&2 || { why="Debian's rustc does not start here"; return 1; }
    : >"$prefix/complete"
}
