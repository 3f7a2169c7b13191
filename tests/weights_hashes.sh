#!/usr/bin/env bash
# Prints weights_hash of twelve short trainings that together use every optimizer and every feature:
# run it before and after a change that must not alter results, and compare the two lists. The hashes
# are those of one processor and compiler: gemm() rounds as its vector instructions do.
#
#     bash tests/weights_hashes.sh build/digits
set -euo pipefail

program=$(realpath "${1:?usage: weights_hashes.sh PROGRAM}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$program" synthesize --count 21000 --out "$scratch/data" >/dev/null

trainings=(
    '--optimizer sgd --label-smoothing 0 --schedule constant --batch-size 100'
    '--optimizer momentum --dropout 0.3 --input-dropout 0.1 --seed 2'
    '--optimizer nesterov --label-smoothing 0.1 --schedule step --warmup 10 --validation 0'
    '--optimizer rmsprop --activation tanh --initializer xavier --weight-decay 0.0001 --hidden 64'
    '--optimizer adam --augment elastic --ema-decay 0.99 --epochs 2'
    '--optimizer adamw --weight-decay 0.01 --deskew --augment affine --augment-strength 0.7'
    '--preset quick'
    '--preset plain'
    '--preset strong'
    '--preset ensemble'
    '--preset jax-256-b100'
    '--preset tensorflow-sigmoid --steps 100'
)
for training in "${trainings[@]}"; do
    length=--epochs
    case $training in *--steps* | *--epochs*) length= ;; esac
    # shellcheck disable=SC2086
    "$program" train --data "$scratch/data" --out "$scratch/run" --quiet $training ${length:+$length 1}
    sed -n 's/.*"weights_hash": "\([0-9a-f]*\)".*/\1/p' "$scratch/run/metrics.json" | tr '\n' ' '
    echo "$training"
done
