#include "training/layer_tensors.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "util/require.h"

namespace digits {
namespace {

constexpr const char* usual_names = "layer1.weight, layer1.bias, layer2.weight and so on";

// Words in lower case and numbers, in order: "Dense_10/kernel" is dense, 10, kernel.
using Words = std::vector<std::string>;

enum class CharacterKind { letter, digit, separator };

CharacterKind kind_of(char c) {
    if (c >= '0' && c <= '9') return CharacterKind::digit;
    // Bytes of other characters than ASCII are letters.
    const bool is_letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) >= 0x80);
    return is_letter ? CharacterKind::letter : CharacterKind::separator;
}

Words words_of(const std::string& name) {
    Words words;
    CharacterKind previous = CharacterKind::separator;
    for (const char c : name) {
        const CharacterKind kind = kind_of(c);
        if (kind != CharacterKind::separator) {
            if (kind != previous) words.emplace_back();
            words.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        previous = kind;
    }
    return words;
}

// Numbers by their value and before words.
bool is_before(const Words& a, const Words& b) {
    const auto is_word_before = [](const std::string& left, const std::string& right) {
        const bool are_numbers =
            kind_of(left[0]) == CharacterKind::digit && kind_of(right[0]) == CharacterKind::digit;
        if (!are_numbers) return left < right;
        const auto value = [](const std::string& number) {
            return number.substr(std::min(number.find_first_not_of('0'), number.size() - 1));
        };
        const std::string x = value(left), y = value(right);
        return x.size() != y.size() ? x.size() < y.size() : x < y;
    };
    return std::ranges::lexicographical_compare(a, b, is_word_before);
}

// "extra (3), bn.weight (12)": names and shapes, for messages.
std::string list_of(const std::vector<const Tensor*>& tensors) {
    constexpr std::size_t most = 20, longest = 60;
    std::string list;
    for (std::size_t i = 0; i < std::min(most, tensors.size()); ++i) {
        list += str_cat(i > 0 ? ", " : "", tensors[i]->name.substr(0, longest), " (",
                        shape_text(tensors[i]->shape).substr(0, longest), ")");
    }
    if (tensors.size() > most) list += str_cat(" and ", tensors.size() - most, " more");
    return list;
}

std::vector<const Tensor*> all_of(const TensorFile& file) {
    std::vector<const Tensor*> all;
    for (const Tensor& tensor : file.tensors) all.push_back(&tensor);
    return all;
}

bool is_weight_word(const std::string& word) {
    return word == "weight" || word == "weights" || word == "kernel" || word == "w";
}

bool is_bias_word(const std::string& word) {
    return word == "bias" || word == "biases" || word == "b";
}

// The weight and bias of each layer, in the order of their names.
std::vector<LayerTensors> named_layers(const TensorFile& file) {
    const std::vector<const Tensor*> all = all_of(file);
    if (all.empty()) fail(file.name, ": has no tensors; expected ", usual_names);
    std::map<Words, LayerTensors, decltype(&is_before)> layers(is_before);
    std::vector<const Tensor*> others;
    for (const Tensor* const tensor : all) {
        Words words = words_of(tensor->name);
        // The last word that says what it is: "w_b.weight" is a weight.
        const auto part = std::find_if(words.rbegin(), words.rend(), [](const std::string& word) {
            return is_weight_word(word) || is_bias_word(word);
        });
        if (part == words.rend()) {
            others.push_back(tensor);
            continue;
        }
        const bool is_weight = is_weight_word(*part);
        words.erase(std::next(part).base());
        LayerTensors& layer = layers[words];
        const Tensor*& place = is_weight ? layer.weight : layer.bias;
        (place ? others.emplace_back() : place) = tensor;
    }
    std::vector<LayerTensors> list;
    for (const auto& [words, layer] : layers) {
        if (layer.weight) {
            list.push_back(layer);
        } else {
            others.push_back(layer.bias);
        }
    }
    if (list.empty()) {
        fail(file.name, ": has no weights; expected ", usual_names, ", found ", list_of(all));
    }
    if (!others.empty()) {
        fail(file.name,
             ": expected a weight and a bias for each dense layer and nothing else, such as ",
             usual_names, "; found besides: ", list_of(others),
             "; if the network does not need them, leave them out when saving");
    }
    return list;
}

void require_shapes(const TensorFile& file, const std::vector<LayerTensors>& layers) {
    for (const LayerTensors& layer : layers) {
        const Tensor& weight = *layer.weight;
        if (weight.shape.size() != 2 || weight.bytes.empty()) {
            fail(file.name, ": ", weight.name,
                 ": expected a matrix, outputs x inputs, found the shape ",
                 shape_text(weight.shape), "; only stacks of dense layers can be read, in which ",
                 "every weight is a matrix; its tensors are ", list_of(all_of(file)));
        }
        if (!layer.bias) continue;
        // Also (1, outputs) or (outputs, 1), which some programs have.
        const std::vector<std::size_t>& shape = layer.bias->shape;
        if (layer.bias->bytes.empty() || shape.empty() ||
            std::ranges::count(shape, std::size_t{1}) + 1 < std::ssize(shape)) {
            fail(file.name, ": ", layer.bias->name,
                 ": expected a vector, one value per output, found the shape ", shape_text(shape));
        }
    }
}

std::size_t length(const Tensor& vector) {
    return *std::ranges::max_element(vector.shape);
}

bool bias_fits(const LayerTensors& layer) {
    return !layer.bias || length(*layer.bias) == layer.outputs();
}

bool form_stack(const std::vector<LayerTensors>& layers) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (!bias_fits(layers[i])) return false;
        if (i > 0 && layers[i].inputs() != layers[i - 1].outputs()) return false;
    }
    return true;
}

std::vector<LayerTensors> with_layout(std::vector<LayerTensors> layers, bool is_transposed) {
    for (LayerTensors& layer : layers) layer.is_transposed = is_transposed;
    return layers;
}

// Whether two layers have the same shape and names that are the same but for numbers.
bool differ_in_numbers(const LayerTensors& a, const LayerTensors& b) {
    const auto words = [](const LayerTensors& layer) {
        Words all = words_of(layer.weight->name);
        std::erase_if(
            all, [](const std::string& word) { return kind_of(word[0]) == CharacterKind::digit; });
        return all;
    };
    return a.weight->shape == b.weight->shape && words(a) == words(b);
}

// Extends `stack` by the layers that are not used yet, in every order that fits, and collects the
// complete ones; two are as bad as many.
void collect_orders(const std::vector<LayerTensors>& layers, std::vector<bool>& is_used,
                    std::vector<LayerTensors>& stack,
                    std::vector<std::vector<LayerTensors>>& orders, std::size_t& tries) {
    if (stack.size() == layers.size()) orders.push_back(stack);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (orders.size() > 1 || tries == 0) return;
        if (is_used[i] || (!stack.empty() && layers[i].inputs() != stack.back().outputs()))
            continue;
        // hidden1 comes before hidden2, even if they could be exchanged.
        bool is_later = false;
        for (std::size_t j = 0; j < i; ++j) {
            is_later = is_later || (!is_used[j] && differ_in_numbers(layers[j], layers[i]));
        }
        if (is_later) continue;
        --tries;
        is_used[i] = true;
        stack.push_back(layers[i]);
        collect_orders(layers, is_used, stack, orders, tries);
        stack.pop_back();
        is_used[i] = false;
    }
}

// The only order in which the layers form a stack; nothing if there is none or more than one.
std::optional<std::vector<LayerTensors>> only_order(const std::vector<LayerTensors>& layers) {
    constexpr std::size_t most_layers = 50, most_tries = 10'000;
    if (layers.size() > most_layers || !std::ranges::all_of(layers, bias_fits)) return {};
    std::vector<bool> is_used(layers.size());
    std::vector<LayerTensors> stack;
    std::vector<std::vector<LayerTensors>> orders;
    std::size_t tries = most_tries;
    collect_orders(layers, is_used, stack, orders, tries);
    if (orders.size() != 1 || tries == 0) return {};
    return orders.front();
}

[[noreturn]] void refuse(const TensorFile& file, const std::vector<LayerTensors>& layers) {
    const std::string tensors = str_cat("; its tensors are ", list_of(all_of(file)));
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const LayerTensors& layer = layers[i];
        if (i > 0 && layer.inputs() != layers[i - 1].outputs()) {
            fail(file.name, ": ", layer.weight->name, ": expected ", layers[i - 1].outputs(),
                 " inputs, as many as the previous layer has outputs, found ", layer.inputs(),
                 tensors);
        }
        if (!bias_fits(layer)) {
            fail(file.name, ": ", layer.bias->name, ": expected ", layer.outputs(),
                 " values, one per output of ", layer.weight->name, ", found ", length(*layer.bias),
                 tensors);
        }
    }
    fail(file.name, ": the shapes do not form a stack of layers", tensors);
}

}  // namespace

LayerStack find_layers(const TensorFile& file) {
    const std::vector<LayerTensors> layers = named_layers(file);
    require_shapes(file, layers);
    const Words first = words_of(layers.front().weight->name);
    const bool is_kernel = std::ranges::count(first, "kernel") > 0;
    const std::vector<LayerTensors> usual = with_layout(layers, is_kernel),
                                    other = with_layout(layers, !is_kernel);
    if (form_stack(usual)) return {usual, form_stack(other) && !is_kernel};
    if (form_stack(other)) return {other};
    if (const auto order = only_order(usual)) return {*order, only_order(other).has_value()};
    if (const auto order = only_order(other)) return {*order};
    refuse(file, usual);
}

}  // namespace digits
