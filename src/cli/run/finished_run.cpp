#include "cli/run/finished_run.h"

#include <stdexcept>

#include "cli/run/run_folder.h"
#include "training/model_file.h"
#include "util/file.h"
#include "util/version.h"

namespace digits {
namespace {

bool are_equal(const Json* found, const Json& expected) {
    return found && found->to_line() == expected.to_line();
}

// "learning_rate was 0.1": the first setting that differs, or "".
std::string different_setting(const Json& metrics, const TrainOptions& options) {
    const Json* const settings = metrics.find("settings");
    if (!settings) return "its settings are missing";
    const Json expected = settings_json(options);
    for (const auto& [name, value] : expected.members()) {
        const Json* const found = settings->find(name);
        if (are_equal(found, value)) continue;
        return str_cat("its ", name, " was ", found ? found->to_line() : "another");
    }
    if (settings->find("finish")) return "it was ended early";
    return are_equal(metrics.find("seed"), options.seed) ? "" : "its seed was another";
}

std::optional<double> number(const Json& metrics, std::string_view name) {
    const Json* const found = metrics.find(name);
    return found ? found->as_double() : std::nullopt;
}

EarlierRun compared(const Json& metrics, const TrainOptions& options, const TrainingData& data) {
    if (!are_equal(metrics.find("version"), version))
        return {{}, "it was trained by another version"};
    if (std::string difference = different_setting(metrics, options); !difference.empty())
        return {{}, std::move(difference)};
    if (!are_equal(metrics.find("data_hash"), data_hashes(data)))
        return {{}, "it was trained or tested with other images"};
    const Model model = read_model(model_path(options.out));
    if (!are_equal(metrics.find("weights_hash"), weights_hash(model.network)))
        return {{}, "its network is another"};
    const std::optional<double> accuracy = number(metrics, "test_accuracy"),
                                seconds = number(metrics, "seconds");
    if (!accuracy || !seconds) return {{}, "its accuracy is missing"};
    return {FinishedRun{*accuracy, *seconds}, ""};
}

}  // namespace

EarlierRun find_earlier_run(const TrainOptions& options, const TrainingData& data) {
    const std::filesystem::path path = options.out / "metrics.json";
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return {};
    try {
        const std::vector<std::uint8_t> bytes = read_file(path);
        return compared(read_json(std::string(as_characters(bytes)), path.string()), options, data);
    } catch (const std::runtime_error& error) {
        return {{}, str_cat("it is damaged: ", error.what())};
    }
}

}  // namespace digits
