#include "network/network.h"

#include <algorithm>
#include <bit>

#include "util/hash.h"

namespace digits {
namespace {

// Each dropout layer gets a key of its own from the key of the step.
std::uint64_t layer_key(const Activations& activations, std::size_t layer) {
    return scramble(*activations.dropout_key + layer);
}

std::string layer_name(const Relu&) {
    return "relu";
}
std::string layer_name(const Tanh&) {
    return "tanh";
}
std::string layer_name(const Sigmoid&) {
    return "sigmoid";
}
std::string layer_name(const Dropout& layer) {
    return str_cat("dropout ", layer.rate());
}

std::string layer_name(const Deskew&) {
    return "deskew";
}

Layer activation_layer(Activation activation) {
    switch (activation) {
        case Activation::tanh:
            return Tanh{};
        case Activation::sigmoid:
            return Sigmoid{};
        case Activation::relu:
            break;
    }
    return Relu{};
}

}  // namespace

Network::Network(std::vector<Layer> layers) : layers_(std::move(layers)) {
    std::size_t number = 0;
    std::optional<std::size_t> straightened;  // values that a Deskew gives
    for (Layer& layer : layers_) {
        if (const Deskew* const deskew = std::get_if<Deskew>(&layer)) {
            require(number == 0, "network: deskew takes images, not what a dense layer gives");
            straightened = deskew->rows() * deskew->columns();
        }
        Dense* const dense = std::get_if<Dense>(&layer);
        if (!dense) continue;
        require(number > 0 || !straightened || *straightened == dense->inputs(),
                "network: deskew gives ", straightened.value_or(0), " values but layer1 takes ",
                dense->inputs());
        require(number == 0 || dense->inputs() == outputs_, "network: layer", number, " gives ",
                outputs_, " values but layer", number + 1, " takes ", dense->inputs());
        ++number;
        dense->weight.name = str_cat("layer", number, ".weight");
        dense->bias.name = str_cat("layer", number, ".bias");
        if (number == 1) {
            first_dense_ = static_cast<std::size_t>(&layer - layers_.data());
            inputs_ = dense->inputs();
        }
        outputs_ = dense->outputs();
    }
    require(number > 0, "network: there is no dense layer, so there is nothing to learn");
}

const Matrix& Network::forward(const Matrix& input, Activations& activations) const {
    activations.dropout_key.reset();
    return run(input, activations);
}

const Matrix& Network::forward(const Matrix& input, Activations& activations,
                               Random& random) const {
    activations.dropout_key = random.next();
    return run(input, activations);
}

const Matrix& Network::run(const Matrix& input, Activations& activations) const {
    require(input.columns() == inputs_, "network: input is ", shape(input),
            " but the first layer takes ", inputs_, " values");
    activations.outputs.resize(layers_.size());
    const Matrix* layer_input = &input;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        Matrix& output = activations.outputs[l];
        std::visit(
            [&](const auto& layer) {
                if constexpr (std::is_same_v<decltype(layer), const Dropout&>) {
                    if (activations.dropout_key) {
                        layer.forward(*layer_input, output, layer_key(activations, l));
                    } else {
                        output = *layer_input;
                    }
                } else {
                    layer.forward(*layer_input, output);
                }
            },
            layers_[l]);
        layer_input = &output;
    }
    return *layer_input;
}

void Network::backward(const Matrix& input, Activations& activations, const Matrix& grad_logits,
                       Matrix* grad_input) {
    require(activations.outputs.size() == layers_.size(),
            "network: backward() needs the activations that forward() filled");
    activations.gradients.resize(layers_.size() - 1);  // of the logits the caller has it
    const Matrix* grad_output = &grad_logits;
    for (std::size_t l = layers_.size(); l-- > 0;) {
        const Matrix& layer_input = l > 0 ? activations.outputs[l - 1] : input;
        // Nobody asks for the derivatives by what the first dense layer is given, but the caller
        // may.
        const bool ends_here = l <= first_dense_ && !grad_input;
        Matrix* const layer_grad = l == 0 || ends_here ? grad_input : &activations.gradients[l - 1];
        std::visit(
            [&](auto& layer) {
                if constexpr (std::is_same_v<decltype(layer), Dropout&>) {
                    require(activations.dropout_key.has_value(),
                            "network: backward() after inference; use forward() with a Random");
                    layer.backward(*grad_output, layer_grad, layer_key(activations, l));
                } else {
                    layer.backward(layer_input, activations.outputs[l], *grad_output, layer_grad);
                }
            },
            layers_[l]);
        if (!layer_grad) break;
        grad_output = layer_grad;
    }
}

std::vector<Parameter*> Network::parameters() {
    std::vector<Parameter*> list;
    for (Layer& layer : layers_) {
        if (Dense* const dense = std::get_if<Dense>(&layer)) {
            list.push_back(&dense->weight);
            list.push_back(&dense->bias);
        }
    }
    return list;
}

std::vector<const Parameter*> Network::parameters() const {
    const std::vector<Parameter*> list = const_cast<Network&>(*this).parameters();
    return {list.begin(), list.end()};
}

Network build_network(std::size_t inputs, std::size_t outputs, const NetworkSettings& settings,
                      Random& random) {
    std::vector<Layer> layers;
    if (settings.deskew) {
        const std::size_t rows = settings.image_rows;
        require(rows > 0 && inputs % rows == 0, "network: deskew needs images, but ", inputs,
                " inputs are none of ", rows, " rows");
        layers.push_back(Deskew(rows, inputs / rows));
    }
    if (settings.input_dropout > 0.0) layers.push_back(Dropout(settings.input_dropout));
    for (const std::size_t units : settings.hidden) {
        layers.push_back(Dense(inputs, units, settings.initializer, random));
        layers.push_back(activation_layer(settings.activation));
        if (settings.dropout > 0.0) layers.push_back(Dropout(settings.dropout));
        inputs = units;
    }
    layers.push_back(Dense(inputs, outputs, settings.initializer, random));
    return Network(std::move(layers));
}

std::string describe(const Network& network) {
    std::string sizes = std::to_string(network.inputs());
    std::vector<std::string> bends;
    std::string place = " input ";
    for (const Layer& layer : network.layers()) {
        std::visit(
            [&](const auto& kind) {
                if constexpr (std::is_same_v<decltype(kind), const Dense&>) {
                    sizes += str_cat("-", kind.outputs());
                    place = " ";
                } else if (const std::string name = place + layer_name(kind);
                           std::ranges::find(bends, name) == bends.end()) {
                    bends.push_back(name);  // the same after each layer: said once
                }
            },
            layer);
    }
    for (const std::string& bend : bends) sizes += bend;
    return sizes;
}

std::size_t parameter_count(const Network& network) {
    std::size_t count = 0;
    for (const Parameter* parameter : network.parameters()) count += parameter->value.size();
    return count;
}

std::string weights_hash(const Network& network) {
    Hash hash;
    for (const Parameter* parameter : network.parameters()) {
        for (const float value : parameter->value.values()) {
            hash.add_number(std::bit_cast<std::uint32_t>(value));
        }
    }
    return hash.to_text();
}

}  // namespace digits
