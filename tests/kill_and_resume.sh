#!/usr/bin/env bash
# Kill-and-resume test: `tests/kill_and_resume.sh build/digits 50` kills trainings with SIGKILL, which
# cannot be caught, at 50 random moments, some while they write a checkpoint, some twice, and resumes
# them. Each must end with the same files as an uninterrupted training.
set -euo pipefail

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

kills=0 runs=0 early=0 late=0
while [ $kills -lt "$wanted" ]; do
    i=$((runs % ${#settings[@]}))
    runs=$((runs + 1))
    [ $runs -gt $((20 * wanted)) ] && { echo "expected $wanted kills, only $kills hit a running training"; exit 1; }
    rm -rf run
    while [ ! -e run/metrics.json ]; do
        if [ -e run/checkpoint.safetensors ]; then
            "$digits" train --resume run &
        else
            "$digits" train ${settings[i]} --out run &
        fi
        pid=$!
        touch started
        moment=$((RANDOM % (lasts[i] + 1)))
        sleep "$((moment / 1000)).$(printf %03d $((moment % 1000)))"
        # Once enough kills have hit, the training may finish.
        if [ $kills -lt "$wanted" ] && kill -KILL $pid 2>/dev/null; then
            status=0
            wait $pid 2>/dev/null || status=$?
            if [ $status -eq 137 ]; then
                kills=$((kills + 1))
                [ -e run/checkpoint.safetensors ] || early=$((early + 1))
                [ run/checkpoint.safetensors.part -nt started ] && late=$((late + 1))
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
done
echo "$kills kills in $runs trainings, $early of them before the first checkpoint, $late while" \
    'writing one: all gave bit-identical results'
