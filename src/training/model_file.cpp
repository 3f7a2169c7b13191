#include "training/model_file.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "formats/json.h"
#include "formats/safetensors.h"
#include "training/checkpoint.h"
#include "training/layer_tensors.h"
#include "util/file.h"
#include "util/sizes.h"

namespace digits {
namespace {

constexpr const char* known_scaling = "byte/255";

Matrix transpose(const Matrix& matrix) {
    Matrix result(matrix.columns(), matrix.rows());
    for (std::size_t row = 0; row < matrix.rows(); ++row) {
        for (std::size_t column = 0; column < matrix.columns(); ++column) {
            result(column, row) = matrix(row, column);
        }
    }
    return result;
}

// The activation function of a stack of dense layers with the same one between all of them; none
// for a single layer. Dropout does nothing in inference and is skipped.
std::optional<std::string> common_activation(const Network& network) {
    std::optional<std::string> common;
    bool expects_dense = true;
    for (const std::string& name : network.layer_names()) {
        if (name.starts_with("dropout ")) continue;
        const bool is_dense = name.starts_with("dense ");
        const bool is_activation = std::ranges::count(activation_names, name) > 0;
        require(is_dense == expects_dense && (is_dense || is_activation) &&
                    (is_dense || !common || name == *common),
                "model file: ", describe(network),
                " is not a stack of dense layers with one activation function between them");
        if (is_activation) common = name;
        expects_dense = !expects_dense;
    }
    require(!expects_dense, "model file: the network ends with an activation function");
    return common;
}

std::string image_size(const Model& model) {
    return str_cat(model.rows, "x", model.columns);
}

Matrix finite_matrix(const TensorFile& file, const Tensor& tensor, std::size_t rows,
                     std::size_t columns) {
    Matrix matrix(rows, columns);
    try {
        std::ranges::copy(float_values(tensor), matrix.data());
    } catch (const std::runtime_error& error) {
        fail(file.name, ": ", error.what());
    }
    for (const float value : matrix.values()) {
        if (!std::isfinite(value)) {
            fail(file.name, ": ", tensor.name, ": expected finite values, found ", value);
        }
    }
    return matrix;
}

Dense read_dense(const TensorFile& file, const LayerTensors& layer) {
    Random unused(0);
    Dense dense(layer.inputs(), layer.outputs(), {InitializerKind::zeros}, unused);
    const std::vector<std::size_t>& shape = layer.weight->shape;
    Matrix weight = finite_matrix(file, *layer.weight, shape[0], shape[1]);
    dense.weight.value = layer.is_transposed ? std::move(weight) : transpose(weight);
    if (layer.bias) dense.bias.value = finite_matrix(file, *layer.bias, 1, layer.outputs());
    return dense;
}

// Removes a value from the metadata and returns it; what remains becomes the notes.
std::optional<std::string> take(std::map<std::string, std::string>& metadata, const char* key) {
    const auto node = metadata.extract(key);
    return node.empty() ? std::nullopt : std::optional(node.mapped());
}

Layer read_activation(const TensorFile& file, const std::optional<std::string>& name) {
    if (name == "relu") return Relu{};
    if (name == "tanh") return Tanh{};
    if (name == "sigmoid") return Sigmoid{};
    fail(file.name, ": expected metadata activation: relu, tanh or sigmoid, found ",
         name ? *name : "none", "; save the tensors with metadata={\"activation\": \"relu\"}");
}

bool is_yes(const TensorFile& file, const char* key, const std::optional<std::string>& value) {
    if (value && *value != "yes") {
        fail(file.name, ": expected metadata ", key, " to be yes or absent, found ", *value);
    }
    return value.has_value();
}

void read_image_size(Model& model, const TensorFile& file, const std::optional<std::string>& size) {
    const std::size_t inputs = model.network.inputs();
    // Tries all divisors, because the product of two numbers from a file might overflow.
    for (std::size_t rows = 1; rows <= inputs; ++rows) {
        model.rows = rows;
        model.columns = inputs / rows;
        const bool fits = rows * model.columns == inputs;
        if (fits && (size ? *size == image_size(model) : rows == model.columns)) return;
    }
    fail(file.name, ": expected metadata image_size, rows x columns with ", inputs,
         " pixels in total, as many as the network ", describe(model.network),
         " has inputs, found ", size ? *size : "none");
}

void read_class_names(Model& model, const TensorFile& file,
                      const std::optional<std::string>& list) {
    const std::size_t classes = model.network.outputs();
    if (!list) {
        for (std::size_t i = 0; i < classes; ++i) model.class_names.push_back(std::to_string(i));
        return;
    }
    const Json names = read_json(*list, file.name + ": metadata class_names");
    if (!names.is_array() || names.members().size() != classes) {
        fail(file.name, ": expected metadata class_names to be a list of ", classes,
             " strings, found ", list->substr(0, 200));
    }
    for (const auto& [key, name] : names.members()) {
        const std::size_t number = model.class_names.size();
        if (!name.string()) {
            fail(file.name, ": expected metadata class_names to be a list of ", classes,
                 " strings, found ", name.to_line().substr(0, 200), " for class ", number);
        }
        // A terminal would interpret control characters as commands.
        if (printable_line(*name.string()) != *name.string()) {
            fail(file.name, ": metadata class_names: the name of class ", number,
                 " contains a control character or is not UTF-8: ", name.to_line().substr(0, 200),
                 "; expected a name that can be printed");
        }
        model.class_names.push_back(*name.string());
    }
}

void read_layout(Model& model, const TensorFile& file, const std::optional<std::string>& words) {
    if (!words) return;
    const auto layout = parse_layout(*words, model.rows, model.columns);
    if (!layout) {
        fail(file.name, ": expected metadata image_layout, such as ",
             to_text(mnist_layout(model.rows, model.columns)), " or whole, found ", *words);
    }
    model.layout = *layout;
}

void read_input_scaling(Model& model, const TensorFile& file,
                        const std::optional<std::string>& words) {
    model.is_input_scaling_assumed = !words;
    if (!words || *words == known_scaling) return;
    try {
        fold_input_scaling(model.network, parse_input_scaling(*words));
    } catch (const std::runtime_error& error) {
        fail(file.name, ": metadata input_scaling: ", error.what());
    }
}

// `progress` is that of a training that is not finished: "of epoch 3".
void add_remarks(Model& model, const LayerStack& stack, const std::optional<std::string>& progress,
                 bool is_own) {
    const auto remark = [&](const auto&... words) { model.remarks.push_back(str_cat(words...)); };
    if (progress) {
        remark("the training is not finished; this is its best network so far, ", *progress,
               " (digits train --resume goes on with it)");
    }
    for (const LayerTensors& layer : stack.layers) {
        if (!layer.bias) remark("there is no bias for ", layer.weight->name, "; 0 is used");
    }
    // Files of this program have a hash, and weights in the layout that is assumed.
    if (stack.is_ambiguous && !is_own) {
        remark(
            "the shapes of the weights fit outputs x inputs, as PyTorch stores them, and inputs "
            "x outputs, as Keras and JAX do; they are taken for ",
            stack.layers.front().is_transposed ? "the latter; if that is wrong, call them weight"
                                               : "the former; if that is wrong, call them kernel");
    }
}

}  // namespace

void write_model(const std::filesystem::path& path, const Model& model) {
    const Network& network = model.network;
    require(checked_product(model.rows, model.columns, "model file") == network.inputs() &&
                model.class_names.size() == network.outputs(),
            "model file: the network ", describe(network), " does not fit images of ",
            image_size(model), " in ", model.class_names.size(), " classes");
    const std::optional<std::string> activation = common_activation(network);
    TensorFile file{path.string(), model.notes, {}};
    if (activation) file.metadata["activation"] = *activation;
    file.metadata["image_size"] = image_size(model);
    if (model.layout.kind != ImageLayout::Kind::unknown) {
        file.metadata["image_layout"] = to_text(model.layout);
    }
    if (model.preprocessing.deskew) file.metadata["deskew"] = "yes";
    if (model.transposed_files) file.metadata["transpose"] = "yes";
    file.metadata["class_names"] = Json::array(model.class_names).to_line();
    file.metadata["input_scaling"] = known_scaling;
    file.metadata["architecture"] = describe(network, model.preprocessing);
    file.metadata["weights_hash"] = weights_hash(network);
    // In PyTorch's layout: a weight (I, O) is stored as (O, I), a bias (1, O) as (O).
    for (const Parameter* const parameter : network.parameters()) {
        const bool is_vector = parameter->name.ends_with(".bias");
        const Matrix stored = is_vector ? parameter->value : transpose(parameter->value);
        const std::vector<std::size_t> shape = is_vector
                                                   ? std::vector{stored.columns()}
                                                   : std::vector{stored.rows(), stored.columns()};
        file.tensors.push_back(make_tensor(parameter->name, shape, stored.values()));
    }
    write_safetensors(path, file);
}

Model parse_model(std::span<const std::uint8_t> bytes, const std::string& name) {
    TensorFile file = parse_safetensors(bytes, name);
    const bool is_unfinished = is_checkpoint(file);
    if (is_unfinished) file = best_network_file(file);
    std::map<std::string, std::string> metadata = file.metadata;
    const auto activation = take(metadata, "activation");
    const LayerStack stack = find_layers(file);
    std::vector<Layer> layers;
    for (const LayerTensors& layer : stack.layers) {
        if (!layers.empty()) layers.push_back(read_activation(file, activation));
        layers.push_back(read_dense(file, layer));
    }
    const std::size_t inputs = std::get<Dense>(layers.front()).inputs();
    Model model{Network(inputs, std::move(layers))};
    read_image_size(model, file, take(metadata, "image_size"));
    model.preprocessing.deskew = is_yes(file, "deskew", take(metadata, "deskew"));
    model.transposed_files = is_yes(file, "transpose", take(metadata, "transpose"));
    read_layout(model, file, take(metadata, "image_layout"));
    read_class_names(model, file, take(metadata, "class_names"));
    const auto hash = take(metadata, "weights_hash");
    if (hash && *hash != weights_hash(model.network)) {
        fail(name, ": its weights have the hash ", weights_hash(model.network),
             ", but its metadata says ", *hash, "; the file is damaged, or the weights were ",
             "changed without the metadata: then remove weights_hash from the metadata");
    }
    read_input_scaling(model, file, take(metadata, "input_scaling"));
    // Only the form that a checkpoint is given has this key.
    const auto progress = is_unfinished ? take(metadata, progress_key) : std::nullopt;
    add_remarks(model, stack, progress, hash.has_value());
    take(metadata, "architecture");
    model.notes = std::move(metadata);
    return model;
}

Model read_model(const std::filesystem::path& path) {
    return parse_model(read_input(path), input_name(path));
}

std::string describe(const Network& network, const Preprocessing& preprocessing) {
    std::string description = describe(network);
    if (preprocessing.deskew) {
        description.insert(std::min(description.find(' '), description.size()), " input deskew");
    }
    return description;
}

void fold_input_scaling(Network& network, const InputScaling& scaling) {
    require(!network.layers().empty() && std::holds_alternative<Dense>(network.layers().front()),
            "input scaling: expected a network that begins with a dense layer, found ",
            describe(network));
    // With x' = f x + o, x' W + b = x (f W) + (b + o times the sum over the inputs of W).
    Matrix& weight = network.parameters()[0]->value;
    Matrix& bias = network.parameters()[1]->value;
    for (std::size_t output = 0; output < weight.columns(); ++output) {
        double sum = 0.0;
        for (std::size_t input = 0; input < weight.rows(); ++input) {
            const double value = static_cast<double>(weight(input, output));
            sum += value;
            weight(input, output) = static_cast<float>(scaling.factor * value);
        }
        bias(0, output) =
            static_cast<float>(static_cast<double>(bias(0, output)) + scaling.offset * sum);
    }
}

std::size_t model_size(const Network& network) {
    return parameter_count(network) * sizeof(float);
}

}  // namespace digits
