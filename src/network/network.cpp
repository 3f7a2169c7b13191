#include "network/network.h"

#include <algorithm>
#include <bit>

#include "util/hash.h"

namespace digits {
namespace {

// Each layer gets a key of its own from the key of the step.
Pass pass_of(const Activations& activations, std::size_t layer) {
    if (!activations.key) return {};
    return {scramble(*activations.key + layer)};
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

// The name without the layer: "weight" for "weight" and "layer2.weight".
std::string base_name(const std::string& name) {
    return name.substr(name.rfind('.') + 1);
}

}  // namespace

Network::Network(const Shape& input, std::vector<Layer> layers)
    : input_(input), layers_(std::move(layers)) {
    std::size_t number = 0;
    Shape shape = input;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        std::visit(
            [&](auto& layer) {
                try {
                    shape = layer.output_shape(shape);
                } catch (const std::invalid_argument& error) {
                    require(false, "network: layer ", l + 1, " of ", layers_.size(), ", ",
                            layer.name(), ", does not fit: ", error.what());
                }
                const std::vector<Parameter*> parameters = layer.parameters();
                if (parameters.empty()) {
                    labels_.push_back(number == 0 ? layer.name() + " of the input"
                                                  : str_cat(layer.name(), " after layer", number));
                    return;
                }
                if (number++ == 0) first_trainable_ = l;
                labels_.push_back(str_cat("layer", number));
                for (Parameter* const parameter : parameters) {
                    parameter->name = str_cat("layer", number, ".", base_name(parameter->name));
                }
            },
            layers_[l]);
    }
    require(number > 0, "network: no layer has parameters, so there is nothing to train");
    output_ = shape.size();
}

const Matrix& Network::forward(const Matrix& input, Activations& activations) const {
    activations.key.reset();
    return run(input, activations);
}

const Matrix& Network::forward(const Matrix& input, Activations& activations,
                               Random& random) const {
    activations.key = random.next();
    return run(input, activations);
}

const Matrix& Network::run(const Matrix& input, Activations& activations) const {
    require(input.columns() == inputs(), "network: input is ", shape(input),
            " but the first layer expects ", inputs(), " values");
    activations.outputs.resize(layers_.size());
    const Matrix* layer_input = &input;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        Matrix& output = activations.outputs[l];
        std::visit(
            [&](const auto& layer) {
                layer.forward(*layer_input, output, pass_of(activations, l));
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
    activations.gradients.resize(layers_.size() - 1);  // the last one is grad_logits
    const Matrix* grad_output = &grad_logits;
    for (std::size_t l = layers_.size(); l-- > 0;) {
        const Matrix& layer_input = l > 0 ? activations.outputs[l - 1] : input;
        // Gradients below the first trainable layer are computed only if grad_input is wanted.
        const bool ends_here = l <= first_trainable_ && !grad_input;
        Matrix* const layer_grad = l == 0 || ends_here ? grad_input : &activations.gradients[l - 1];
        std::visit(
            [&](auto& layer) {
                layer.backward(layer_input, activations.outputs[l], *grad_output, layer_grad,
                               pass_of(activations, l));
            },
            layers_[l]);
        if (!layer_grad) break;
        grad_output = layer_grad;
    }
}

std::vector<Parameter*> Network::parameters() {
    std::vector<Parameter*> list;
    for (Layer& layer : layers_) {
        const std::vector<Parameter*> own =
            std::visit([](auto& one) { return one.parameters(); }, layer);
        list.insert(list.end(), own.begin(), own.end());
    }
    return list;
}

std::vector<const Parameter*> Network::parameters() const {
    const std::vector<Parameter*> list = const_cast<Network&>(*this).parameters();
    return {list.begin(), list.end()};
}

Branches Network::branches(const Matrix& input, const Activations& activations) const {
    Branches branches;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
        const Matrix& layer_input = l > 0 ? activations.outputs[l - 1] : input;
        std::visit(
            [&](const auto& layer) {
                layer.append_branches(layer_input, activations.outputs[l], branches);
            },
            layers_[l]);
    }
    return branches;
}

std::vector<std::string> Network::layer_names() const {
    std::vector<std::string> names;
    for (const Layer& layer : layers_) {
        names.push_back(std::visit([](const auto& one) { return one.name(); }, layer));
    }
    return names;
}

std::vector<Setting> settings_of(NetworkSettings& settings) {
    constexpr Bounds rate{0.0, 1.0, Interval::right_open};
    return {
        {"hidden", "units of each hidden layer, or none", &settings.hidden, {1.0, 1e6}},
        {"activation", "activation function after each hidden layer",
         choice_of(settings.activation, activation_names)},
        {"initializer", "initial values of the weights",
         choice_of(settings.initializer.kind, initializer_names)},
        {"deviation",
         "standard deviation of the initializer normal",
         &settings.initializer.deviation,
         {.interval = Interval::open}},
        {"dropout", "share of the hidden units zeroed in each step", &settings.dropout, rate},
        {"input_dropout", "share of the pixels zeroed in each step", &settings.input_dropout, rate},
    };
}

Network build_network(std::size_t inputs, std::size_t outputs, const NetworkSettings& settings,
                      Random& random) {
    check_settings(settings, "network");
    std::vector<Layer> layers;
    std::size_t width = inputs;
    if (settings.input_dropout > 0.0) layers.push_back(Dropout(settings.input_dropout));
    for (const std::size_t units : settings.hidden) {
        layers.push_back(Dense(width, units, settings.initializer, random));
        layers.push_back(activation_layer(settings.activation));
        if (settings.dropout > 0.0) layers.push_back(Dropout(settings.dropout));
        width = units;
    }
    layers.push_back(Dense(width, outputs, settings.initializer, random));
    return Network(inputs, std::move(layers));
}

std::string describe(const Network& network) {
    // The widths of the trainable layers, then each kind of other layer once. Those before the
    // first trainable layer act on the input.
    std::string sizes = std::to_string(network.inputs());
    std::vector<std::string> others;
    std::string_view place = " input ";
    Shape shape = network.inputs();
    for (const Layer& layer : network.layers()) {
        std::visit(
            [&](auto one) {
                shape = one.output_shape(shape);
                if (!one.parameters().empty()) {
                    sizes += str_cat("-", shape.size());
                    place = " ";
                } else if (const std::string name = str_cat(place, one.name());
                           std::ranges::find(others, name) == others.end()) {
                    others.push_back(name);
                }
            },
            layer);
    }
    for (const std::string& other : others) sizes += other;
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
