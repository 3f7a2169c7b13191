#include "training/layer_tensors.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "check.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;

using Shape = std::vector<std::size_t>;

TensorFile file_of(std::initializer_list<std::pair<std::string, Shape>> tensors) {
    TensorFile file{"some/file", {}, {}};
    for (const auto& [name, shape] : tensors) {
        const std::size_t bytes = 4 * product(shape).value();
        file.tensors.push_back({name, "F32", shape, std::vector<std::uint8_t>(bytes)});
    }
    return file;
}

// "fc1.weight+fc1.bias fc2.weight": the layers in order; "T" marks a transposed weight.
std::string found(std::initializer_list<std::pair<std::string, Shape>> tensors) {
    const TensorFile file = file_of(tensors);
    const LayerStack stack = find_layers(file);
    std::string words;
    for (const LayerTensors& layer : stack.layers) {
        words +=
            str_cat(words.empty() ? "" : " ", layer.is_transposed ? "T:" : "", layer.weight->name,
                    layer.bias ? "+" : "", layer.bias ? layer.bias->name : "");
    }
    return words + (stack.is_ambiguous ? " ambiguous" : "");
}

TEST(layers_are_found_under_the_names_of_other_programs) {
    for (const auto& [first, second] : std::initializer_list<std::pair<std::string, std::string>>{
             {"layer1.", "layer2."},
             {"layer0.", "layer1."},
             {"0.", "2."},
             {"2.", "10."},
             {"fc1.", "fc2."},
             {"fc2.", "fc10."},
             {"module.fc1.", "module.fc2."},
             {"_orig_mod.module.net.0.", "_orig_mod.module.net.3."},
             {"model/hidden/", "model/logits/"},
             {"dense/", "dense_1/"},
             {"", "1."}}) {
        check_equal(found({{second + "bias", {10}},
                           {first + "bias", {6}},
                           {second + "weight", {10, 6}},
                           {first + "weight", {6, 8}}}),
                    first + "weight+" + first + "bias " + second + "weight+" + second + "bias");
    }
    // Where the shapes do not tell, the numbers do.
    check_equal(found({{"fc10.weight", {4, 4}}, {"fc9.weight", {4, 4}}, {"fc2.weight", {4, 4}}}),
                "fc2.weight fc9.weight fc10.weight ambiguous");
    check_equal(found({{"W1", {6, 8}}, {"W2", {10, 6}}, {"b1", {6, 1}}, {"b2", {10, 1}}}),
                "W1+b1 W2+b2");
    check_equal(found({{"fc1_weight", {6, 8}}, {"fc1_bias", {6}}}), "fc1_weight+fc1_bias");
    check_equal(found({{"weights.0", {6, 8}}, {"biases.0", {6}}}), "weights.0+biases.0");
}

TEST(weights_may_be_transposed_as_keras_and_jax_store_them) {
    check_equal(found({{"dense/kernel:0", {8, 6}},
                       {"dense/bias:0", {6}},
                       {"dense_1/kernel:0", {6, 10}},
                       {"dense_1/bias:0", {10}}}),
                "T:dense/kernel:0+dense/bias:0 T:dense_1/kernel:0+dense_1/bias:0");
    check_equal(found({{"params.Dense_0.kernel", {8, 6}}, {"params.Dense_0.bias", {6}}}),
                "T:params.Dense_0.kernel+params.Dense_0.bias");
    check_equal(found({{"l1.weight", {8, 6}}, {"l1.bias", {6}}, {"l2.weight", {6, 10}}}),
                "T:l1.weight+l1.bias T:l2.weight");
    // The name decides where the shapes leave it open; "weight" may be meant either way.
    check_equal(found({{"kernel", {8, 8}}, {"bias", {8}}}), "T:kernel+bias");
    check_equal(found({{"weight", {8, 8}}, {"bias", {8}}}), "weight+bias ambiguous");
    // A bias tells that a weight called kernel has the layout of PyTorch after all.
    check_equal(found({{"kernel", {6, 8}}, {"bias", {6}}}), "kernel+bias");
}

TEST(the_shapes_order_layers_whose_names_do_not) {
    check_equal(found({{"hidden.weight", {5, 6}},
                       {"input.weight", {6, 8}},
                       {"output.weight", {10, 5}},
                       {"hidden.bias", {5}},
                       {"input.bias", {6}}}),
                "input.weight+input.bias hidden.weight+hidden.bias output.weight");
    check_equal(found({{"fc_h2.weight", {6, 6}},
                       {"fc_h10.weight", {6, 6}},
                       {"fc_in.weight", {6, 8}},
                       {"fc_out.weight", {10, 6}},
                       {"fc_out.bias", {10}}}),
                "fc_in.weight fc_h2.weight fc_h10.weight fc_out.weight+fc_out.bias");
    // Two orders are possible: 6, 8, 6, 8 from either of the first two.
    check_throws(
        [] {
            found({{"b.weight", {8, 6}}, {"c.weight", {8, 6}}, {"d.weight", {6, 8}}});
        },
        "c.weight: expected 8 inputs, as many as the previous layer has outputs, found 6");
}

TEST(a_bias_may_be_missing) {
    check_equal(
        found({{"layer1.weight", {6, 8}}, {"layer2.weight", {10, 6}}, {"layer2.bias", {10}}}),
        "layer1.weight layer2.weight+layer2.bias");
}

TEST(tensors_that_do_not_belong_to_a_stack_are_named) {
    const auto check_refused = [](std::initializer_list<std::pair<std::string, Shape>> tensors,
                                  const std::string& why) {
        check_throws([&] { found(tensors); }, "some/file: " + why);
    };
    check_refused({}, "has no tensors; expected layer1.weight, layer1.bias, layer2.weight");
    check_refused({{"a", {3}}, {"bias", {4}}},
                  "has no weights; expected layer1.weight, layer1.bias, "
                  "layer2.weight and so on, found a (3), bias (4)");
    check_refused(
        {{"fc.weight", {6, 8}}, {"bn.num_batches_tracked", {}}, {"extra", {3}}},
        "expected a weight and a bias for each dense layer and nothing else, such as "
        "layer1.weight, layer1.bias, layer2.weight and so on; found besides: "
        "bn.num_batches_tracked (()), extra (3); if the network does not need them, leave");
    check_refused(
        {{"fc1.weight", {6, 8}}, {"fc2.bias", {6}}},
        "expected a weight and a bias for each dense layer and nothing else, such as "
        "layer1.weight, layer1.bias, layer2.weight and so on; found besides: fc2.bias (6)");
    check_refused({{"fc1.weight", {6, 8}}, {"fc1.kernel", {6, 8}}}, "expected a weight and a bias");
    check_refused(
        {{"conv1.weight", {6, 1, 3, 3}}, {"fc.weight", {6, 8}}},
        "conv1.weight: expected a matrix, outputs x inputs, found the shape 6x1x3x3; only "
        "stacks of dense layers can be read, in which every weight is a matrix; its "
        "tensors are conv1.weight (6x1x3x3), fc.weight (6x8)");
    check_refused({{"fc.weight", {6, 0}}}, "fc.weight: expected a matrix");
    check_refused({{"fc.weight", {6, 8}}, {"fc.bias", {2, 3}}},
                  "fc.bias: expected a vector, one value per output, found the shape 2x3");
    check_refused(
        {{"fc.weight", {6, 8}}, {"fc.bias", {5}}},
        "fc.bias: expected 6 values, one per output of fc.weight, found 5; its tensors are");
    check_refused(
        {{"1.weight", {6, 8}}, {"2.weight", {3, 5}}},
        "2.weight: expected 6 inputs, as many as the previous layer has outputs, found 5");
}

TEST(a_file_of_a_thousand_layers_does_not_take_forever) {
    TensorFile file{"some/file", {}, {}};
    for (std::size_t i = 0; i < 1000; ++i) {
        file.tensors.push_back(
            {str_cat("layer", i, ".weight"), "F32", {2, 2}, std::vector<std::uint8_t>(16)});
    }
    check_equal(find_layers(file).layers.size(), 1000u);
    file.tensors.back().shape = {1, 4};
    check_throws([&] { find_layers(file); }, "layer999.weight: expected 2 inputs");
    // Forty layers that would fit in any order, but for the last.
    file.tensors.erase(file.tensors.begin() + 40, file.tensors.end() - 1);
    check_throws([&] { find_layers(file); }, "layer999.weight: expected 2 inputs");
}

}  // namespace
}  // namespace digits
