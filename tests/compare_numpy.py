"""NumPy benchmark: times training epochs in NumPy and in `digits`, alternately, and prints the ratio.

    python3 tests/compare_numpy.py DIR [--rounds 5] [--threads 2] [--program build/digits]

DIR holds the four files of MNIST, plain or .gz. Both sides train 784-128-64-10 and 784-512-512-10
with ReLU by plain SGD on shuffled batches of 128, in 32-bit floats. NumPy must be installed; its
BLAS and the number of threads are printed with the result.
"""

import argparse
import gzip
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

NETWORKS = [(784, 128, 64, 10), (784, 512, 512, 10)]
BATCH_SIZE = 128
LEARNING_RATE = 0.1


def read_idx(folder, name, header_bytes):
    for candidate in (folder / name, folder / (name + ".gz")):
        if candidate.exists():
            opener = gzip.open if candidate.suffix == ".gz" else open
            with opener(candidate, "rb") as file:
                return numpy.frombuffer(file.read(), numpy.uint8)[header_bytes:]
    sys.exit(f"compare_numpy: {folder} has no {name}, plain or .gz")


class NumpyTrainer:
    """A straightforward training step in NumPy, which updates arrays in place where that is natural."""

    def __init__(self, sizes, images, labels):
        random = numpy.random.default_rng(1)
        self.weights = [
            random.normal(0, (2 / rows) ** 0.5, (rows, columns)).astype(numpy.float32)
            for rows, columns in zip(sizes, sizes[1:])
        ]
        self.biases = [numpy.zeros(columns, numpy.float32) for columns in sizes[1:]]
        self.random = random
        # Converted to floats once, so that NumPy need not do it in every step.
        self.images = images.reshape(-1, sizes[0]).astype(numpy.float32) / 255
        self.labels = labels

    def epoch(self):
        start = time.perf_counter()
        order = self.random.permutation(len(self.labels))
        for first in range(0, len(order), BATCH_SIZE):
            self.step(order[first : first + BATCH_SIZE])
        return time.perf_counter() - start

    def step(self, indices):
        outputs = [self.images[indices]]
        for weight, bias in zip(self.weights, self.biases):
            z = outputs[-1] @ weight
            z += bias
            if weight is not self.weights[-1]:
                numpy.maximum(z, 0, out=z)
            outputs.append(z)

        logits = outputs.pop()
        logits -= logits.max(axis=1, keepdims=True)
        gradient = numpy.exp(logits)
        gradient /= gradient.sum(axis=1, keepdims=True)
        gradient[numpy.arange(len(indices)), self.labels[indices]] -= 1
        gradient /= len(indices)

        for layer in reversed(range(len(self.weights))):
            weight_gradient = outputs[layer].T @ gradient
            bias_gradient = gradient.sum(axis=0)
            if layer > 0:
                gradient = gradient @ self.weights[layer].T
                gradient *= outputs[layer] > 0
            self.weights[layer] -= LEARNING_RATE * weight_gradient
            self.biases[layer] -= LEARNING_RATE * bias_gradient


def digits_epoch(program, folder, sizes, threads, out):
    """Seconds of the second of two epochs, so that neither side counts its first memory accesses."""
    subprocess.run(
        [program, "train", "--data", str(folder), "--hidden", ",".join(map(str, sizes[1:-1])),
         "--optimizer", "sgd", "--learning-rate", str(LEARNING_RATE), "--schedule", "constant",
         "--label-smoothing", "0", "--batch-size", str(BATCH_SIZE), "--validation", "0",
         "--epochs", "2", "--threads", str(threads), "--quiet", "--out", out],
        check=True,
    )
    return json.loads((pathlib.Path(out) / "metrics.json").read_text())["epoch_seconds"][1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--program", default="build/digits")
    arguments = parser.parse_args()

    # Set before NumPy is imported: its BLAS reads them when it is loaded.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = str(arguments.threads)
    global numpy
    try:
        import numpy
    except ImportError:
        sys.exit("compare_numpy: NumPy is not installed: pip install numpy")

    images = read_idx(arguments.folder, "train-images-idx3-ubyte", 16)
    labels = read_idx(arguments.folder, "train-labels-idx1-ubyte", 8).astype(numpy.int64)
    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    print(f"NumPy {numpy.__version__} on {blas['name']} {blas['version']}, "
          f"{arguments.threads} threads, median of {arguments.rounds} rounds")
    for sizes in NETWORKS:
        trainer = NumpyTrainer(sizes, images, labels)
        trainer.epoch()
        theirs, ours = [], []
        with tempfile.TemporaryDirectory() as out:
            for _ in range(arguments.rounds):
                theirs.append(trainer.epoch())
                ours.append(digits_epoch(arguments.program, arguments.folder, sizes,
                                         arguments.threads, out))
        ratio = statistics.median(o / t for o, t in zip(ours, theirs))
        print(f"{'-'.join(map(str, sizes)):16}  NumPy {statistics.median(theirs):.3f} s   "
              f"digits {statistics.median(ours):.3f} s   digits / NumPy {ratio:.2f}")


if __name__ == "__main__":
    main()
