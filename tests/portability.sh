#!/usr/bin/env bash
# Do the same sources give the same results elsewhere? `tests/portability.sh` builds the tests for
# each platform whose compiler is installed, runs them, where it must be under an emulator, and
# prints a table. `tests/portability.sh s390x aarch64` takes only these. On Debian:
#
#   apt-get install g++-{aarch64,s390x,riscv64,i686}-linux-gnu qemu-user \
#       clang-16 libc++-16-dev libc++abi-16-dev g++-mingw-w64-x86-64-posix wine64
#
# s390x stores numbers highest byte first, i686 counts with 32 bits. The tests of file formats
# compare with fixed bytes, so that what passes writes the same files.
set -uo pipefail
cd "$(dirname "$0")/.."

# Suites that run the program itself, or the compiler: an emulator runs this one program only. And
# such as take minutes there and have little in them that a processor could get wrong.
programs="include_order $(grep -lE 'run_program\.h|DIGITS_PROGRAM|std::system' tests/*_test.cpp |
    sed 's|tests/\(.*\)_test.cpp|\1|' | tr '\n' ' ')"
slow='learning synthesize gemm_bits divergence'

jobs=${JOBS:-$(nproc)}
status=0
rows=()

# suites WITHOUT: all but those, one line.
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
        rows+=("$(printf '%-10s skipped: there is no %s or no %s' "$name" "$compiler" "${1:-}")")
        return
    fi
    local build=build/portability/$name tests targets
    tests=$(for suite in $(suites "$without"); do echo "tests/${suite}_test.cpp"; done)
    targets=$build/digits_tests
    # Without an emulator in between, the suites that run the program can do so.
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
# Without SSE, i686 keeps 80 bits of each intermediate result, and all figures differ.
platform i686 i686-linux-gnu-g++ '-static -msse2 -mfpmath=sse' "$programs $slow" qemu-i386
# Before 16, libc++ lacked half of the algorithms that C++20 has for ranges.
clang=$(compgen -c clang++- | grep -E '^clang\+\+-[0-9]+$' | sort -V | tail -n 1)
platform libc++ "${clang:-clang++}" -stdlib=libc++ chapters env
platform windows x86_64-w64-mingw32-g++-posix -static "$programs $slow" wine

printf '%s\n' "${rows[@]}"
exit $status
