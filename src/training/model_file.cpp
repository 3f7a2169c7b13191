#include "training/model_file.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "formats/json.h"
#include "formats/safetensors.h"
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

std::string layer_tensor(std::size_t number, const char* part) {
    return str_cat("layer", number, ".", part);
}

std::string image_size(const Model& model) {
    return str_cat(model.rows, "x", model.columns);
}

const Tensor& need_tensor(const TensorFile& file, const std::string& name, std::size_t dimensions) {
    const Tensor* const tensor = file.find(name);
    if (!tensor) {
        fail(file.name, ": has no tensor ", name,
             "; expected layer1.weight, layer1.bias, layer2.weight and so on");
    }
    if (tensor->shape.size() != dimensions || tensor->bytes.empty()) {
        fail(file.name, ": ", name, ": expected ",
             dimensions == 2 ? "a matrix, outputs x inputs" : "a vector, one value per output",
             ", found the shape ", shape_text(tensor->shape));
    }
    return *tensor;
}

Matrix finite_matrix(const TensorFile& file, const Tensor& tensor, std::size_t rows,
                     std::size_t columns) {
    Matrix matrix(rows, columns);
    try {
        std::ranges::copy(values_of<float>(tensor), matrix.data());
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

Dense read_dense(const TensorFile& file, std::size_t number, std::size_t inputs) {
    const std::string weight_name = layer_tensor(number, "weight");
    const std::string bias_name = layer_tensor(number, "bias");
    const Tensor& weight = need_tensor(file, weight_name, 2);
    const Tensor& bias = need_tensor(file, bias_name, 1);
    if (inputs > 0 && weight.shape[1] != inputs) {
        fail(file.name, ": ", weight.name, ": expected ", inputs,
             " inputs, as many as the previous layer has outputs, found ", weight.shape[1]);
    }
    if (bias.shape[0] != weight.shape[0]) {
        fail(file.name, ": ", bias.name, ": expected ", weight.shape[0],
             " values, one per output of ", weight.name, ", found ", bias.shape[0]);
    }
    Random unused(0);
    Dense dense(weight.shape[1], weight.shape[0], {InitializerKind::zeros}, unused);
    dense.weight.value = transpose(finite_matrix(file, weight, weight.shape[0], weight.shape[1]));
    dense.bias.value = finite_matrix(file, bias, 1, bias.shape[0]);
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
         name ? *name : "none");
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
    fail(file.name, ": expected metadata image_size, such as 28x28, with ", inputs,
         " pixels in total, found ", size ? *size : "none");
}

// Such characters are refused, because a terminal would interpret them as commands. Those from
// U+0080 to U+009F are the bytes c2 80 to c2 9f in UTF-8.
bool has_control_characters(std::string_view text) {
    unsigned char previous = 0;
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7f) return true;
        if (previous == 0xc2 && byte >= 0x80 && byte <= 0x9f) return true;
        previous = byte;
    }
    return false;
}

void read_class_names(Model& model, const TensorFile& file,
                      const std::optional<std::string>& list) {
    const std::size_t classes = model.network.outputs();
    if (!list) {
        for (std::size_t i = 0; i < classes; ++i) model.class_names.push_back(std::to_string(i));
        return;
    }
    const Json names = read_json(*list, file.name + ": metadata class_names");
    for (const auto& [key, name] : names.members()) {
        if (!name.string()) continue;
        if (has_control_characters(*name.string())) {
            fail(file.name, ": metadata class_names: expected names without control characters, ",
                 "found ", name.to_line());
        }
        model.class_names.push_back(*name.string());
    }
    if (!names.is_array() || model.class_names.size() != classes) {
        fail(file.name, ": expected metadata class_names to be a list of ", classes,
             " strings, found ", list->substr(0, 200));
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
    const TensorFile file = parse_safetensors(bytes, name);
    std::map<std::string, std::string> metadata = file.metadata;
    const auto activation = take(metadata, "activation");
    const auto scaling = take(metadata, "input_scaling");
    if (scaling && *scaling != known_scaling) {
        fail(name, ": expected metadata input_scaling: ", known_scaling, ", found ", *scaling);
    }
    std::vector<Layer> layers;
    std::size_t number = 0;
    for (std::size_t inputs = 0; number * 2 < file.tensors.size() || number == 0;) {
        if (number > 0) layers.push_back(read_activation(file, activation));
        Dense dense = read_dense(file, ++number, inputs);
        inputs = dense.outputs();
        layers.push_back(std::move(dense));
    }
    if (number * 2 != file.tensors.size()) {
        fail(name, ": expected a weight and a bias for each layer and nothing else, found ",
             file.tensors.size(), " tensors");
    }
    const std::size_t inputs = std::get<Dense>(layers.front()).inputs();
    Model model{Network(inputs, std::move(layers))};
    read_image_size(model, file, take(metadata, "image_size"));
    model.preprocessing.deskew = is_yes(file, "deskew", take(metadata, "deskew"));
    model.transposed_files = is_yes(file, "transpose", take(metadata, "transpose"));
    read_class_names(model, file, take(metadata, "class_names"));
    const auto hash = take(metadata, "weights_hash");
    if (hash && *hash != weights_hash(model.network)) {
        fail(name, ": its weights have the hash ", weights_hash(model.network),
             ", but its metadata says ", *hash, "; the file is damaged, or the weights were ",
             "changed without the metadata: then remove weights_hash from the metadata");
    }
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

std::size_t model_size(const Network& network) {
    return parameter_count(network) * sizeof(float);
}

}  // namespace digits
