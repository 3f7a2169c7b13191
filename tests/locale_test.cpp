// Whatever locale the program that uses the library has set, texts and files stay the same.
#include <cstdio>
#include <map>

#include "check.h"
#include "cli/options/option.h"
#include "cli/sweep/sweep.h"
#include "digits.h"
#include "foreign_locale.h"
#include "formats/json.h"
#include "plot/plot.h"
#include "plot/terminal_image.h"
#include "plot/terminal_plot.h"
#include "report/report.h"
#include "report/summary.h"
#include "temporary_folder.h"
#include "training/checkpoint.h"
#include "training/metrics_text.h"
#include "util/hash.h"
#include "util/text.h"

namespace digits {
namespace {

using namespace digits::testing;

// Numbers of all kinds as the library writes and reads them, one result per line.
std::string texts() {
    const Json json = read_json("{\"a\": 0.5, \"b\": 1234567, \"c\": -1.5e-3}", "json");
    const std::string plot = svg_of(LinePlot{
        "a plot", Axis{"x"}, Axis{"y"}, {Series{"s", {{0.5, 1234.5}, {2000.25, 3}}, 0, ""}}});
    const auto environment = [](const char* name) {
        return std::string_view(name) == "LC_ALL" ? "tr_TR.UTF-8" : nullptr;
    };
    const std::vector<double> losses{2.5, 1.25, 0.75};
    const auto number = [](std::string_view text) { return parse_number(text).value_or(-1.0); };
    return str_cat(json.to_text(), "\n", json.find("a")->as_double().value_or(-1.0), "\n",
                   json.find("c")->as_double().value_or(-1.0), "\n", Json(0.1f).to_line(), "\n",
                   1234567, " ", 1234567.5, " ", 1e-9, "\n", format_fixed(1234.5678, 3), "\n",
                   percent(0.98125), "\n", with_commas(1234567), "\n", csv_number(1234567.875),
                   "\n", duration(3.25), "\n", number("1234.5"), " ", number("1,5"), " ",
                   number("1.234,5"), " ", number("-1e-3"), "\n", lower_case("INIT UTF-8"), "\n",
                   plot, draw_curve(losses, ImageStyle::ascii, 80),
                   static_cast<int>(image_style(false, environment)), "\n");
}

// The hashes of all files of a folder and its name.
std::string hashes_of(const std::filesystem::path& folder) {
    std::map<std::string, std::string> hashes;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string content = read_text(entry.path());
        Hash hash;
        hash.add(std::span(reinterpret_cast<const std::uint8_t*>(content.data()), content.size()));
        hashes[entry.path().filename().string()] = hash.to_text();
    }
    std::string lines;
    for (const auto& [name, hash] : hashes) lines += str_cat(name, " ", hash, "\n");
    return lines;
}

// Trains a network with more than a thousand units, and writes and reads all files.
std::string files() {
    const TemporaryFolder folder;
    const Dataset data = synthesize(60, 1);
    Random random(42);
    NetworkSettings settings;
    settings.hidden = {1000};
    const Network network = build_network(784, 10, settings, random);
    TrainerSettings trainer;
    trainer.epochs = 1;
    trainer.batch_size = 7;
    TrainingState state = start_training(network, data.size(), trainer, random);
    train(state, data, nullptr, trainer, {});
    for (EpochRecord& epoch : state.history.epochs) epoch.seconds = 0.25;
    const Model model{state.network,     28, 28, {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
                      {{"loss", "0.5"}}, {}};
    write_model(folder / "model.safetensors", model);
    const Model back = read_model(folder / "model.safetensors");
    // The checkpoint has the time that the training took: only what is read from it can be
    // compared.
    const std::filesystem::path checkpoint = folder / "checkpoint.safetensors";
    write_checkpoint(checkpoint, state, {});
    TrainingState restored = start_training(network, data.size(), trainer, random);
    read_checkpoint(read_safetensors(checkpoint), restored);
    std::filesystem::remove(checkpoint);
    RunResult result{.dataset = "drawn",
                     .test_dataset = "drawn",
                     .network = describe(back.network, {}),
                     .parameters = parameter_count(back.network),
                     .weights_hash = weights_hash(back.network),
                     .history = state.history,
                     .validation_accuracy = {},
                     .test = evaluate(back.network, data)};
    for (StepRecord& step : result.history.steps) step.loss += 1234.5;
    write_report(folder.path(), result, back, data);
    return str_cat(describe(back.network, {}), "\n", weights_hash(restored.network), "\n",
                   scores_text(result.test, 80), hashes_of(folder.path()));
}

TEST(the_global_locale_of_cpp_changes_nothing) {
    const std::string expected_texts = texts(), expected_files = files();
    const LocaleRestorer restorer;
    set_foreign_cpp_locale();
    check_equal(texts(), expected_texts);
    check_equal(files(), expected_files);
}

TEST(the_locale_of_c_changes_nothing) {
    const std::string expected_texts = texts(), expected_files = files();
    const LocaleRestorer restorer;
    if (!set_foreign_c_locale()) skip("no locale with a decimal comma is installed");
    check_equal(texts(), expected_texts);
    check_equal(files(), expected_files);
}

TEST(both_locales_together_change_nothing) {
    const std::string expected_texts = texts(), expected_files = files();
    const LocaleRestorer restorer;
    set_foreign_c_locale();
    set_foreign_cpp_locale();
    check_equal(texts(), expected_texts);
    check_equal(files(), expected_files);
}

TEST(options_take_a_point_in_every_locale) {
    const LocaleRestorer restorer;
    set_foreign_c_locale();
    set_foreign_cpp_locale();
    double rate = 0.0;
    const Option option = setting_option({"rate", "a rate", &rate, {.low = 0.0}});
    option.store("0.25");
    check_equal(rate, 0.25);
    check_throws([&] { option.store("0,25"); }, "not '0,25'");
}

TEST(numbers_are_read_whole_or_not_at_all) {
    check_equal(parse_number("0.25").value_or(-1.0), 0.25);
    check_equal(parse_number("-12").value_or(-1.0), -12.0);
    check_equal(parse_number("1E+2").value_or(-1.0), 100.0);
    check_equal(parse_number(".5").value_or(-1.0), 0.5);
    check_equal(parse_number("1e-400").value_or(-1.0), 0.0);
    check(parse_number("1e400").value_or(0.0) > 1e308);
    for (const char* text :
         {"", " 1", "1 ", "1,5", "0x10", "inf", "nan", "1.2.3", "-", "e", "1e"}) {
        check(!parse_number(text));
    }
}

TEST(the_smallest_text_is_split_into_words_and_lines) {
    check_equal(split_words(" a  bc\td\n").size(), 3u);
    check(split_words("").empty());
    check(split_lines("").empty());
    check_equal(split_lines("a\n\nb").size(), 3u);
    check_equal(split_lines("a\n\nb\n").size(), 3u);
    check_equal(split_lines("a\n\nb\n")[1], "");
}

}  // namespace
}  // namespace digits
