#!/usr/bin/env bash
# Portability test: `tests/portability.sh` builds the tests for each platform whose compiler is
# installed, runs them, under an emulator where needed, and prints a table.
# `tests/portability.sh s390x aarch64` runs only these platforms. On Debian:
#
#   apt-get install g++-{aarch64,s390x,riscv64,i686}-linux-gnu qemu-user \
#       clang-16 libc++-16-dev libc++abi-16-dev g++-mingw-w64-x86-64-posix wine64
#   pip install ziglang      # for musl and macos; PYTHON=... if it is another one's package
#
# SUITES='idx gzip' tests/portability.sh runs only these suites.
#
# s390x is big-endian; i386 has 32-bit sizes, and runs with the sanitizers that find overflows of
# them; macos is only compiled and linked. The tests of file formats compare with fixed bytes, so
# platforms that pass write identical files.
set -uo pipefail
CDPATH='' cd "$(dirname "$0")/.."

# Skipped under an emulator: suites that start the program or the compiler, because the emulator runs
# only the test program, and slow suites that depend little on the platform.
programs="allowed_includes $(grep -lE 'run_program\.h|digits_program|std::system' tests/*_test.cpp |
    sed 's|tests/\(.*\)_test.cpp|\1|' | tr '\n' ' ')"
slow='learning synthesize gemm_bits divergence'

SUITES=$(echo ${SUITES:-})  # on one line
jobs=${JOBS:-$(nproc)}
status=0
rows=()

# suites WITHOUT: all suites except these, on one line.
suites() {
    for test in tests/*_test.cpp; do
        local name=${test#tests/}
        name=${name%_test.cpp}
        case " ${SUITES:-$name} " in *" $name "*) ;; *) continue ;; esac
        case " $1 " in *" $name "*) ;; *) printf '%s ' "$name" ;; esac
    done
}

# platform NAME COMPILER FLAGS WITHOUT RUNNER...
platform() {
    local name=$1 compiler=$2 flags=$3 without=$4 start=$SECONDS result
    shift 4
    case " $wanted " in *" $name "* | '  ') ;; *) return ;; esac
    if ! $compiler --version >/dev/null 2>&1 || ! command -v "${1:-true}" >/dev/null; then
        rows+=("$(printf '%-10s skipped: %s or %s is not installed' "$name" "$compiler" "${1:-}")")
        return
    fi
    local build=build/portability/$name tests targets archiver
    tests=$(for suite in $(suites "$without"); do echo "tests/${suite}_test.cpp"; done)
    targets=$build/digits_tests
    # Without an emulator, the suites that start the program can run.
    case ${1:-} in env | *wine* | true) targets+=" $build/digits" ;; esac
    mkdir -p "$build"
    # Zig's linker for macOS cannot read what GNU's ar writes.
    case $name in macos) archiver="${PYTHON:-python3} -m ziglang ar" ;; *) archiver=ar ;; esac
    if make -s -j "$jobs" BUILD="$build" CXX="$compiler" AR="$archiver" ARCH= CXXFLAGS="-O1 -DNDEBUG $flags" \
        tests="$tests tests/check.cpp" $targets >"$build/log" 2>&1; then
        if [ "${1:-}" = true ]; then
            rows+=("$(printf '%-10s compiled and linked, %d s' "$name" $((SECONDS - start)))")
            return
        fi
        local program=$build/digits_tests
        [ -e "$program.exe" ] && program=$program.exe
        for suite in $(suites "$without"); do
            timeout 300 "$@" "$program" "$suite" 2>&1 || echo "FAILED  $suite: exit code $?"
        done >"$build/log"
        result=$(awk '/^[0-9]+ passed/ { passed += $1; failed += $3 } /^FAILED  [a-z_0-9]*:/ { ++bad }
            END { print passed + 0 " passed, " (failed > bad ? failed : bad + 0) " failed" }' "$build/log")
    else
        result='does not build' status=1
    fi
    case $result in *' 0 failed'*) ;; *) grep -av ' 0 failed' "$build/log" | tail -n 30; status=1 ;; esac
    rows+=("$(printf '%-10s %s, %d s' "$name" "$(echo "$result" | tr -d '\r')" $((SECONDS - start)))")
}

wanted=$*
platform aarch64 aarch64-linux-gnu-g++ -static "$programs $slow" qemu-aarch64
platform s390x s390x-linux-gnu-g++ -static "$programs $slow" qemu-s390x
platform riscv64 riscv64-linux-gnu-g++ -static "$programs $slow" qemu-riscv64
# Without SSE, i386 keeps intermediate results in 80 bits, and all results differ. x86-64 runs its
# programs without an emulator, and the sanitizers, which find what overflows in 32 bits, need that.
i386='-msse2 -mfpmath=sse -g1 -fsanitize=address,undefined -fno-sanitize-recover=all'
lib=/usr/i686-linux-gnu/lib
i386+=" -static-libasan -static-libubsan -Wl,-rpath,$lib -Wl,--dynamic-linker=$lib/ld-linux.so.2"
platform i386 i686-linux-gnu-g++ "$i386" "$programs $slow" nice
# libc++ lacks many of the ranges algorithms of C++20 before version 16.
clang=$(compgen -c clang++- | grep -E '^clang\+\+-[0-9]+$' | sort -V | tail -n 1)
platform libc++ "${clang:-clang++}" -stdlib=libc++ chapters env
# Debian's package wine64 has no command "wine".
wine=$(command -v wine wine64 /usr/lib/wine/wine64 | head -n 1)
export WINEDEBUG=${WINEDEBUG:--all} WINEPREFIX=${WINEPREFIX:-$PWD/build/portability/wine}
platform windows x86_64-w64-mingw32-g++-posix -static "$programs $slow" "${wine:-wine}"
# Zig brings Clang with libc++, and the libraries of musl and of macOS.
zig="${PYTHON:-python3} -m ziglang c++"
platform musl "$zig -target x86_64-linux-musl" -static "$programs $slow" nice
platform macos "$zig -target aarch64-macos" '' "$programs $slow" true

printf '%s\n' "${rows[@]}"
exit $status
