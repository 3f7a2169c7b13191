#!/bin/sh
# How well a network reads your own digits: classifies a folder of PNG or PGM images whose names
# end in an underscore and the label, such as phone-17_4.png, and prints a table with a row for
# each kind, which is the name up to its first "-" (or up to the "_").
#
#     sh tests/own_digits.sh build/digits runs/latest/model.safetensors FOLDER [--wrong]
#
# --wrong lists the images that were refused or misread first.
set -eu
if [ $# -lt 3 ]; then
    echo "usage: sh tests/own_digits.sh PROGRAM MODEL FOLDER [--wrong]" >&2
    exit 2
fi
digits=$1 model=$2 folder=$3 wrong=${4:-}
for image in "$folder"/*_?.png "$folder"/*_?.pgm; do
    [ -f "$image" ] || continue
    # One run for each, so that an image that is refused does not end the others.
    read=$("$digits" predict --brief "$model" "$image" 2>/dev/null) || read="x: refused"
    name=${image##*/}
    printf '%s\t%s\n' "${name%.*}" "${read##*: }"
done | LC_ALL=C awk -F '\t' -v wrong="$wrong" '
    function count(kind) {
        if (!(kind in all)) order[++kinds] = kind
        ++all[kind]
        if ($2 == label) ++right[kind]
        else if ($2 == "refused") ++refused[kind]
    }
    function row(kind) {
        printf "%-16s %7d %7d %7d %8d  %5.1f %%\n", kind, all[kind], right[kind],
            all[kind] - right[kind] - refused[kind], refused[kind], 100 * right[kind] / all[kind]
    }
    {
        label = $1
        sub(/.*_/, "", label)
        kind = $1
        sub(/[-_].*/, "", kind)
        if (wrong != "" && $2 != label) print $1 ": " $2
        count(kind)
        ++total
        sum_right += $2 == label
        sum_refused += $2 == "refused"
    }
    END {
        if (total == 0) {
            print "own_digits: found no image called ..._LABEL.png or ..._LABEL.pgm" > "/dev/stderr"
            exit 1
        }
        printf "%-16s %7s %7s %7s %8s\n", "kind", "images", "right", "wrong", "refused"
        for (i = 1; i <= kinds; ++i) row(order[i])
        if (kinds > 1) {
            all["all"] = total; right["all"] = sum_right; refused["all"] = sum_refused
            row("all")
        }
    }'
