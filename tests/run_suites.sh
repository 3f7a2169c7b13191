#!/bin/sh
# Runs the suites of a test program side by side, as many as there are cores, and prints their
# failures and the sum: `sh tests/run_suites.sh build/digits_tests`. With names behind it, it runs
# only these suites. The longest start first.
program=$1
shift
[ $# -gt 0 ] && exec "$program" "$@"

longest='chapters records resume program reproduce checkpoint'
suites=$longest
for test in tests/*_test.cpp; do
    suite=${test#tests/}
    suite=${suite%_test.cpp}
    case " $longest " in *" $suite "*) ;; *) suites="$suites $suite" ;; esac
done

logs=$(mktemp -d) || exit 1
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM
cores=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
for suite in $suites; do
    [ -e "tests/${suite}_test.cpp" ] && echo "$suite"
done | xargs -P "$cores" -I '{}' sh -c \
    '"$1" "$3" >"$2/$3" 2>&1 || echo "FAILED  $3: exit code $?" >>"$2/$3"' run "$program" "$logs" '{}'

# A suite that crashes has no sum of its own: it counts as one failure.
cat "$logs"/* | awk '
    /^[0-9]+ passed, [0-9]+ failed/ { passed += $1; failed += $3; if (NF > 4) skipped += $5; next }
    { print }
    /^FAILED  [a-z0-9_]*: exit code/ { ++ended }
    END {
        if (ended > failed) failed = ended
        printf "%d passed, %d failed", passed, failed
        if (skipped) printf ", %d skipped", skipped
        print ""
        exit failed > 0 || passed == 0
    }'
