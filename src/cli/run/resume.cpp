#include "cli/run/resume.h"

#include <system_error>
#include <utility>

#include "cli/run/run_folder.h"
#include "cli/shell_command.h"
#include "data/image_layout.h"
#include "formats/json.h"

namespace digits {
namespace {

// The metadata keys of a checkpoint.
constexpr const char* arguments_key = "arguments";
constexpr const char* settings_key = "settings";
constexpr const char* training_key = "training_data_hash";
constexpr const char* validation_key = "validation_data_hash";
constexpr const char* test_key = "test_data_hash";
constexpr const char* seconds_key = "seconds";

const std::string& note(const TensorFile& file, const char* key) {
    const auto found = file.metadata.find(key);
    if (found == file.metadata.end()) {
        fail(file.name, ": expected a checkpoint with the metadata key \"", key,
             "\", found none; was this file written by digits train?");
    }
    return found->second;
}

// An argument such as a file name may be any bytes. JSON is UTF-8, so that others are written as a
// list of their numbers.
Json arguments_json(std::span<const std::string> arguments) {
    Json list = Json::array();
    for (const std::string& argument : arguments) {
        if (valid_utf8(argument) == argument) {
            list.add(argument);
            continue;
        }
        Json bytes = Json::array();
        for (const char c : argument) bytes.add(static_cast<unsigned char>(c));
        list.add(std::move(bytes));
    }
    return list;
}

std::vector<std::string> stored_arguments(const TensorFile& file) {
    const Json list = read_json(note(file, arguments_key), file.name + ": its arguments");
    std::vector<std::string> arguments;
    for (const auto& [key, argument] : list.members()) {
        if (argument.string()) arguments.push_back(*argument.string());
        if (!argument.is_array()) continue;
        std::string& bytes = arguments.emplace_back();
        for (const auto& [none, byte] : argument.members()) {
            bytes += static_cast<char>(byte.as_uint().value_or('?'));
        }
    }
    return arguments;
}

TrainOptions parsed(std::span<const std::string> arguments) {
    TrainOptions options;
    CommandLine line = train_command_line(options);
    parse_train_options(line, arguments, options);
    return options;
}

// The settings that determine the result, with the seed but without the data.
Json result_settings(const TrainOptions& options) {
    Json all = Json::object();
    all.set("seed", options.seed);
    const Json settings = settings_json(options);
    for (const auto& [name, value] : settings.members()) all.set(name, value);
    return all;
}

// The settings of a checkpoint, with the key that version 1.0 called "average" under its new name.
Json with_current_names(const Json& settings) {
    Json renamed = Json::object();
    for (const auto& [name, value] : settings.members()) {
        renamed.set(name == "average" ? "ema_decay" : name, value);
    }
    return renamed;
}

// "learning_rate was 0.1, now 0.2; ...", for all settings that differ.
std::string differences(const Json& before, const Json& now) {
    std::string list;
    const auto add = [&](const std::string& name, const Json* was, const Json* is) {
        const std::string old_value = was ? was->to_line() : "absent";
        const std::string new_value = is ? is->to_line() : "absent";
        if (old_value == new_value) return;
        list += str_cat(list.empty() ? "" : "; ", name, " was ", old_value, ", now ", new_value);
    };
    for (const auto& [name, value] : before.members()) add(name, &value, now.find(name));
    for (const auto& [name, value] : now.members()) {
        if (!before.find(name)) add(name, nullptr, &value);
    }
    return list;
}

// The folders of the images are stored as they were typed: a relative name holds only where the
// training was started.
void require_folders(const TrainOptions& started, const TrainOptions& now) {
    const std::pair<const char*, std::filesystem::path DataSource::*> options[] = {
        {"--data", &DataSource::folder}, {"--test-data", &DataSource::test_folder}};
    for (const auto& [option, folder] : options) {
        const std::filesystem::path& name = now.data.*folder;
        std::error_code ignored;
        if (name != started.data.*folder || name.empty() || name == drawn_digits ||
            std::filesystem::exists(name, ignored)) {
            continue;
        }
        fail("--resume ", now.out.string(), ": the training was started with ", option, " ",
             name.string(), ", but there is no such folder here; name the folder anew: ",
             shell_command({"train", "--resume", now.out.string(), option}), " DIR");
    }
}

std::string hash_of(const Dataset* data) {
    return data ? data_hash(*data) : "none";
}

}  // namespace

std::map<std::string, std::string> checkpoint_notes(std::span<const std::string> arguments,
                                                    const TrainOptions& options,
                                                    const TrainingData& data) {
    return {{arguments_key, arguments_json(arguments).to_line()},
            {settings_key, result_settings(options).to_line()},
            // These two are for those who use the network before the training is finished.
            {"image_size", str_cat(data.training.rows, "x", data.training.columns)},
            {"image_layout", to_text(measure_layout(data.training))},
            {training_key, hash_of(&data.training)},
            {validation_key, hash_of(data.validation)},
            {test_key, hash_of(&data.test)}};
}

void note_seconds(std::map<std::string, std::string>& notes, double seconds) {
    notes[seconds_key] = Json(seconds).to_line();
}

double seconds_before(const TensorFile& checkpoint, const History& history) {
    const auto noted = checkpoint.metadata.find(seconds_key);
    if (noted != checkpoint.metadata.end()) {
        const std::string name = checkpoint.name + ": its seconds";
        if (const auto seconds = read_json(noted->second, name).as_double()) return *seconds;
    }
    double seconds = 0.0;
    for (const EpochRecord& epoch : history.epochs) seconds += epoch.seconds;
    return seconds;
}

Json data_hashes(const TrainingData& data) {
    Json hashes = Json::object();
    hashes.set("training", data_hash(data.training))
        .set("validation", data.validation ? Json(data_hash(*data.validation)) : Json(nullptr))
        .set("test", data_hash(data.test));
    return hashes;
}

std::string setting_differences(const TrainOptions& before, const TrainOptions& now) {
    return differences(result_settings(before), result_settings(now));
}

ResumedRun read_resumed_run(const std::filesystem::path& folder,
                            std::span<const std::string> arguments) {
    const std::filesystem::path path = checkpoint_path(folder);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        fail("--resume ", folder.string(), ": found no ", path.filename().string(),
             std::filesystem::exists(folder / "metrics.json", ignored)
                 ? "; the training there is finished"
                 : "; name the --out folder of an interrupted training");
    }
    ResumedRun resumed{read_safetensors(path), {}, {}};
    resumed.arguments = stored_arguments(resumed.checkpoint);
    const Json before = result_settings(parsed(resumed.arguments));
    const Json written =
        with_current_names(read_json(note(resumed.checkpoint, settings_key), path.string()));
    if (const std::string list = differences(written, before); !list.empty()) {
        fail(path.string(), ": was written by a version of digits with other defaults: ", list,
             "; resume with that version");
    }
    std::vector<std::string> all = resumed.arguments;
    all.insert(all.end(), arguments.begin(), arguments.end());
    resumed.options = parsed(all);
    resumed.options.out = folder;
    const std::string list = differences(before, result_settings(resumed.options));
    if (!list.empty()) {
        throw UsageError(str_cat("--resume ", folder.string(),
                                 ": a training must be resumed with the ",
                                 "settings it was started with, but ", list));
    }
    require_folders(parsed(resumed.arguments), resumed.options);
    return resumed;
}

void require_same_data(const TensorFile& checkpoint, const TrainingData& data) {
    const auto require_same = [&](const char* key, const char* which, const Dataset* images) {
        if (note(checkpoint, key) == hash_of(images)) return;
        fail("--resume: the ", which, " images of ", data.training.name, " differ from those of ",
             checkpoint.name, "; name the folder of the original images with --data");
    };
    require_same(training_key, "training", &data.training);
    require_same(validation_key, "validation", data.validation);
    require_same(test_key, "test", &data.test);
}

}  // namespace digits
