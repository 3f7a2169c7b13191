// What `digits predict` and `digits evaluate` take: models of every kind, images, and their names.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>

#include "check.h"
#include "formats/image.h"
#include "formats/safetensors.h"
#include "run_program.h"
#include "temporary_folder.h"
#include "training/checkpoint.h"
#include "training/evaluation.h"
#include "training/model_file.h"
#include "util/text.h"

namespace digits {
namespace {

using testing::between;
using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_throws;
using testing::digits_in;
using testing::make_data;
using testing::read_text;
using testing::Result;
using testing::TemporaryFolder;
using testing::train_in;
using testing::write_text;

// The first test digit of `tiny` as digit.png.
void write_digit(const TemporaryFolder& folder) {
    check_equal(digits_in(folder, "show --data tiny --test --png digit.png").exit_code, 0);
}

TEST(a_bad_image_does_not_hide_the_others) {
    const TemporaryFolder folder;
    train_in(folder);
    write_digit(folder);
    write_text(folder / "bad.png", "\x89PN");
    const std::string one =
        digits_in(folder, "predict --brief out/model.safetensors digit.png").output;
    const Result result = digits_in(
        folder, "predict --brief out/model.safetensors digit.png bad.png none.png digit.png");
    check_equal(result.exit_code, 1);
    check_equal(result.output, one + one);
    check_contains(result.errors, "digits: error: bad.png: ");
    check_contains(result.errors, "digits: error: none.png: ");
}

TEST(a_folder_of_a_training_or_its_checkpoint_is_a_model) {
    const TemporaryFolder folder;
    train_in(folder);
    write_digit(folder);
    const auto output = [&](const std::string& words) {
        const Result result = digits_in(folder, words);
        check_equal(result.exit_code, 0);
        return result.output;
    };
    const std::string expected = output("predict --brief out/model.safetensors digit.png");
    check_equal(output("predict --brief out digit.png"), expected);
    check_contains(output("evaluate --data tiny out/"),
                   "out/ (784-256-128-10 relu) on the 80 test");

    // An unfinished training has only a checkpoint.
    std::filesystem::create_directory(folder / "half");
    TrainingState state =
        start_training(read_model(folder / "out" / "model.safetensors").network, 80, {}, Random(1));
    write_checkpoint(folder / "half" / "checkpoint.safetensors", state,
                     {{"settings", R"({"activation": "relu"})"}});
    const std::string note = "its best network so far, after step 0";
    for (const char* const model : {"half", "half/checkpoint.safetensors"}) {
        const Result result = digits_in(folder, str_cat("predict --brief ", model, " digit.png"));
        check_equal(result.output, expected);
        check_contains(result.errors, note);
    }
    // An older model next to it is that of an earlier training.
    std::filesystem::copy(folder / "out" / "model.safetensors", folder / "half");
    const auto set_age = [&](const char* file, int hours) {
        std::filesystem::last_write_time(
            folder / "half" / file,
            std::filesystem::file_time_type::clock::now() - std::chrono::hours(hours));
    };
    set_age("model.safetensors", 2);
    set_age("checkpoint.safetensors", 1);
    check_contains(digits_in(folder, "evaluate --data tiny half").errors, note);
    set_age("checkpoint.safetensors", 3);
    check_equal(digits_in(folder, "evaluate --data tiny half").errors, "");

    const Result none = digits_in(folder, "evaluate --data tiny tiny");
    check_equal(none.exit_code, 1);
    check_contains(none.errors,
                   "tiny: expected the folder of a training, with model.safetensors or "
                   "checkpoint.safetensors, found a folder with t10k-images-idx3-ubyte, ");
}

TEST(the_latest_training_is_the_default_model) {
    const TemporaryFolder folder;
    train_in(folder);
    write_digit(folder);
    const Result missing = digits_in(folder, "predict digit.png");
    check_equal(missing.exit_code, 2);
    check_contains(missing.errors, "digit.png is an image; expected a model before it");
    const Result swapped = digits_in(folder, "predict digit.png out/model.safetensors");
    check_equal(swapped.exit_code, 2);
    check_contains(
        swapped.errors,
        "digit.png is an image, and out/model.safetensors is not; the model comes first: "
        "digits predict MODEL FILE...");
    check_equal(digits_in(folder, "predict digit.png out").exit_code, 2);
    const Result image = digits_in(folder, "evaluate digit.png");
    check_equal(image.exit_code, 2);
    check_contains(image.errors, "digit.png is an image");

    std::filesystem::create_directory(folder / "runs");
    std::filesystem::rename(folder / "out", folder / "runs" / "latest");
    const Result named = digits_in(folder, "predict --brief runs/latest digit.png digit.png");
    const Result unnamed = digits_in(folder, "predict --brief digit.png digit.png");
    check_equal(unnamed.exit_code, 0);
    check_equal(unnamed.output, named.output);
    check_equal(digits_in(folder, "predict - --brief <digit.png").output.substr(0, 3), "-: ");
    // A header of 0x4d42 bytes: the file begins with "BM", as a BMP file does.
    TensorFile file = read_safetensors(folder / "runs" / "latest" / "model.safetensors");
    write_safetensors(folder / "bm", file);
    const std::vector<std::uint8_t> bytes = testing::read_bytes(folder / "bm");
    const std::size_t header = bytes[0] + std::size_t{256} * bytes[1];
    // Headers are padded to multiples of 8, and 0x4d42 is none, so that a space is added by hand.
    std::string padded(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    padded.insert(8 + header, 0x4d42 - header, ' ');
    padded.replace(0, 2, "BM");
    write_text(folder / "bm", padded);
    check_equal(digits_in(folder, "predict --brief bm digit.png digit.png").output, named.output);

    check_contains(digits_in(folder, "predict none.png").errors, "none.png: cannot be opened");
    check_contains(digits_in(folder, "evaluate --data tiny").output, "runs/latest (784-256");
}

TEST(show_writes_an_image_that_predict_reads_unchanged) {
    const TemporaryFolder folder;
    train_in(folder);
    write_digit(folder);
    const Dataset test = load_folder(folder / "tiny").test;
    const auto pixels = test.image(0);
    const GrayImage image = decode_image(testing::read_bytes(folder / "digit.png"), "digit.png");
    check(std::ranges::equal(image.pixels, pixels));
    check_equal(digits_in(folder, "predict --raw --brief out digit.png").exit_code, 0);
}

TEST(images_are_formed_like_those_of_the_training) {
    const TemporaryFolder folder;
    make_data(folder);
    check_equal(digits_in(folder, "train --data tiny --epochs 1 --hidden 8 --out out").exit_code,
                0);
    const std::filesystem::path path = folder / "out" / "model.safetensors";
    check_equal(read_safetensors(path).metadata.at("image_layout"), "20x20 centred by mass");
    // A bar at the bottom of a large sheet: MNIST's way moves it to the middle.
    std::string sheet = "P2 56 56 255\n";
    for (int pixel = 0; pixel < 56 * 56; ++pixel) {
        const int row = pixel / 56, column = pixel % 56;
        sheet += row >= 44 && row < 50 && column >= 10 && column < 46 ? "0 " : "255 ";
    }
    write_text(folder / "bar.pgm", sheet);
    const auto first_line_of_ink = [&] {
        const Result result = digits_in(folder, "predict out bar.pgm");
        check_equal(result.exit_code, 0);
        return std::count(
            result.output.begin(),
            result.output.begin() + static_cast<std::ptrdiff_t>(result.output.find("█")), '\n');
    };
    check_equal(first_line_of_ink(), 7);  // of 14 lines of two pixels each
    TensorFile file = read_safetensors(path);
    file.metadata["image_layout"] = "whole";
    write_safetensors(path, file);
    check_equal(first_line_of_ink(), 11);
    file.metadata.erase("image_layout");
    write_safetensors(path, file);
    check_equal(first_line_of_ink(), 7);
    check_contains(digits_in(folder, "predict out bar.pgm").errors,
                   "images of 28 x 28 pixels are taken as they are, others formed like those of");
    check_equal(digits_in(folder, "show --data tiny --png digit.png").exit_code, 0);
    check_equal(digits_in(folder, "predict out digit.png").output,
                digits_in(folder, "predict --raw out digit.png").output);
}

TEST(how_pixels_become_inputs_is_assumed_aloud) {
    const TemporaryFolder folder;
    train_in(folder);
    TensorFile file = read_safetensors(folder / "out" / "model.safetensors");
    file.metadata = {{"activation", "relu"}};
    write_safetensors(folder / "plain", file);
    // The same network for pixels from -1 to 1: x = (y + 1) / 2.
    Model model = read_model(folder / "plain");
    fold_input_scaling(model.network, {0.5, 0.5});
    write_model(folder / "signed", model);
    file = read_safetensors(folder / "signed");
    file.metadata = {{"activation", "relu"}};
    write_safetensors(folder / "signed", file);

    const std::string expected = between(digits_in(folder, "evaluate --data tiny plain").output,
                                         "log loss", "most confused");
    const std::string assumed = "does not say how pixels become inputs (metadata input_scaling)";
    const Result plain = digits_in(folder, "evaluate --data tiny plain");
    check_contains(plain.errors, "digits: note: plain: " + assumed);
    const std::string hint = "if that is less than you expect";
    check_equal(digits_in(folder, "evaluate --data tiny out").errors, "");  // which says it
    const Result poor = digits_in(folder, "evaluate --data tiny signed");
    check_contains(poor.errors, assumed);
    check_contains(poor.errors, hint);
    for (const char* const scaling : {"-1..1", "0.5,0.5", "'2*x - 1'"}) {
        const Result right =
            digits_in(folder, str_cat("evaluate --data tiny signed --input-scaling ", scaling));
        check_equal(right.errors, "");
        check_equal(between(right.output, "log loss", "most confused"), expected);
    }
    const Result own = digits_in(folder, "evaluate --data tiny out --input-scaling -1..1");
    check_equal(own.exit_code, 2);
    check_contains(own.errors, "--input-scaling is for files that do not say how");
    const Result wrong = digits_in(folder, "predict signed x.png --input-scaling standard");
    check_equal(wrong.exit_code, 2);
    check_contains(wrong.errors, "--input-scaling: expected byte/255, ");
}

// Finite weights whose products overflow.
TEST(logits_that_are_not_finite_are_an_error) {
    const TemporaryFolder folder;
    make_data(folder);
    write_digit(folder);
    Random random(1);
    Model model{build_network(784, 10, {.hidden = {6}}, random), 28, 28};
    for (int i = 0; i < 10; ++i) model.class_names.push_back(std::to_string(i));
    for (Parameter* const parameter : model.network.parameters()) parameter->value.fill(1e38f);
    write_model(folder / "huge", model);
    for (const char* const words : {"evaluate --data tiny huge", "evaluate --data tiny huge huge",
                                    "evaluate --data tiny --logits huge", "predict huge digit.png",
                                    "predict --brief huge digit.png"}) {
        const Result result = digits_in(folder, words);
        check_equal(result.exit_code, 1);
        check_equal(result.output, "");
        check_contains(result.errors, "expected finite logits, found inf");
    }
    check_throws([&] { evaluate(model.network, load_folder(folder / "tiny").test); },
                 "expected finite logits");
}

TEST(names_of_files_cannot_command_the_terminal) {
    const TemporaryFolder folder;
    train_in(folder);
    write_digit(folder);
    for (const char* const name :
         {"x\x1b[31m\x07.png", "x\xc2\x9b.png", "caf\xe9.png", "a\nb.png"}) {
        std::filesystem::copy(folder / "digit.png", folder / name);
    }
    for (const char* const words : {"predict --brief out *.png", "predict out *.png",
                                    "predict out none$(printf '\\033[31m').png"}) {
        const Result result = digits_in(folder, words);
        for (const std::string& text : {result.output, result.errors}) {
            check(text.find('\x1b') == std::string::npos && text.find('\x07') == std::string::npos);
            check(text.find("\xc2\x9b") == std::string::npos);
            check_equal(valid_utf8(text), text);
        }
    }
    check_contains(digits_in(folder, "predict --brief out a?b.png").output, "a?b.png: ");
}

// A folder's name may be any bytes, but JSON, HTML and safetensors are UTF-8.
TEST(the_files_of_a_training_are_utf8_whatever_the_names) {
    const TemporaryFolder folder;
    make_data(folder);
    std::filesystem::rename(folder / "tiny", folder / "caf\xe9");
    check_equal(digits_in(folder, "train --data caf\xe9 --epochs 1 --hidden 8 --out out").exit_code,
                0);
    for (const char* const name : {"metrics.json", "report.html"}) {
        const std::string text = read_text(folder / "out" / name);
        check_contains(text, "caf\xef\xbf\xbd");
        check_equal(valid_utf8(text), text);
    }
    check_contains(read_safetensors(folder / "out" / "model.safetensors").metadata.at("dataset"),
                   "caf\xef\xbf\xbd");
}

TEST(an_image_behind_two_hyphens_may_begin_with_one) {
    const TemporaryFolder folder;
    train_in(folder);
    write_digit(folder);
    std::filesystem::rename(folder / "digit.png", folder / "-x.png");
    const Result result = digits_in(folder, "predict --brief out -- -x.png");
    check_equal(result.exit_code, 0);
    check_equal(result.output.substr(0, 8), "-x.png: ");
    check_contains(digits_in(folder, "predict out -x.png").errors,
                   "a file of that name is './-x.png'");
}

}  // namespace
}  // namespace digits
