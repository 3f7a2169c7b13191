#!/usr/bin/env bash
# Portability test: `tests/portability.sh` builds the tests for each platform whose compiler is
# installed, runs them, under an emulator where needed, and prints a table.
# `tests/portability.sh s390x aarch64` runs only these platforms. On Debian:
#
#   apt-get install g++-{aarch64,s390x,riscv64,i686}-linux-gnu qemu-user \
#       clang-16 libc++-16-dev libc++abi-16-dev g++-mingw-w64-x86-64-posix wine64
#
# s390x is big-endian, i686 has 32-bit sizes. The tests of file formats compare with fixed bytes, so
# platforms that pass write identical files.
set -uo pipefail
CDPATH='' cd "$(dirname "$0")/.."

# Skipped under an emulator: suites that start the program or the compiler, because the emulator runs
# only the test program, and slow suites that depend little on the platform.
programs="allowed_includes $(grep -lE 'run_program\.h|digits_program|std::system' tests/*_test.cpp |
    sed 's|tests/\(.*\)_test.cpp|\1|' | tr '\n' ' ')"
slow='learning synthesize gemm_bits divergence'

jobs=${JOBS:-$(nproc)}
status=0
rows=()

# suites WITHOUT: all suites except these, on one line.
suites() {
    for test in tests/*_test.cpp; do
        local name=${test#tests/}
        name=${name%_test.cpp}
        case " $1 " in *" $name "*) ;; *) printf '%s ' "$name" ;; esac
    done
}

# platform NAME COMPILER FLAGS WITHOUT RUNNER...
platform() {
    local name=$1 compiler=$2 flags=$3 without=$4 start=$SECONDS result
    shift 4
    case " $wanted " in *" $name "* | '  ') ;; *) return ;; esac
    if ! command -v "$compiler" >/dev/null || ! command -v "${1:-true}" >/dev/null; then
        rows+=("$(printf '%-10s skipped: %s or %s is not installed' "$name" "$compiler" "${1:-}")")
        return
    fi
    local build=build/portability/$name tests targets
    tests=$(for suite in $(suites "$without"); do echo "tests/${suite}_test.cpp"; done)
    targets=$build/digits_tests
    # Without an emulator, the suites that start the program can run.
    [ "${1:-}" = env ] && targets+=" $build/digits"
    mkdir -p "$build"
    if make -s -j "$jobs" BUILD="$build" CXX="$compiler" ARCH= CXXFLAGS="-O1 -DNDEBUG $flags" \
        tests="$tests tests/check.cpp" $targets >"$build/log" 2>&1; then
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
# Without SSE, i686 keeps intermediate results in 80 bits, and all results differ.
platform i686 i686-linux-gnu-g++ '-static -msse2 -mfpmath=sse' "$programs $slow" qemu-i386
# libc++ lacks many of the ranges algorithms of C++20 before version 16.
clang=$(compgen -c clang++- | grep -E '^clang\+\+-[0-9]+$' | sort -V | tail -n 1)
platform libc++ "${clang:-clang++}" -stdlib=libc++ chapters env
platform windows x86_64-w64-mingw32-g++-posix -static "$programs $slow" wine

printf '%s\n' "${rows[@]}"
exit $status
