#!/usr/bin/env python3
"""Interoperability test: model files are exchanged with safetensors, NumPy, PyTorch and JAX.

    python3 tests/interop/model_file.py build/digits

A network that `digits train` saved is loaded with safetensors and run by NumPy in double precision
and, if they are installed, by PyTorch and JAX; all must compute the logits of `digits` within 1e-5
on every test image. In the other direction, `digits evaluate` must load networks that Python saved
and report the accuracy that NumPy computes. The Python examples in README.md and in chapter 14 are
run unchanged. Exit code 0 if everything that could be tried passed; what was skipped is printed.
"""

import json
import os
import re
import struct
import subprocess
import sys
import tempfile

# Makes JAX simulate two devices: chapter 14 distributes a step over several.
os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2"

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

ACTIVATIONS = {
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
}
TOLERANCE = 1e-5
HERE = os.path.dirname(os.path.abspath(__file__))


def run(digits, *words):
    done = subprocess.run([digits, *words], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"digits {' '.join(words)}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout


def read_idx(path):
    with open(path, "rb") as file:
        content = file.read()
    dimensions = content[3]
    shape = struct.unpack(f">{dimensions}I", content[4 : 4 + 4 * dimensions])
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def numpy_logits(tensors, activation, x):
    x = x.astype(np.float64)
    layers = len(tensors) // 2
    for number in range(1, layers + 1):
        weight = tensors[f"layer{number}.weight"].astype(np.float64)
        x = x @ weight.T + tensors[f"layer{number}.bias"]
        if number < layers:
            x = ACTIVATIONS[activation](x)
    return x


def torch_logits(path, activation, x):
    import torch
    from safetensors.torch import load_file as load

    tensors = load(path)
    modules = []
    for number in range(1, len(tensors) // 2 + 1):
        weight = tensors[f"layer{number}.weight"]
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
        linear.load_state_dict({"weight": weight, "bias": tensors[f"layer{number}.bias"]})
        modules += [linear, {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "sigmoid": torch.nn.Sigmoid}[activation]()]
    with torch.no_grad():
        return torch.nn.Sequential(*modules[:-1])(torch.from_numpy(x.astype(np.float32))).numpy()


def jax_logits(path, activation, x):
    import jax
    from safetensors.flax import load_file as load

    functions = {"relu": jax.nn.relu, "tanh": jax.numpy.tanh, "sigmoid": jax.nn.sigmoid}
    tensors = load(path)
    x = jax.numpy.asarray(x.astype(np.float32))
    layers = len(tensors) // 2
    with jax.default_matmul_precision("highest"):
        for number in range(1, layers + 1):
            x = x @ tensors[f"layer{number}.weight"].T + tensors[f"layer{number}.bias"]
            if number < layers:
                x = functions[activation](x)
    return np.asarray(x)


def digits_log_loss(digits, model, data):
    report = run(digits, "evaluate", model, "--data", data)
    loss = float(re.search(r"log loss +([0-9.]+)", report)[1])
    accuracy = float(re.search(r"accuracy +([0-9.]+) % ±", report)[1])
    return loss, accuracy


def log_loss(logits, labels):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probabilities[np.arange(len(labels)), labels].mean()


def check(what, passed):
    print(f"{'ok   ' if passed else 'WRONG'}    {what}")
    if not passed:
        sys.exit(1)


def python_lines(path):
    """The Python code blocks of a text of this repository."""
    with open(os.path.join(HERE, "..", "..", path), encoding="utf-8") as file:
        return re.findall(r"^```python\n(.*?)^```", file.read(), re.S | re.M)


def readme_example():
    """The function logits() that the Python example in README.md defines."""
    names = {}
    exec(python_lines("README.md")[0], names)
    return names["logits"]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    digits = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        run(digits, "synthesize", "--out", "images", "--count", "7000")
        x = read_idx("images/t10k-images-idx3-ubyte").reshape(1000, -1) / 255
        labels = read_idx("images/t10k-labels-idx1-ubyte")
        for activation in ACTIVATIONS:
            run(digits, "train", "--data", "images", "--activation", activation, "--epochs", "2",
                "--quiet", "--out", activation)
            model = f"{activation}/model.safetensors"
            with safe_open(model, "numpy") as file:
                metadata = file.metadata()
            shapes = {name: tensor.shape for name, tensor in load_file(model).items()}
            check(f"{activation}: names, shapes and metadata",
                  shapes["layer1.weight"] == (256, 784) and shapes["layer3.bias"] == (10,)
                  and metadata["activation"] == activation and metadata["image_size"] == "28x28"
                  and json.loads(metadata["class_names"]) == list("0123456789")
                  and json.loads(metadata["settings"])["epochs"] == 2)
            expected = logits_of(digits, model, "images")
            forward(model, activation, x, expected)
            compare_report(digits, model, activation, load_file(model), x, labels)
            if activation == "relu":
                os.makedirs("runs")
                os.rename("relu", "runs/latest")
                difference = np.abs(readme_example()(255 * x) - expected).max()
                check(f"the example of README.md, largest difference {difference:.1e}",
                      difference <= TOLERANCE)
                chapter_examples(digits, x, labels)
        python_to_digits(digits, x, labels)


def logits_of(digits, model, data):
    """The logits that digits computes, with nine significant digits."""
    lines = run(digits, "evaluate", model, "--data", data, "--logits").splitlines()
    return np.array([[float(word) for word in line.split()] for line in lines])


def forward(model, activation, x, expected):
    others = {
        "NumPy": lambda: numpy_logits(load_file(model), activation, x),
        "PyTorch": lambda: torch_logits(model, activation, x),
        "JAX": lambda: jax_logits(model, activation, x),
    }
    for name, compute in others.items():
        try:
            logits = compute()
        except ImportError as error:
            print(f"skipped  {activation}: {name}: {error}")
            continue
        difference = np.abs(logits - expected).max()
        check(f"{activation}: logits of {name} on {len(x)} images, largest difference "
              f"{difference:.1e}", difference <= TOLERANCE)


def compare_report(digits, model, activation, tensors, x, labels):
    loss, accuracy = digits_log_loss(digits, model, "images")
    logits = numpy_logits(tensors, activation, x)
    own_accuracy = 100 * (logits.argmax(axis=1) == labels).mean()
    check(f"{model}: log loss {loss} and accuracy {accuracy} %",
          abs(loss - log_loss(logits, labels)) < 1e-4 and abs(accuracy - own_accuracy) < 0.01)


def chapter_examples(digits, x, labels):
    """Chapter 14 continues the training in JAX and in PyTorch: the loss must fall, and digits must load
    the resulting networks."""
    jax_lines, devices_lines, torch_lines = python_lines("chapters/14-the-trainer/README.md")
    trained_on = (read_idx("images/train-images-idx3-ubyte").reshape(-1, 784) / 255).astype("f4")
    answers = read_idx("images/train-labels-idx1-ubyte").astype("i4")
    batches = [(trained_on[i:i + 100], answers[i:i + 100]) for i in range(0, 7000, 100)]
    before = log_loss(numpy_logits(load_file("runs/latest/model.safetensors"), "relu", trained_on),
                      answers)

    def judge(library, tensors):
        after = log_loss(numpy_logits(tensors, "relu", trained_on), answers)
        check(f"chapter 14, {library}: loss {before:.4f}, after another epoch {after:.4f}",
              after < before)
        compare_report(digits, "more.safetensors", "relu", tensors, x, labels)

    try:
        names = {}
        exec(jax_lines, names)
        for images, digit in batches:
            names["weights"] = names["step"](names["weights"], images, digit, 0.05)
        names["x"], names["y"] = batches[0]
        alone = names["step"](names["weights"], *batches[0], 0.01)
        exec(devices_lines, names)
        shared = load_file("more.safetensors")
        difference = max(np.abs(shared[name] - np.asarray(alone[name])).max() for name in shared)
        devices = len(names["mesh"].devices)
        check(f"chapter 14, JAX: a step on {devices} devices, largest difference {difference:.1e}",
              devices == 2 and difference < 1e-6)
        judge("JAX", shared)
    except ImportError as error:
        print(f"skipped  chapter 14: JAX: {error}")
    try:
        names = {}
        exec(torch_lines, names)
        torch = names["torch"]
        for images, digit in batches:
            names["step"](torch.from_numpy(images), torch.from_numpy(digit).long())
        tensors = {f"layer{number}.{part}": tensor.numpy()
                   for number, linear in enumerate(names["network"][::2], 1)
                   for part, tensor in linear.state_dict().items()}
        save_file(tensors, "more.safetensors", metadata={"activation": "relu"})
        judge("PyTorch", tensors)
    except ImportError as error:
        print(f"skipped  chapter 14: PyTorch: {error}")


def python_to_digits(digits, x, labels):
    """Python writes, digits reads: with and without metadata, and as other programs do."""
    random = np.random.default_rng(1)
    sizes = [784, 30, 20, 10]
    tensors = {}
    for number, (inputs, outputs) in enumerate(zip(sizes, sizes[1:]), 1):
        weight = random.normal(0, 0.1, (outputs, inputs)).astype(np.float32)
        tensors[f"layer{number}.weight"] = weight
        tensors[f"layer{number}.bias"] = random.normal(0, 0.1, outputs).astype(np.float32)
    save_file(tensors, "python.safetensors", metadata={"activation": "tanh"})
    compare_report(digits, "python.safetensors", "tanh", tensors, x, labels)
    one = {name: tensors[name] for name in ("layer1.weight", "layer1.bias")}
    one = {"layer1.weight": one["layer1.weight"][:10], "layer1.bias": one["layer1.bias"][:10]}
    one = {name: np.ascontiguousarray(tensor) for name, tensor in one.items()}
    save_file(one, "bare.safetensors")
    compare_report(digits, "bare.safetensors", None, one, x, labels)
    save_file({name: tensor.astype(np.int64) for name, tensor in one.items()}, "whole")
    refused = subprocess.run([digits, "evaluate", "whole", "--data", "images"],
                             capture_output=True, text=True)
    check("whole numbers are refused with an explanation", refused.returncode == 1
          and "expected values of type F32, F64, F16 or BF16, found I64" in refused.stderr)
    forms_of_other_programs(digits, [tensors[f"layer{n}.{part}"] for n in (1, 2, 3)
                                     for part in ("weight", "bias")])


def forms_of_other_programs(digits, arrays):
    """The same network under other names, transposed, in other types and for other inputs."""
    order = [(number, part) for number in range(3) for part in ("weight", "bias")]

    def save(name, change, metadata=None):
        saved = dict(change(number, part, array) for (number, part), array in zip(order, arrays))
        saved = {key: np.ascontiguousarray(value) for key, value in saved.items()}
        save_file(saved, name, metadata={"activation": "tanh", **(metadata or {})})

    def scaled(factor, offset):  # for the inputs factor * x + offset
        def change(number, part, array):
            if number == 0 and part == "weight":
                array = array / np.float32(factor)
            elif number == 0:
                array = array - (arrays[0] / np.float32(factor)).sum(1) * np.float32(offset)
            return f"layer{number + 1}.{part}", array
        return change

    def keras(number, part, array):
        suffix = f"_{number}" if number else ""
        return f"dense{suffix}/{'kernel' if part == 'weight' else 'bias'}:0", array.T

    save("own", lambda number, part, array: (f"layer{number + 1}.{part}", array))
    save("sequential", lambda number, part, array: (f"{2 * number}.{part}", array))
    save("compiled", lambda number, part, array: (f"_orig_mod.module.fc{number + 9}.{part}", array))
    save("roles", lambda number, part, array: (f"{('input', 'hidden', 'output')[number]}.{part}", array))
    save("keras", keras)
    save("plain", lambda number, part, array: (f"{'W' if part == 'weight' else 'b'}{number + 1}",
                                               array.T if part == "weight" else array[None]))
    save("float64", lambda number, part, array: (f"fc{number}.{part}", array.astype(np.float64)))
    save("float16", lambda number, part, array: (f"fc{number}.{part}", array.astype(np.float16)))
    save("normalised", scaled(1 / 0.3081, -0.1307 / 0.3081), {"input_scaling": "(x-0.1307)/0.3081"})
    save("signed", scaled(2, -1), {"input_scaling": "-1..1"})
    save("byte", scaled(255, 0), {"input_scaling": "byte"})
    expected = logits_of(digits, "own", "images")
    for name, tolerance in {"sequential": 0, "compiled": 0, "roles": 0, "keras": 0, "plain": 0,
                            "float64": 0, "float16": 0.02, "normalised": 1e-4, "signed": 1e-4,
                            "byte": 1e-4}.items():
        difference = np.abs(logits_of(digits, name, "images") - expected).max()
        check(f"the network as {name}: largest difference of a logit {difference:.1e}",
              difference <= tolerance)


if __name__ == "__main__":
    main()
