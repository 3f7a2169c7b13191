#include "training/model_file.h"

#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "bars.h"
#include "check.h"
#include "formats/safetensors.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;
using testing::small_network;
using testing::TemporaryFolder;

Model model_of(Network network, std::size_t rows = 4, std::size_t columns = 4) {
    return {std::move(network), rows, columns, {"0", "1", "2", "3"}, {}};
}

Model stored(const TemporaryFolder& folder, const Model& model) {
    write_model(folder / "model.safetensors", model);
    return read_model(folder / "model.safetensors");
}

// The file of a 16-12-4 network, modified by `change`, must be refused.
template <class Change>
void check_refused(Change change, const std::string& why) {
    const TemporaryFolder folder;
    write_model(folder / "a", model_of(small_network()));
    TensorFile file = read_safetensors(folder / "a");
    file.metadata.erase("weights_hash");
    write_safetensors(folder / "a", file);
    read_model(folder / "a");  // still valid
    change(file);
    write_safetensors(folder / "a", file);
    check_throws([&] { read_model(folder / "a"); }, why);
}

Tensor& tensor(TensorFile& file, const std::string& name) {
    return *const_cast<Tensor*>(file.find(name));
}

TEST(a_network_is_restored_to_the_last_bit) {
    const TemporaryFolder folder;
    for (const Activation activation : {Activation::relu, Activation::tanh, Activation::sigmoid}) {
        Random random(3);
        Model model =
            model_of(build_network(16, 4, {.hidden = {7, 5}, .activation = activation}, random));
        model.class_names = {"null", "\"one\"", "zwölf", ""};
        model.notes = {{"seed", "3"}, {"settings", "{\"hidden\": [7, 5]}"}};
        const Model back = stored(folder, model);
        check_equal(weights_hash(back.network), weights_hash(model.network));
        check_equal(describe(back.network), describe(model.network));
        check(back.class_names == model.class_names && back.notes == model.notes);
        check_equal(back.rows, 4u);
        check_equal(back.columns, 4u);
    }
}

TEST(networks_without_hidden_layers_or_with_dropout_are_restored_too) {
    const TemporaryFolder folder;
    Random random(3);
    const Model flat = model_of(build_network(16, 4, {.hidden = {}}, random));
    check_equal(describe(stored(folder, flat).network), "16-4");
    const Model dropping = model_of(small_network(1, 0.5));
    check_equal(describe(stored(folder, dropping).network), "16-12-4 relu");
    check_equal(weights_hash(stored(folder, dropping).network), weights_hash(dropping.network));
}

TEST(the_preprocessing_is_restored_too) {
    const TemporaryFolder folder;
    Random random(3);
    Model model = model_of(build_network(16, 4, {.hidden = {7}}, random), 8, 2);
    check(!stored(folder, model).preprocessing.deskew);
    model.preprocessing.deskew = true;
    const Model back = stored(folder, model);
    check(back.preprocessing.deskew);
    check_equal(describe(back.network, back.preprocessing), "16-7-4 input deskew relu");
    check_equal(describe(back.network, {}), "16-7-4 relu");
    check_equal(back.rows, 8u);
    const std::map<std::string, std::string> metadata =
        read_safetensors(folder / "model.safetensors").metadata;
    check_equal(metadata.at("deskew"), "yes");
    check_equal(metadata.at("architecture"), "16-7-4 input deskew relu");
}

TEST(the_file_has_pytorchs_names_and_shapes) {
    const TemporaryFolder folder;
    const Network network = small_network();
    write_model(folder / "a", model_of(network));
    const TensorFile file = read_safetensors(folder / "a");
    check_equal(file.tensors.size(), 4u);
    check_equal(shape_text(file.find("layer1.weight")->shape), "12x16");
    check_equal(shape_text(file.find("layer1.bias")->shape), "12");
    check_equal(shape_text(file.find("layer2.weight")->shape), "4x12");
    // weight[unit][input], the transpose of the weight of a Dense.
    const Dense& dense = std::get<Dense>(network.layers()[0]);
    check_equal(values_of<float>(*file.find("layer1.weight"))[2 * 16 + 5],
                dense.weight.value(5, 2));
    check_equal(file.metadata.at("activation"), "relu");
    check_equal(file.metadata.at("image_size"), "4x4");
    check_equal(file.metadata.at("class_names"), "[\"0\", \"1\", \"2\", \"3\"]");
    check_equal(file.metadata.at("input_scaling"), "byte/255");
    check_equal(file.metadata.at("architecture"), "16-12-4 relu");
}

TEST(a_file_from_another_program_needs_only_tensors_and_an_activation) {
    const TemporaryFolder folder;
    write_model(folder / "a", model_of(small_network()));
    TensorFile file = read_safetensors(folder / "a");
    file.metadata = {{"activation", "tanh"}};
    write_safetensors(folder / "a", file);
    const Model model = read_model(folder / "a");
    check_equal(describe(model.network), "16-12-4 tanh");
    check_equal(model.rows, 4u);
    check_equal(model.columns, 4u);
    check_equal(model.class_names.at(3), "3");
}

// Files of other programs: find_layers() reads the names, this what they contain.
TEST(tensors_of_other_programs_give_the_same_network) {
    const TemporaryFolder folder;
    const Network network = small_network();
    write_model(folder / "a", model_of(network));
    const TensorFile own = read_safetensors(folder / "a");
    // As JAX would have it: (inputs, outputs), 64 bits.
    TensorFile jax{"", {{"activation", "relu"}}, {}};
    for (const Parameter* const parameter : network.parameters()) {
        const std::vector<double> values(parameter->value.values().begin(),
                                         parameter->value.values().end());
        std::string name = parameter->name;
        if (name.ends_with("weight")) name.replace(name.size() - 6, 6, "kernel");
        jax.tensors.push_back(make_tensor(name,
                                          {parameter->value.rows(), parameter->value.columns()},
                                          std::span<const double>(values)));
    }
    write_safetensors(folder / "jax", jax);
    check_equal(weights_hash(read_model(folder / "jax").network), weights_hash(network));
    check(read_model(folder / "jax").remarks.empty());

    TensorFile no_bias = own;
    no_bias.metadata = {{"activation", "relu"}};
    std::erase_if(no_bias.tensors, [](const Tensor& t) { return t.name == "layer1.bias"; });
    write_safetensors(folder / "b", no_bias);
    const Model model = read_model(folder / "b");
    check_equal(std::get<Dense>(model.network.layers()[0]).bias.value(0, 3), 0.0f);
    check_equal(model.remarks.size(), 1u);
    check_equal(model.remarks.at(0), "there is no bias for layer1.weight; 0 is used");

    // A single square layer: nobody can tell.
    Random random(1);
    write_model(folder / "square",
                {build_network(4, 4, {.hidden = {}}, random), 2, 2, {"0", "1", "2", "3"}});
    check(read_model(folder / "square").remarks.empty());  // of this program
    TensorFile square = read_safetensors(folder / "square");
    square.metadata.clear();
    write_safetensors(folder / "square", square);
    testing::check_contains(read_model(folder / "square").remarks.at(0),
                            "the shapes of the weights fit outputs x inputs, as PyTorch stores");
}

TEST(the_input_scaling_becomes_part_of_the_first_layer) {
    const TemporaryFolder folder;
    write_model(folder / "a", model_of(small_network()));
    TensorFile file = read_safetensors(folder / "a");
    check(!read_model(folder / "a").is_input_scaling_assumed);
    const Model raw = read_model(folder / "a");
    Random random(3);
    Matrix pixels(5, 16), scaled(5, 16);
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        pixels.data()[i] = static_cast<float>(random.uniform());
        scaled.data()[i] = (pixels.data()[i] - 0.1307f) / 0.3081f;
    }
    // The hash is that of the weights in the file.
    file.metadata["input_scaling"] = "(x-0.1307)/0.3081";
    write_safetensors(folder / "b", file);
    Activations a, b;
    const Model folded = read_model(folder / "b");
    const Matrix& logits = folded.network.forward(pixels, a);
    const Matrix& expected = raw.network.forward(scaled, b);
    for (std::size_t i = 0; i < logits.size(); ++i) {
        testing::check_near(static_cast<double>(logits.data()[i]),
                            static_cast<double>(expected.data()[i]), 1e-5);
    }
    write_model(folder / "c", folded);
    check_equal(read_safetensors(folder / "c").metadata.at("input_scaling"), "byte/255");
    file.metadata.erase("input_scaling");
    write_safetensors(folder / "b", file);
    check(read_model(folder / "b").is_input_scaling_assumed);
}

TEST(the_layout_of_the_training_images_is_restored) {
    const TemporaryFolder folder;
    Model model = model_of(small_network());
    check(stored(folder, model).layout == ImageLayout{});
    check(!read_safetensors(folder / "model.safetensors").metadata.contains("image_layout"));
    for (const ImageLayout& layout : {ImageLayout{ImageLayout::Kind::whole}, mnist_layout(4, 4)}) {
        model.layout = layout;
        check(stored(folder, model).layout == layout);
    }
}

TEST(a_flipped_bit_is_detected) {
    const TemporaryFolder folder;
    write_model(folder / "a", model_of(small_network()));
    std::vector<std::uint8_t> bytes = testing::read_bytes(folder / "a");
    bytes.back() ^= 1;
    check_throws([&] { parse_model(bytes, "some/file"); }, "some/file: its weights have the hash ");
}

TEST(tensors_that_do_not_form_a_network_are_refused) {
    check_refused([](TensorFile& f) { f.tensors.clear(); },
                  "has no tensors; expected layer1.weight");
    check_refused([](TensorFile& f) { tensor(f, "layer2.bias").name = "layer3.bias"; },
                  "found besides: layer3.bias (4)");
    check_refused(
        [](TensorFile& f) { f.tensors.push_back(f.tensors[0]), f.tensors[4].name.assign(1, 'x'); },
        "found besides: x (12x16)");
    check_refused([](TensorFile& f) { tensor(f, "layer1.weight").shape = {192}; },
                  "layer1.weight: expected a matrix, outputs x inputs, found the shape 192");
    check_refused(
        [](TensorFile& f) {
            tensor(f, "layer1.bias").shape = {3, 4};
        },
        "layer1.bias: expected a vector, one value per output, found the shape 3x4");
    check_refused(
        [](TensorFile& f) {
            tensor(f, "layer1.weight").shape = {16, 12};
        },
        "layer1.bias: expected 16 values, one per output of layer1.weight, found 12");
    check_refused(
        [](TensorFile& f) {
            tensor(f, "layer2.weight").shape = {6, 8};
        },
        "layer2.weight: expected 12 inputs, as many as the previous layer has outputs, found 8");
    check_refused([](TensorFile& f) { tensor(f, "layer2.weight").type = "I32"; },
                  "layer2.weight: expected values of type F32, F64, F16 or BF16, found I32");
    check_refused(
        [](TensorFile& f) {
            const std::vector<float> bad{0, 0, std::numeric_limits<float>::quiet_NaN(), 0};
            tensor(f, "layer2.bias") = make_tensor("layer2.bias", {4}, std::span<const float>(bad));
        },
        "layer2.bias: expected finite values, found nan");
}

TEST(metadata_that_does_not_fit_is_refused) {
    const auto with = [](const char* key, const std::string& value) {
        return [=](TensorFile& file) { file.metadata[key] = value; };
    };
    check_refused(with("activation", "gelu"), "expected metadata activation: relu, tanh or");
    check_refused([](TensorFile& f) { f.metadata.erase("activation"); }, "found none");
    check_refused(with("input_scaling", "standard"),
                  "metadata input_scaling: expected byte/255, (x-0.1307)/0.3081 with x = byte/255");
    check_refused(
        with("image_layout", "5x4 centred by mass"),
        "expected metadata image_layout, such as 3x3 centred by mass or whole, found 5x4");
    check_refused(with("deskew", "no"), "expected metadata deskew to be yes or absent, found no");
    check_refused(
        with("image_size", "4x5"),
        "expected metadata image_size, rows x columns with 16 pixels in total, as many as "
        "the network 16-12-4 relu has inputs, found 4x5");
    check_refused(with("image_size", "0x0"), "found 0x0");
    check_refused(with("class_names", "[\"a\"]"), "to be a list of 4 strings, found [\"a\"]");
    check_refused(with("class_names", "[\"a\", \"b\", 1, \"d\"]"),
                  "to be a list of 4 strings, found 1 for class 2");
    for (const char* const control : {"\\u001b[2J", "\\n", "\\u009b", "\\u007f"}) {
        check_refused(with("class_names", str_cat("[\"a\", \"b\", \"c\", \"", control, "\"]")),
                      "the name of class 3 contains a control character");
    }
    check_refused(with("transpose", "maybe"),
                  "expected metadata transpose to be yes or absent, found maybe");
    check_refused(with("class_names", "a, b"), "metadata class_names: invalid JSON at byte ");
}

TEST(networks_that_the_format_cannot_describe_are_refused) {
    const TemporaryFolder folder;
    Random random(1);
    const Dense dense(16, 16, {}, random);
    const auto write = [&](std::vector<Layer> layers) {
        write_model(folder / "a",
                    {Network(16, std::move(layers)), 4, 4, std::vector<std::string>(16, "a")});
    };
    check_throws([&] { write({dense, Relu{}, dense, Tanh{}, dense}); }, "one activation function");
    check_throws([&] { write({dense, dense}); }, "one activation function");
    check_throws([&] { write({dense, Relu{}}); }, "ends with an activation function");
    check_throws([&] { write_model(folder / "a", {Network(16, {dense}), 4, 5}); }, "4x5");
    check(!std::filesystem::exists(folder / "a"));
    write({dense, Relu{}, dense});
}

}  // namespace
}  // namespace digits
