#!/usr/bin/env bash
# Replays a collection of cases that once went wrong: `tests/cases.sh build/digits CASES` runs what
# CASES/NN-name/expect.txt asks for each, and prints "ok", "FAIL" with what was expected and found,
# or "skipped" where something is missing here. `tests/cases.sh build/digits CASES 02 17` runs two.
# The pictures and models of the cases are no part of the repository. MODEL=FILE saves the time of
# training a network first.
set -u
export LC_ALL=C.UTF-8
program=$(realpath "$1") cases=$(realpath "$2")
shift 2
chosen=" $* "
checkout=$(realpath "$(dirname "$0")/..")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
digits() { "$program" "$@"; }
export -f digits
export program

mnist=
for folder in "$cases/../mnist" "$checkout/../shared/mnist" "$checkout/data/mnist"; do
    [ -z "$mnist" ] && ls "$folder"/train-images* >/dev/null 2>&1 && mnist=$(realpath "$folder")
done

# ---- What the cases are written with ----

fault() { faults+="    $*"$'\n'; }
skip() { skipped+="${skipped:+; }$*"; }
has() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# try COMMAND...: runs it; sets code, out, err, all.
try() {
    [ "$1" = digits ] && set -- "$program" "${@:2}"  # timeout knows no functions
    out=$(timeout 300 "$@" 2>"$scratch/stderr" </dev/null | tr -d '\0'; exit "${PIPESTATUS[0]}")
    code=$?
    err=$(tr -d '\0' <"$scratch/stderr")
    # The names of the files of a case tell what is right: they must not count as an answer.
    all=$(sed "s|$here/[^ :]*|FILE|g" <<<"$out"$'\n'"$err")
    what="$*"
    what=${what//$program/digits} what=${what//$cases\//} what=${what//$model/M}
    what=${what//$scratch\//}
}
short() { tr '\n' ' ' <<<"$*" | cut -c 1-180; }
# Each of these looks at the command tried last.
is() { [ "$1" = "$2" ] || fault "$what: expected $1, found $(short "$2")"; }
exits() { [ "$code" = "$1" ] || fault "$what: expected exit code $1, found $code: $(short "$err")"; }
fails() { [ "$code" != 0 ] || fault "$what: expected an error, found exit code 0: $(short "$out")"; }
says() { grep -Eqi -- "$1" <<<"$all" || fault "$what: expected /$1/, found exit code $code: $(short "$all")"; }
never_says() { ! grep -Eqi -- "$1" <<<"$all" || fault "$what: expected nothing like /$1/, found: $(grep -Ei -m 1 -- "$1" <<<"$all" | cut -c 1-180)"; }
works_or_says() { [ "$code" = 0 ] || says "$1"; }
keeps() { # FILE...: one of them is there
    local file; for file in "$@"; do [ -s "$file" ] && return; done
    fault "$what: expected $(basename "$1") to be left, found only: $(ls "$(dirname "$1")" 2>&1 | tr '\n' ' ')"
}

# The class that is predicted for a picture: the last word of the line.
class_of() { awk 'NF { word = $NF } END { print word }' <<<"$1"; }
# reads DIGIT PICTURE...: each is read as that digit.
reads() {
    local digit=$1 picture; shift
    for picture; do
        try digits predict --brief "$model" "$picture"
        if [ "$code" = 0 ]; then is "$digit" "$(class_of "$out")"; else exits 0; fi
    done
}
# reads_or_says DIGIT REGEX PICTURE...
reads_or_says() {
    local digit=$1 words=$2 picture; shift 2
    for picture; do
        try digits predict --brief "$model" "$picture"
        if [ "$code" = 0 ] && ! grep -Eqi -- "$words" <<<"$all"; then is "$digit" "$(class_of "$out")"
        elif [ "$code" != 0 ]; then says "$words"; fi
    done
}
accuracy() { grep -Eo '[0-9.]+ %' <<<"$1" | head -n 1; }

# A small data set, in the folder $data: 700 training and 100 test pictures.
data() { [ -d "$data" ] || digits synthesize --count 800 --seed 3 --out "$data" >/dev/null; }
# A copy of the sources in ./copy, without what was built.
copy() { mkdir copy && (cd "$checkout" && tar cf - --exclude=./build --exclude=./runs --exclude=./.git --exclude='./data/*/' .) | tar xf - -C copy; }
# widest KIND COLUMNS LATER COMMAND...: runs a command on a terminal of so many columns that is given
# another width after a second, and prints the length of the longest line that came afterwards: of
# all lines, or of those that are "redrawn".
widest() {
    python3 - "$@" <<'END'
import fcntl, os, pty, re, struct, sys, termios, time
kind, columns, later = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm"
    time.sleep(0.3)
    os.execvp(sys.argv[4], sys.argv[4:])
def resize(width):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
resize(columns)
start, output, resized = time.time(), b"", columns == later
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    output += piece
    if not resized and time.time() - start > 1:
        resize(later)
        resized, output = True, b""
        time.sleep(0.1)
        os.read(terminal, 1 << 20)
os.waitpid(pid, 0)
text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", output.decode("utf-8", "replace"))
lines = [line for line, end in re.findall("([^\r\n]*)(\r\n|\r|$)", text) if kind == "all" or end == "\r"]
print(max(map(len, lines), default=0))
END
}
set_metadata() { # IN OUT KEY VALUE: a safetensors file with one entry of its metadata replaced
    python3 - "$@" <<'END'
import json, struct, sys
data = open(sys.argv[1], "rb").read()
size = struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8:8 + size])
header.setdefault("__metadata__", {})[sys.argv[3]] = sys.argv[4]
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
open(sys.argv[2], "wb").write(struct.pack("<Q", len(text)) + text + data[8 + size:])
END
}

# ---- The cases: each runs in an empty folder; $here is the folder of the case ----

case_01() {
    cp -r "$here/archive" .
    try digits show --data archive; exits 0
    rm archive/*.idx*
    try digits show --data archive; works_or_says 'is a (folder|directory)'
    digits synthesize --count 14 --out D >/dev/null
    mkdir D/train-images-idx3-ubyte.gz
    try digits show --data D; exits 0
    [ -n "$mnist" ] && ls "$mnist"/*.gz >/dev/null 2>&1 || { skip "MNIST as .gz files, for make mnist"; return; }
    mkdir -p data/mnist/train-images-idx3-ubyte; cp "$checkout/data/get-mnist.sh" data
    try env MNIST_URL="file://$mnist" sh data/get-mnist.sh
    if [ "$code" = 0 ]; then try digits show --data data/mnist; exits 0; else says 'folder|directory'; fi
}
case_02() { reads 7 "$here"/*.png; }
case_03() { reads_or_says 7 'dark.*(crop|cut)|(crop|cut).*dark|frame|desk' "$here"/*.png; }
case_04() {
    reads 7 "$here"/{black-on-clear,white-on-clear,trns-grey,trns-rgb,trns-pal-white,rgba-white-on-clearblack}.png
    try digits predict --raw --brief "$model" "$here/raw-28x28.png"; exits 0; is 7 "$(class_of "$out")"
}
case_05() {
    try digits show --data "$here" --grid --png lying.png; exits 0
    try digits show --data "$here" --grid --transpose --png standing.png; exits 0
    ! cmp -s lying.png standing.png || fault "--transpose turns no picture"
    try digits train --data "$here" --transpose --steps 20 --quiet --out r; exits 0
    grep -aqs transpose r/model.safetensors || fault "the model does not say that its pictures were transposed"
}
case_06() {
    has taskset || { skip taskset; return; }
    data; try taskset -c 0 "$program" train --data "$data" --steps 1 --out r; says '\b1 thread\b'
    skip "a CPU quota is not tried"
}
# trained_until SIGNAL: a training that is sent a signal after a second; sets code and all.
trained_until() {
    rm -rf r; data; what="kill -$1"
    (trap - HUP XCPU USR1 PIPE TERM; exec "$program" train --threads 1 --data "$data" --epochs 50000 --out r) >words 2>&1 &
    local pid=$!
    sleep 1.5; kill "-$1" $pid; wait $pid 2>/dev/null; code=$?; all=$(cat words) out=$all err=
}
case_07() {
    local signal
    for signal in TERM HUP XCPU; do
        trained_until $signal; fails; says '--resume'; keeps r/checkpoint.safetensors
    done
    (trap '' HUP; exec "$program" train --threads 1 --data "$data" --epochs 50000 --out n) >words 2>&1 &
    local pid=$!; sleep 1; kill -HUP $pid; sleep 0.5
    kill -TERM $pid 2>/dev/null || fault "nohup: a training that ignores SIGHUP was ended by it"
    wait $pid 2>/dev/null
}
case_08() {
    copy; cd copy || return
    ln -s me@host.1 'src/data/.#idx.cpp'; printf '\0\5\26\7' >src/data/._idx.cpp
    cp src/data/._idx.cpp tests/._x_test.cpp; cp src/data/._idx.cpp src/cli/._x.cpp
    try make -n; never_says '/\.[#_]'; try make -n test; never_says '/\.[#_]'
    has cmake || { skip cmake; return; }
    try cmake -S . -B tmp/cm; exits 0; try grep -rE '/\.[#_][a-z]+(_test)?\.cpp' tmp/cm --include=build.make; exits 1
}
case_09() {
    local images=${mnist:-drawn}
    try digits evaluate --data "$images" "$here/normalised.safetensors"; says 'input_scaling|normali[sz]'
    try digits predict "$model" "$case_picture"; exits 0
    try digits predict "$here/normalised.safetensors" "$case_picture"; says 'input_scaling|normali[sz]'
    has python3 || { skip python3; return; }
    set_metadata "$here/normalised.safetensors" named.safetensors input_scaling '(x-0.1307)/0.3081'
    try digits evaluate --data "$images" "$here/byte255.safetensors"; local right; right=$(accuracy "$out")
    try digits evaluate --data "$images" named.safetensors; exits 0; is "$right" "$(accuracy "$out")"
}
case_10() { reads 7 "$here"/*.png; }
case_12() {
    copy; cp "$here/g++-10-like" copy; cd copy || return
    try make CXX="$PWD/g++-10-like"; fails; says 'a C\+\+20 compiler is needed, such as GCC'
    never_says 'no matching function'  # the compiler's first error is enough
}
case_14() {
    [ -x "${DIGITS_EXE:-}" ] && has wine || { skip "DIGITS_EXE, a program for Windows, and wine"; return; }
    local found; found=$(wine "$DIGITS_EXE" predict --brief "$model" - <"$here/plain.png" 2>&1 | tr -d '\r')
    what="digits.exe predict - <plain.png"; is 7 "$(class_of "$found")"
}
case_16() {
    has python3 || { skip python3; return; }
    data; cp -r "$data" $'caf\xe9'
    try digits train --data $'caf\xe9' --steps 20 --quiet --out r; exits 0
    try python3 -c 'import json; json.load(open("r/metrics.json", encoding="utf-8"))'; exits 0
    try python3 -c 'import json, struct; f = open("r/model.safetensors", "rb"); json.loads(f.read(struct.unpack("<Q", f.read(8))[0]).decode("utf-8"))'; exits 0
    try python3 -c 'open("r/report.html", encoding="utf-8").read()'; exits 0
}
case_17() {
    local picture=$here/plain.png
    export model picture
    piped() { what=$1; out=$(timeout 20 bash -c "$1" 2>"$scratch/stderr"); code=$?; err=$(cat "$scratch/stderr"); all="$out $err"; }
    local command
    for command in 'digits predict --brief "$model" <(cat "$picture")' \
        'cat "$picture" | digits predict --brief "$model" /dev/stdin' \
        'digits predict --brief <(cat "$model") "$picture"' \
        'mkfifo f; cat "$picture" >f & digits predict --brief "$model" f' \
        'digits predict --brief "$model" /dev/stdin <"$picture"' \
        'cat "$picture" | digits predict --brief "$model" -' \
        'cat "$model" | digits predict --brief - "$picture"'; do
        piped "$command"; if [ "$code" = 0 ]; then is 7 "$(class_of "$out")"; else exits 0; fi
    done
    piped "digits evaluate --data '${mnist:-drawn}' - <\"\$model\""; exits 0
    piped 'digits predict --brief "$model" /dev/null'; fails; never_says 'is it there, and may you read it'
}
case_18() { try digits predict "$model" "$here/two.png"; says 'two|several|separate|more than one'; }
case_19() { reads_or_says 7 'shadow|uneven|light' "$here/shadow.png"; }
case_20() {
    reads 7 "$here"/{interlaced,s-28x28-1,s-9x13-1,s-7x7-1}.png
    try digits predict "$model" "$here/s-1x1-1.png"; fails; says 'paper|background'
}
case_21() {
    digits synthesize --count 14 --out T >/dev/null
    local name
    for name in qmnist-labels labels-int32 labels-signed labels-one-hot; do
        rm -rf D; cp -r T D; cp "$here/$name" D/train-labels-idx1-ubyte
        try digits show --data D; what+=" ($name)"
        works_or_says '32 bits|32-bit|int32|signed|QMNIST|dimensions|one-hot'; never_says 'fetch it again'
    done
    rm -rf D; cp -r T D
    other() { # BYTES REGEX: another magic number for the pictures
        { printf "$1"; tail -c +5 T/train-images-idx3-ubyte; } >D/train-images-idx3-ubyte
        try digits show --data D; what+=" ($1)"; fails; says "$2"; never_says 'fetch it again'
    }
    other '\0\0\x0d\x03' 'float'
    other '\0\0\x08\x04' '\b(4|four).dimension'
    other '\0\0\x08\x02' '\b(2|two).dimension'
    other '\x03\x08\0\0' 'little.endian|byte order|bytes .*(reverse|swap)'
}
case_23() {
    try digits train --data "$here" --split 0.8 --validation 0 --steps 2 --out r; exits 0
    try digits train --data "$here" --validation 0 --steps 2 --out r2; fails; says 'labels below'
}
case_24() {
    local i
    for i in 0 1 2 3; do
        try digits predict --brief "$here/model.safetensors" "$here/class-$i.png"
        grep -q -- --raw <<<"$all" || is $i "$(class_of "$out")"
        try digits predict --brief --raw "$here/model.safetensors" "$here/class-$i.png"; is $i "$(class_of "$out")"
    done
    try digits show --data drawn --png drawn.png; try digits predict --raw "$model" drawn.png; exits 0
}
case_25() {
    has script || { skip script; return; }
    data; cp "$model" m
    ascii_only() { what=$1; out=$(LC_ALL=C TERM=xterm bash -c "$2" 2>&1); all=$out; code=0
        [ -n "$out" ] && LC_ALL=C grep -q '[^ -~[:cntrl:]]' <<<"$out" && fault "$1: expected ASCII, found $(LC_ALL=C grep -m 1 '[^ -~[:cntrl:]]' <<<"$out" | cat -v | cut -c 1-120)"; }
    ascii_only "evaluate on a terminal" "script -qec '$program evaluate m --data $data' /dev/null"
    ascii_only "train on a terminal" "script -qec '$program train --data $data --steps 3 --out r' /dev/null"
    ascii_only "show in a pipe" "$program show --data $data | cat"
}
case_26() {
    data; "$program" train --data "$data" --epochs 50 --out r 2>words | head -n 3 >/dev/null
    what="train | head -n 3" code=0 all=$(cat words); keeps r/checkpoint.safetensors r/model.safetensors
}
case_28() { reads 7 "$here/lined.png"; }
case_30() {
    has qemu-x86_64 || { skip qemu-x86_64; return; }
    try qemu-x86_64 -cpu Nehalem "$program" --version; works_or_says 'built for .*ARCH='
    try qemu-x86_64 -cpu Haswell "$program" show --data drawn; works_or_says 'built for .*ARCH='
}
case_31() {
    copy; cd copy || return
    try make CXX="g++ -B$here/" build/objects/src/linalg/gemm.o; exits 0
}
case_32() {
    local file
    for file in sequential fc from-0 orig_mod no-bias extra; do
        try digits evaluate --data drawn "$here/$file.safetensors"
        # 8 x 8 pixels and 28 x 28 do not fit, which is said after the file was read.
        never_says 'has no tensor layer[0-9]+\.weight; expected layer1\.weight'
        [ $file != extra ] || never_says 'has no tensor layer3'
        [ $file != from-0 ] || never_says 'has no tensor layer2'
    done
    trained_until TERM
    try digits evaluate --data "$data" r/checkpoint.safetensors; works_or_says '--resume'
}
case_33() {
    local file
    for file in float16 float64; do
        try digits evaluate --data drawn "$here/$file.safetensors"; never_says 'expected values of type F32'
    done
    for file in f8_e5m2 c64; do
        try digits evaluate --data drawn "$here/$file.safetensors"; fails; never_says 'unknown type'
    done
}
case_34() { try digits evaluate --data drawn "$here/transposed.safetensors"; works_or_says 'inputs (x|by) outputs|transpos|Keras|(pixels|inputs).*expected|expected metadata image_size'; never_says 'layer1.bias has 6 values but layer1.weight gives 8$'; }
case_35() {
    local library; library=$(dirname "$program")/libdigits.a
    has localedef && [ -f "$library" ] || { skip "localedef and libdigits.a beside the program"; return; }
    mkdir -p old/data; localedef -i de_DE -f UTF-8 ./de_DE.UTF-8 2>/dev/null
    [ -f "$checkout/src/data/json.h" ] || echo '#include "formats/json.h"' >old/data/json.h
    digits synthesize --count 14 --out T >/dev/null
    # Two names were different when the case was written.
    sed 's/->number()/->as_double()/' "$here/locale.cpp" >locale.cpp
    try g++ -std=c++20 -O1 -pthread "-I$checkout/src" -Iold locale.cpp "$library" -o locale; exits 0
    [ "$code" = 0 ] || return
    local right kind; right=$(./locale C)
    for kind in setlocale global mixed; do
        try env LOCPATH="$PWD" LC_ALL= ./locale $kind; what="./locale $kind"; is "$(short "$right")" "$(short "$out")"
    done
}
case_37() { try digits predict "$model" "$here/cgbi.png"; fails; says 'CgBI|Xcode|iPhone|iOS|Apple'; says 'revert-iphone|export'; }
case_38() {
    named() { try digits predict "$model" "$2"; works_or_says "$1"; }
    named JPEG "$here/a.jpg"; named JPEG "$here/jpeg.png"; named WebP "$here/webp.png"; named HEI[CF] "$here/heic.png"
    named GIF "$here/a.gif"; named BMP "$here/a.bmp"; named TIFF "$here/a.tif"; named SVG "$here/a.svg"
    printf '%%PDF-1.7\n%%\xe2\xe3\n1 0 obj\n' >a.pdf; named PDF a.pdf
    printf 'P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\nENDHDR\n\0' >a.pam
    named 'PAM|only (paper|background)' a.pam
    named 'model|safetensors' "$model"
    digits synthesize --count 14 --out T >/dev/null; named IDX T/train-images-idx3-ubyte
    gzip -c "$case_picture" >a.gz; named gzip a.gz
}
case_40() {
    has python3 || { skip python3; return; }
    data
    narrow() { # WIDTH WHAT ARGUMENTS...: no line may be wider
        local most=$1 found; what=$2; shift 2; found=$(widest "$@")
        [ "$found" -le "$most" ] || fault "$what: expected at most $most characters in a line, found $found"
    }
    local long="--threads 1 --data $data --hidden 512,512 --steps 700 --out r"
    narrow 80 "a training in 80 columns" all 80 80 "$program" train --data "$data" --epochs 2 --out r
    narrow 80 "the progress line, COLUMNS=200 in 80 columns" redrawn 80 80 env COLUMNS=200 "$program" train $long
    narrow 15 "the progress line in 15 columns" redrawn 15 15 "$program" train $long
    narrow 50 "the progress line, from 120 to 50 columns" redrawn 120 50 "$program" train $long
}
case_42() {
    is_root && has unshare || { skip "root and unshare"; return; }
    printf 'processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n' >c
    try unshare -m sh -c "mount --bind c /proc/cpuinfo && exec $program bench --rounds 1 --json"
    exits 0; never_says 'unknown processor'
}
case_43() {
    has gcc || { skip gcc; return; }
    gcc -shared -fPIC "$here/fs.c" -o fs.so; data; local number
    for number in 95 38 30 22; do
        try env FSYNC_ERRNO=$number LD_PRELOAD=./fs.so "$program" train --data "$data" --steps 3 --out r$number
        what+=" (fsync: $number)"; exits 0; keeps r$number/model.safetensors
    done
    try env FSYNC_ERRNO=5 LD_PRELOAD=./fs.so "$program" train --data "$data" --steps 3 --out r5
    what+=" (fsync: EIO)"; fails
}
case_47() {
    digits synthesize --count 14 --out D >/dev/null; rm D/train-images-idx3-ubyte
    page() { printf "$1" >D/train-images-idx3-ubyte.gz; try digits show --data D; what+=" ($2)"; fails; says "$2"; }
    page '<!DOCTYPE html><html>403' 'web page|HTML'
    page 'PK\3\4\24\0\0\0\10\0' 'ZIP'
    page 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n' 'LFS'
    page '\x78\x9c\x63\x60\x60' 'zlib'
}
case_60() { reads 1 "$here/tight-one.png"; reads 6 "$here/cropped-6-5.png"; reads 7 "$here/cropped-7-15.png"; reads 7 "$here/pen28-3.png"; }
case_62() {
    data; local i a b pid
    for i in 1 2 3 4 5 6; do
        rm -rf r; what="two trainings, pair $i"
        "$program" train --quiet --threads 1 --data "$data" --steps 1 --seed 1 --hidden 1500 --out r >o1 2>e1 & pid=$!
        "$program" train --quiet --threads 1 --data "$data" --steps 1 --seed 2 --hidden 1400 --out r >o2 2>e2; a=$?
        wait $pid; b=$?; all=$(cat e1 e2) code=0
        [ $a = 0 ] || [ $b = 0 ] || fault "$what: expected one to finish, found exit codes $a and $b: $(short "$all")"
        never_says 'writable|No such file|damaged'
        [ $a = 0 ] && [ $b = 0 ] || says 'running'
        try digits evaluate --data "$data" r/model.safetensors; what="two trainings, pair $i"; exits 0
        local hash; hash=$(grep -Eo '"weights_hash": "[^"]*' r/metrics.json | grep -Eo '[^"]*$')
        grep -aq "$hash" r/model.safetensors || fault "$what: metrics.json and model.safetensors are of different trainings"
    done
}
case_63() {
    scores() { grep seed | grep -o 'test .* %'; }
    sh "$here/try.sh" "$program" >words 2>&1; local second third
    second=$(sed -n '/^other data/,/^right/p' words | scores) third=$(sed -n '/^right/,$p' words | scores)
    what="records of other data" all=$(sed -n '/^other data/,/^right/p' words)
    [ -n "$third" ] || fault "$what: expected scores, found $(short "$all")"
    [ "$second" = "$third" ] || grep -q '^digits: error' words || is "$(short "$third")" "$(short "$second")"
}
case_64() {
    sh "$here/try.sh" "$program" >words 2>&1; local second third; what="sweep of changed data"
    second=$(accuracy "$(grep 'winner has' words | sed -n 2p)") third=$(accuracy "$(grep 'winner has' words | sed -n 3p)")
    [ -n "$third" ] || fault "$what: expected an accuracy, found $(short "$(cat words)")"
    is "$third" "$second"
}
case_66() {
    try digits predict "$here/overflow.safetensors" "$case_picture"; fails; never_says '\bnan\b'; says 'finite'
    try digits evaluate --data drawn "$here/overflow.safetensors"; fails; never_says '\bnan\b'; says 'finite'
}
case_67() { data; try digits show --data "$data" --index 3 --augment elastic; exits 0; says '(picture|image) 3\b'; }
case_68() {
    try digits predict --brief "$model" "$here/plain.png" "$here/bad.png" "$here/plain.png"
    exits 1; is 2 "$(grep -c . <<<"$out")"; is 7 "$(class_of "$out")"
    grep -q bad.png <<<"$err" || fault "$what: expected an error that names bad.png, found $(short "$err")"
}
case_69() {
    try digits predict "$here/plain.png" "$model"; fails; says 'model (comes )?first|predict MODEL'; never_says 'promise'
    data; mkdir -p runs; try digits train --data "$data" --steps 20 --quiet --out runs/latest; exits 0
    try digits predict runs/latest "$here/plain.png"; works_or_says 'folder.*model\.safetensors'
    try digits evaluate --data "$data" runs/latest; works_or_says 'folder.*model\.safetensors'
    trained_until TERM; try digits evaluate --data "$data" r/checkpoint.safetensors; works_or_says 'train --resume'
}
case_70() {
    data
    try digits train --data "$data" --initializer normal --deviation 1e18 --steps 5 --out r
    fails; says 'deviation'; never_says '-nan'; never_says 'likely cause is the learning rate'
    try digits train --data "$data" --weight-decay 1e10 --steps 5 --out r2
    fails; says 'weight.decay'; never_says '-nan'; never_says 'likely cause is the learning rate'
}
case_73() {
    data; what="the folder is removed during a training"
    "$program" train --threads 1 --data "$data" --epochs 300 --out gone >words 2>&1 & local pid=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do [ -d gone ] && break; sleep 0.1; done
    sleep 0.7; kill -0 $pid 2>/dev/null || fault "$what: the training was over too early"
    rm -rf gone; wait $pid; code=$? all=$(cat words) err=$all; exits 0; keeps gone/model.safetensors
    is_root && mkdir small && mount -t tmpfs -o size=3000k tmpfs small 2>/dev/null || { skip "root, for a full disk"; return; }
    what="the disk fills up during a training"
    (sleep 1; dd if=/dev/zero of=small/fill bs=1k count=3000 2>/dev/null) &
    digits train --threads 1 --data "$data" --epochs 300 --out small/r >words 2>&1; code=$? all=$(cat words) err=$all
    wait; says 'accuracy +[0-9.]+ %|test accuracy'
    rm -rf small/*; mount -o remount,size=1200k small; what="there is room for the model, not for the report"
    digits train --threads 1 --data "$data" --epochs 3 --out small/r >words 2>&1; code=$? all=$(cat words) err=$all
    if [ $code != 0 ] && ! grep -q 'room' words; then says 'accuracy +[0-9.]+ %|test accuracy'; says 'model\.safetensors'; fi
    umount small
}
case_74() {
    local old; old=$(dirname "$program")
    [ -x "$old/digits_tests" ] || { skip "digits_tests beside the program"; return; }
    grep -aq "$old/digits" "$old/digits_tests" || return 0  # asks when the tests run
    cp -a "$checkout" moved; cd moved || return
    try make -n "CXXFLAGS=$(sed 's/.*-std=c++20 \(.*\) -fno-math-errno.*/\1/' build/flags-*)" build/digits_tests
    says 'tests/.*_test\.cpp'
}
case_76() {
    data; cp "$model" m; cp "$case_picture" ./-x.png; cp "$case_picture" x.png
    try digits sweep --data "$data" --threads 1 --epochs 1 --resume nix --hidden 8 16 --out sw; fails; says '--resume'
    try digits predict --brief m -- -x.png; exits 0; is 7 "$(class_of "$out")"
    try digits predict --brief m -x.png; fails; says '\./-x\.png|--'
    try digits show --data "$data" --png -; what="show --png -"
    [ ! -e ./- ] || fault "$what: wrote a file that is named -"
    try digits train --data "$data" --test-data drawn --steps 2 --out r; exits 0
    mkdir half; cp "$data"/t10k-* half; try digits show --test --data half; works_or_says '--test-data'
    try digits evaluate --data half m; works_or_says '--test-data'
    try digits synthesize --count 18446744073709551615 --out huge; fails; never_says 'vector|_M_|bad_alloc'
    what="predict - </dev/zero"
    (ulimit -v 3000000; timeout 60 "$program" predict m - </dev/zero >words 2>&1); code=$? all=$(cat words) out= err=$all
    is 1 "$code"; never_says 'bad_alloc|memory'
    if has python3; then
        set_metadata m named class_names '["0\u0007","1","2","3","4","5","6","7","8","9"]'
        try digits evaluate --data "$data" named; fails; never_says 'expected .*a list of 10 strings, found'
        says 'control|character|printable'
    fi
    mkdir elsewhere; cp -r "$data" mnl; trained_until TERM
    rm -rf r; "$program" train --threads 1 --data mnl --epochs 50000 --out r >/dev/null 2>&1 & local pid=$!
    sleep 1.5; kill $pid; wait $pid 2>/dev/null
    cd elsewhere; try digits train --resume ../r; fails; says 'checkpoint|--data'; cd ..
    try digits records --data "$data" --only plain --epochs 1 --out rec; exits 0; never_says 'runs/records'
    echo '{' >rec/plain-1/metrics.json
    try digits records --data "$data" --only plain --epochs 1 --out rec; exits 0
    has script && { what="show with TERM=vt100"; ! TERM=vt100 script -qec "$program show --data $data" /dev/null | grep -q '48;5;' || fault "$what: expected no 256 colors"; }
    try digits train --data "$data" --split 3 --steps 1 --out r3; exits 2; says '--split'
    # A link is written through, and lines may end with CR LF.
    printf 'a\n' >target; ln -s target link.png; try digits show --data "$data" --png link.png
    [ -L link.png ] || fault "show --png LINK: expected the link to stay a link"
}
case_own() {
    local picture; for picture in "$here"/*.png; do picture_digit=${picture##*_}; reads "${picture_digit%.png}" "$picture"; done
}

# ---- The run ----

data=$scratch/small
model=${MODEL:-$scratch/network/model.safetensors}
case_picture=$cases/17-pipes-as-files/plain.png
if [ ! -f "$model" ]; then
    digits train --quiet --data "${mnist:-drawn}" --out "$scratch/network" >"$scratch/training" 2>&1 ||
        { cat "$scratch/training"; exit 1; }
fi
model=$(realpath "$model")

passed=0 failed=0 missing=0
for here in "$cases"/*/; do
    here=${here%/} name=$(basename "$here") number=${name%%-*}
    [ "$chosen" = "  " ] || [[ $chosen == *" $number "* ]] || continue
    faults= skipped= code=0 out= err= all= what=
    if declare -F "case_$number" >/dev/null; then
        mkdir "$scratch/$name"; cd "$scratch/$name" || exit 1
        "case_$number"
        cd "$scratch" || exit 1
        chmod -R u+w "$name"; rm -rf "${scratch:?}/$name"
    else
        skip "a function of its own in this script"
    fi
    if [ -n "$faults" ]; then echo "FAIL $name"; printf '%s' "$faults"; failed=$((failed + 1))
    elif [ -n "$skipped" ] && [ -z "$what" ]; then echo "skipped $name (needs $skipped)"; missing=$((missing + 1))
    else echo "ok $name${skipped:+ (in part: $skipped)}"; passed=$((passed + 1)); fi
done
echo "$passed ok, $failed failed, $missing skipped"
[ $failed = 0 ] && [ $((passed + missing)) -gt 0 ]
