#!/usr/bin/env bash
# What a new layer takes: one file, and one entry in the list of layers with its #include. In a copy
# of the sources, this adds leaky ReLU so and sees that everything works with it.
#
#     bash tests/new_layer.sh
set -euo pipefail
CDPATH='' cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -r src "$scratch/src"
cp tests/new_layer/leaky_relu.h "$scratch/src/network/"
sed -i -e 's|^#include "network/layer.h"|&\n#include "network/leaky_relu.h"|' \
    -e 's|^using Layer = std::variant<.*Dropout|&, LeakyRelu|' "$scratch/src/network/network.h"
changed=$(diff -r src "$scratch/src" | grep -c '^[<>]' || true)
if [ "$changed" != 3 ]; then  # the #include; the list, before and after
    echo "new_layer.sh: expected network.h to differ by its list and an #include, found:"
    diff -r src "$scratch/src"
    exit 1
fi

cd "$scratch"
find src/util src/linalg src/formats src/data src/network src/training -name '*.cpp' |
    sed 's|\(.*\)\.cpp|\1.o: \1.cpp\n\t@c++ -std=c++20 -O1 -pthread -Isrc -c $< -o $@|' >Makefile
objects=$(sed -n 's/^\(.*\.o\):.*/\1/p' Makefile | tr '\n' ' ')
make -s -j "$(nproc)" $objects
c++ -std=c++20 -O1 -pthread -Isrc "$OLDPWD/tests/new_layer/main.cpp" $objects -o new_layer
./new_layer
