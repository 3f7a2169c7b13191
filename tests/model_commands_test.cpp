// `digits evaluate` and `digits predict`: the commands that use a saved network.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "check.h"
#include "formats/png_writer.h"
#include "formats/safetensors.h"
#include "plot/plot.h"
#include "run_program.h"
#include "temporary_folder.h"
#include "training/evaluation.h"
#include "training/model_file.h"
#include "util/text.h"

namespace digits {
namespace {

using testing::between;
using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_near;
using testing::digits_in;
using testing::make_data;
using testing::read_text;
using testing::Result;
using testing::TemporaryFolder;
using testing::train_in;
using testing::write_bytes;
using testing::write_text;

TEST(evaluate_repeats_the_report_of_the_training) {
    const TemporaryFolder folder;
    make_data(folder);
    for (const char* split : {"", " --split 0.7 --seed 5"}) {
        const std::string trained =
            digits_in(folder,
                      "train --data tiny --epochs 3 --dropout 0.2 --out out" + std::string(split))
                .output;
        const Result result =
            digits_in(folder, "evaluate out/model.safetensors --data tiny" + std::string(split));
        check_equal(result.exit_code, 0);
        check_equal(result.errors, "");
        check_contains(result.output, "out/model.safetensors (784-256-128-10 relu) on the ");
        check_equal(between(result.output, "        predicted", "\n\n\n"),
                    between(trained, "        predicted", "\n\n\n"));
        check_equal(between(result.output, "log loss", "most confused"),
                    between(trained, "log loss", "most confused"));
    }
}

TEST(an_ensemble_averages_the_probabilities_of_its_models) {
    const TemporaryFolder folder;
    train_in(folder);
    check_equal(
        digits_in(folder, "train --data tiny --epochs 8 --batch-size 20 --seed 2 --out other")
            .exit_code,
        0);
    const std::string alone =
        digits_in(folder, "evaluate --data tiny out/model.safetensors").output;
    const Result both =
        digits_in(folder, "evaluate --data tiny out/model.safetensors other/model.safetensors");
    check_equal(both.exit_code, 0);
    check_contains(both.output, "An ensemble of 2 on the 80 test images of tiny");
    check(between(both.output, "log loss", "\n") != between(alone, "log loss", "\n"));
    const Result same =
        digits_in(folder, "evaluate --data tiny out/model.safetensors out/model.safetensors");
    check_equal(between(same.output, "log loss", "most confused"),
                between(alone, "log loss", "most confused"));
}

TEST(predict_classifies_images_that_the_program_writes) {
    const TemporaryFolder folder;
    train_in(folder);
    const Dataset test = load_folder(folder / "tiny").test;
    const Model model = read_model(folder / "out" / "model.safetensors");
    const Evaluation evaluation = evaluate(model.network, test);
    std::string command = "predict out/model.safetensors --brief", expected;
    std::size_t correct = 0;
    for (std::size_t i = 0; i < 20; ++i) {
        const std::string name = str_cat("digit", i, ".png");
        const std::vector<std::size_t> only{i};
        write_png(folder / name, image_grid(test, only, 1));
        command += " " + name;
        expected += str_cat(name, ": ", int{evaluation.predictions[i].predicted}, "\n");
        correct += evaluation.predictions[i].predicted == test.labels[i];
    }
    check(correct >= 15);
    check_equal(digits_in(folder, command).output, expected);
}

TEST(predict_shows_the_digit_and_the_three_most_probable_classes) {
    const TemporaryFolder folder;
    train_in(folder);
    check_equal(digits_in(folder, "show --data tiny --test --index 3 --png digit.png").exit_code,
                0);
    const Result result = digits_in(folder, "predict out/model.safetensors digit.png");
    check_equal(result.exit_code, 0);
    check_contains(result.output, "█");
    check_contains(result.output, "digit.png\n");
    check_equal(std::ranges::count(result.output, '%'), 3);
    const std::string named =
        digits_in(folder, "predict out/model.safetensors --brief digit.png").output;
    check_equal(digits_in(folder, "predict out/model.safetensors - --brief <digit.png").output,
                str_cat("-", between(named, ": ", "\n"), "\n"));
}

TEST(pipes_and_standard_input_are_read_as_files) {
    const TemporaryFolder folder;
    train_in(folder);
    digits_in(folder, "show --data tiny --test --index 3 --png digit.png");
    const auto read = [&](const std::string& words) {
        const Result result = digits_in(folder, words);
        check_equal(result.exit_code, 0);
        return between(result.output, ": ", "\n");
    };
    const std::string model = "out/model.safetensors";
    const std::string expected = read("predict --brief " + model + " digit.png");
    check_equal(read("predict --brief - digit.png <" + model), expected);
    check_equal(read("evaluate - --data tiny <" + model),
                read("evaluate " + model + " --data tiny"));

    if (!std::filesystem::exists("/dev/stdin")) testing::skip("there is no /dev/stdin");
    const std::string command = "cd '" + folder.path().string() + "' && cat digit.png | " +
                                testing::digits_program() + " predict --brief " + model +
                                " /dev/stdin >brief";
    check_equal(std::system(command.c_str()), 0);
    check_equal(between(read_text(folder / "brief"), ": ", "\n"), expected);
}

TEST(with_raw_transparent_pixels_are_without_ink) {
    const TemporaryFolder folder;
    train_in(folder);
    const Dataset test = load_folder(folder / "tiny").test;
    const auto image = test.image(0);
    write_text(folder / "opaque.pgm", "P5 28 28 255\n" + std::string(image.begin(), image.end()));
    std::string transparent =
        "P7\nWIDTH 28\nHEIGHT 28\nDEPTH 2\nMAXVAL 255\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n";
    for (const std::uint8_t ink : image) {
        transparent += '\xff';
        transparent += static_cast<char>(ink);
    }
    write_text(folder / "white.pam", transparent);
    const std::string raw = "predict --raw out/model.safetensors ";
    const auto percentages = [](const std::string& output) {
        return output.substr(output.find('%') - 12);
    };
    check_equal(percentages(digits_in(folder, raw + "white.pam").output),
                percentages(digits_in(folder, raw + "opaque.pgm").output));
}

TEST(with_deskewing_a_slanted_line_is_shown_and_classified_as_an_upright_one) {
    const TemporaryFolder folder;
    make_data(folder);
    const std::string train = "train --data tiny --deskew --epochs 1 --hidden 8 --out out";
    check_equal(digits_in(folder, train).exit_code, 0);
    // A line from row 4 to row 24, whose centre is row 14: slanted by a column per row, and
    // upright.
    std::string slanted = "P2 28 28 255\n", upright = slanted;
    for (int pixel = 0; pixel < 28 * 28; ++pixel) {
        const int row = pixel / 28, column = pixel % 28;
        const bool has_ink = row >= 4 && row <= 24;
        slanted += has_ink && column == row ? "255 " : "0 ";
        upright += has_ink && column == 14 ? "255 " : "0 ";
    }
    const std::string command = "predict out/model.safetensors a.pgm --raw";
    write_text(folder / "a.pgm", upright);
    const Result expected = digits_in(folder, command);
    check_equal(expected.exit_code, 0);
    write_text(folder / "a.pgm", slanted);
    check_equal(digits_in(folder, command).output, expected.output);
}

TEST(raw_images_are_used_unchanged) {
    const TemporaryFolder folder;
    train_in(folder);
    const Dataset test = load_folder(folder / "tiny").test;
    const Model model = read_model(folder / "out" / "model.safetensors");
    const Evaluation evaluation = evaluate(model.network, test);
    const auto image = test.image(0);
    write_text(folder / "a.pgm", "P5 28 28 255\n" + std::string(image.begin(), image.end()));
    const Result raw = digits_in(folder, "predict out/model.safetensors a.pgm --raw");
    const Prediction& prediction = evaluation.predictions[0];
    const std::string confidence =
        str_cat(int{prediction.predicted},
                pad_left(percent(static_cast<double>(prediction.confidence)), 10));
    check_contains(raw.output, confidence);
    write_text(folder / "b.pgm", "P2 2 2 255 0 0 0 255");
    const Result wrong = digits_in(folder, "predict out/model.safetensors b.pgm --raw");
    check_equal(wrong.exit_code, 1);
    check_contains(wrong.errors,
                   "b.pgm: expected 28 x 28 pixels, the image size of the model, found 2 x 2");
}

TEST(logits_are_printed_for_other_programs) {
    const TemporaryFolder folder;
    make_data(folder);
    check_equal(digits_in(folder, "train --data tiny --epochs 1 --hidden 8 --out out").exit_code,
                0);
    const std::string lines =
        digits_in(folder, "evaluate out/model.safetensors --data tiny --logits").output;
    check_equal(std::ranges::count(lines, '\n'), 80);
    const Dataset test = load_folder(folder / "tiny").test;
    Batch batch;
    gather(test, std::vector<std::size_t>{0}, batch);
    Activations activations;
    const Model model = read_model(folder / "out" / "model.safetensors");
    const Matrix& logits = model.network.forward(batch.input, activations);
    const std::vector<std::string> words = split_words(lines);
    for (std::size_t i = 0; i < 10; ++i) {
        check_near(parse_number(words[i]).value_or(-1e9), static_cast<double>(logits(0, i)), 1e-6);
    }
}

TEST(errors_of_evaluate_and_predict_are_explained) {
    const TemporaryFolder folder;
    make_data(folder);
    check_equal(digits_in(folder, "train --data tiny --epochs 1 --hidden 8 --out out").exit_code,
                0);
    const auto refused = [&](const std::string& words, int code, const std::string& why) {
        const Result result = digits_in(folder, words);
        check_equal(result.exit_code, code);
        check_contains(result.errors, why);
    };
    refused("evaluate", 2, "evaluate: expected a model, because there is no runs/latest");
    refused("evaluate out/model.safetensors --seed 2 --data tiny", 2, "--seed needs --split");
    refused("evaluate a b --logits", 2, "--logits takes one model");
    refused("evaluate -x", 2, "unexpected argument '-x'");
    refused("predict - -", 2, "only one of the files can be -, which is standard input");
    refused("predict out/model.safetensors", 2, "predict: expected at least one image");
    refused("predict out", 2, "predict: expected at least one image");
    refused("predict", 2, "predict: expected at least one image");
    refused("evaluate none.safetensors", 1, "none.safetensors: cannot be opened");
    refused("evaluate tiny/train-labels-idx1-ubyte", 1, "expected a safetensors file");
    refused("predict out/model.safetensors none.png", 1, "none.png: cannot be opened");
    refused("predict out/model.safetensors out/metrics.json", 1, "found a JSON file; is it");

    // Control characters from a file must not reach the terminal.
    TensorFile evil = read_safetensors(folder / "out" / "model.safetensors");
    evil.metadata["activation"] = "\x1b[2J";
    write_safetensors(folder / "evil", evil);
    refused("evaluate evil", 1, "found ?[2J; save");

    Random random(1);
    write_model(folder / "bars",
                {build_network(16, 4, {.hidden = {}}, random), 4, 4, {"0", "1", "2", "3"}, {}});
    refused("evaluate bars --data tiny", 1,
            "bars: expected images of 4 x 4 pixels in 4 classes, found 28 x 28 in 10 in tiny;");
    refused("evaluate out/model.safetensors bars --data tiny", 1,
            "the models of an ensemble must agree");
}

}  // namespace
}  // namespace digits
