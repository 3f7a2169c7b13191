#!/usr/bin/env bash
# Kill-and-resume test: `tests/kill_and_resume.sh build/digits 50` ends trainings by signals at 50
# random moments, some while they write a file, some several times, and resumes them. Half of the
# signals are SIGKILL, which cannot be caught. Each training must end with the same files as an
# uninterrupted one, and each signal that can be caught must leave a state from which no step is lost.
set -euo pipefail
set -m  # without job control, the shell lets its background jobs ignore SIGINT

digits=$(realpath "$1")
wanted=${2:-50}
RANDOM=${3:-1}  # random seed
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

"$digits" synthesize --out data --count 1400 --seed 5 >synthesize.txt
common='--data data --hidden 48 --batch-size 16 --epochs 12 --checkpoint-every 1 --quiet'
settings=(
    '--optimizer sgd --schedule constant'
    '--optimizer momentum --schedule step --dropout 0.2'
    '--optimizer nesterov --weight-decay 0.001 --patience 3'
    '--optimizer rmsprop --warmup 40 --dropout 0.1'
    '--optimizer adam --validation 0'
    '--optimizer adamw --weight-decay 0.01 --activation tanh --steps 500'
)

# Checksums of the results, without the columns that contain times.
outcome() {
    cut -d , -f 1-7 "$1/history.csv" | cksum
    cksum <"$1/steps.csv"
    cksum <"$1/model.safetensors"
}

milliseconds() {
    echo $(($(date +%s%N) / 1000000))
}

declare -a expected lasts
for i in "${!settings[@]}"; do
    words=${common/--epochs 12/}
    case ${settings[i]} in *--steps*) ;; *) words=$common ;; esac
    settings[i]="$words ${settings[i]}"
    start=$(milliseconds)
    "$digits" train ${settings[i]} --out "whole$i"
    lasts[i]=$(($(milliseconds) - start))
    expected[i]=$(outcome "whole$i")
done

signals=(KILL)
for signal in INT TERM HUP PIPE; do
    case $(trap -p $signal) in
        "trap -- ''"*) echo "SIG$signal was ignored when this script was started, and is left out" ;;
        *) signals+=($signal KILL) ;;
    esac
done
kills=0 runs=0 early=0 late=0 held=0
while [ $kills -lt "$wanted" ]; do
    i=$((runs % ${#settings[@]}))
    runs=$((runs + 1))
    [ $runs -gt $((20 * wanted)) ] && { echo "expected $wanted kills, only $kills hit a running training"; exit 1; }
    rm -rf run
    while [ ! -e run/metrics.json ]; do
        if [ -e run/checkpoint.safetensors ]; then
            "$digits" train --resume run 2>errors &
        else
            "$digits" train ${settings[i]} --out run 2>errors &
        fi
        pid=$!
        moment=$((RANDOM % (lasts[i] + 1)))
        sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"
        signal=${signals[kills % ${#signals[@]}]}
        # Once enough kills have hit, the training may finish.
        if [ $kills -lt "$wanted" ] && kill -$signal $pid 2>/dev/null; then
            status=0
            wait $pid 2>/dev/null || status=$?
            if [ $status -eq $((128 + $(kill -l $signal))) ]; then
                kills=$((kills + 1))
                [ -e run/checkpoint.safetensors ] || early=$((early + 1))
                for temporary in run/*.part; do
                    [ -e "$temporary" ] && late=$((late + 1))
                done
                # The program says what it has done, unless the training had not begun.
                if grep -q '^digits: stopped' errors; then
                    held=$((held + 1))
                    if [ ! -e run/checkpoint.safetensors ] && [ ! -e run/metrics.json ]; then
                        echo "WRONG: SIG$signal lost a training: $(cat errors)"
                        exit 1
                    fi
                fi
            elif [ $status -ne 0 ]; then
                echo "WRONG: exit code $status after SIG$signal: $(cat errors)"
                exit 1
            fi
        else
            wait $pid
        fi
    done
    # Killed after metrics.json was written but before the checkpoint was removed: resume it again.
    [ -e run/checkpoint.safetensors ] && "$digits" train --resume run
    if [ "$(outcome run)" != "${expected[i]}" ]; then
        echo "WRONG: this training, killed and resumed, gave different results: ${settings[i]}"
        exit 1
    fi
    if compgen -G 'run/*.part' >leftovers; then
        echo "WRONG: temporary files are left: $(cat leftovers)"
        exit 1
    fi
done
echo "$kills signals in $runs trainings, $held of them caught, $early before the first checkpoint," \
    "$late while a file was written: all gave bit-identical results"
