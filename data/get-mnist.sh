#!/bin/sh
# Downloads MNIST to data/mnist: 11 MB to fetch, 55 MB unpacked. Files that are already there, with
# the right checksum, are not fetched again. To use a different mirror that has the four .gz files:
#
#     MNIST_URL=https://example.org/mnist sh data/get-mnist.sh       (or file:///a/folder)
set -eu

if [ -n "${MNIST_URL:-}" ]; then
    set -- "$MNIST_URL"
else
    set -- https://storage.googleapis.com/cvdf-datasets/mnist \
        https://ossci-datasets.s3.amazonaws.com/mnist
fi
names='train-images-idx3-ubyte train-labels-idx1-ubyte
    t10k-images-idx3-ubyte t10k-labels-idx1-ubyte'

folder=$(dirname "$0")/mnist
unfinished=$folder.unfinished.$$  # in the same file system, so that mv only renames

say() { echo "get-mnist: $*"; }
give_up() { say "error: $*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# The SHA-256 that the unpacked file must have.
expected_sum() {
    case $1 in
    train-images-idx3-ubyte) echo ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db ;;
    train-labels-idx1-ubyte) echo 65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5 ;;
    t10k-images-idx3-ubyte) echo 0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7 ;;
    t10k-labels-idx1-ubyte) echo ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2 ;;
    esac
}

# The SHA-256 of a file. Linux has the first program, macOS the second, BSD the third.
actual_sum() {
    if have sha256sum; then sha256sum <"$1" | cut -d ' ' -f 1
    elif have shasum; then shasum -a 256 <"$1" | cut -d ' ' -f 1
    else openssl dgst -sha256 <"$1" | sed 's/.*= *//'
    fi
}

is_right() { [ -f "$1" ] && [ "$(actual_sum "$1")" = "$(expected_sum "$2")" ]; }

# Usage: fetch URL FILE. Gives up on a connection that transfers nothing for 30 seconds.
fetch() {
    case $1 in
    file://*) cp "${1#file://}" "$2" ;;
    *)
        if have curl; then
            curl -fsSL --connect-timeout 30 --speed-limit 1 --speed-time 30 -o "$2" "$1"
        else
            wget -q -T 30 -O "$2" "$1"
        fi
        ;;
    esac
}

# Usage: fetch_missing MIRROR. Fetches all files that are still missing; stops at the first failure.
fetch_missing() {
    for name in $missing; do
        file=$unfinished/$name
        is_right "$file" "$name" && continue
        say "fetching $1/$name.gz"
        fetch "$1/$name.gz" "$file.gz" || { say "the download failed"; return 1; }
        gzip -dc "$file.gz" >"$file" ||
            { say "$name.gz is damaged: it cannot be unpacked"; return 1; }
        is_right "$file" "$name" || { say "$name is not MNIST: wrong SHA-256"; return 1; }
    done
}

fetch_from_any_mirror() {
    for mirror; do
        if fetch_missing "${mirror%/}"; then return; fi
    done
    give_up "no mirror gave all four files, and nothing was changed. Is the network up? You can
try again, name another mirror with MNIST_URL=..., or put the four .gz files into $folder yourself."
}

have gzip || give_up "gzip is needed to unpack the files; please install it."
have sha256sum || have shasum || have openssl ||
    give_up "sha256sum, shasum or openssl is needed to check the files; please install one of them."
case $1 in
file://*) ;;
*) have curl || have wget || give_up "curl or wget is needed to fetch files; please install one." ;;
esac

for name in $names; do
    [ ! -d "$folder/$name" ] ||
        give_up "$folder/$name is a folder, where the file of that name belongs.
Rename or remove it, and try again."
done
[ ! -e "$folder" ] || [ -d "$folder" ] || give_up "$folder is a file, where a folder belongs."

missing=
for name in $names; do
    is_right "$folder/$name" "$name" || missing="$missing $name"
done
if [ -z "$missing" ]; then
    say "MNIST is in $folder already"
    exit
fi

# Downloads go to a temporary folder that is removed on every exit. The files are moved to
# data/mnist only when all of them are right.
trap 'rm -rf "$unfinished"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$unfinished" || give_up "cannot write to $(dirname "$folder")"
fetch_from_any_mirror "$@"
mkdir -p "$folder"
for name in $missing; do mv -f "$unfinished/$name" "$folder/$name"; done
say "MNIST is in $folder"
