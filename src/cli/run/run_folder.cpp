#include "cli/run/run_folder.h"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <system_error>

#include "cli/shell_command.h"
#include "cli/terminal.h"
#include "formats/json.h"
#include "formats/safetensors.h"
#include "training/model_file.h"
#include "util/file.h"
#include "util/parallel.h"
#include "util/text.h"
#include "util/version.h"

namespace digits {
namespace {

Json optional_number(const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json confusion_json(const ConfusionMatrix& confusion) {
    Json rows = Json::array();
    for (std::size_t actual = 0; actual < confusion.classes(); ++actual) {
        Json row = Json::array();
        for (std::size_t predicted = 0; predicted < confusion.classes(); ++predicted) {
            row.add(confusion(actual, predicted));
        }
        rows.add(std::move(row));
    }
    return rows;
}

// "2026-11-27 14:05:00", local time.
std::string current_time() {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    char text[32] = "";
    if (const std::tm* const local = std::localtime(&now)) {
        std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", local);
    }
    return text;
}

}  // namespace

std::filesystem::path model_path(const std::filesystem::path& folder) {
    return folder / "model.safetensors";
}

std::filesystem::path checkpoint_path(const std::filesystem::path& folder) {
    return folder / "checkpoint.safetensors";
}

RunFolder::RunFolder(std::filesystem::path path) : path_(std::move(path)) {
    std::error_code error;
    std::filesystem::create_directories(path_, error);
    if (error || !std::filesystem::is_directory(path_)) {
        fail("--out ", path_.string(), ": cannot create the folder (",
             error ? error.message() : "a file has that name", "); choose a different one");
    }
    try {
        lock_ = std::make_unique<FileLock>(path_ / "training.lock", "since " + current_time());
    } catch (const std::runtime_error& failed) {
        fail("--out ", path_.string(), ": expected a folder that can be written to, but ",
             failed.what());
    }
    if (!lock_->is_held()) {
        fail("--out ", path_.string(), ": a training is running there (", lock_->other_owner(),
             "); wait until it ends, or choose a different folder with --out");
    }
    remove_temporary_files(path_);
}

void RunFolder::require_space(std::uintmax_t bytes) const {
    const std::uintmax_t available = available_space(path_);
    if (available >= bytes) return;
    fail("--out ", path_.string(), ": expected space for the ", with_commas(bytes),
         " bytes that this training will write, found ", with_commas(available),
         "; free some, or choose a different folder");
}

void RunFolder::make_again() const {
    std::error_code ignored;  // the write will fail
    std::filesystem::create_directories(path_, ignored);
}

void RunFolder::attempt(const std::function<void()>& write) try {
    make_again();
    write();
} catch (const std::runtime_error& failed) {
    failures_.emplace_back(failed.what());
}

void RunFolder::save(const std::string& name,
                     const std::function<void(const std::filesystem::path&)>& write) try {
    make_again();
    write(path_ / name);
} catch (const std::runtime_error& failed) {
    std::string failure = failed.what();
    try {
        if (rescue_.empty()) {
            const std::filesystem::path parent = std::filesystem::temp_directory_path();
            for (int i = 1; rescue_.empty(); ++i) {
                const std::filesystem::path folder = parent / str_cat("digits-rescued-", i);
                if (std::filesystem::create_directory(folder)) rescue_ = folder;
            }
        }
        write(rescue_ / name);
        failure += str_cat(" It was saved as ", (rescue_ / name).string(), " instead.");
    } catch (const std::runtime_error& again) {
        std::error_code not_empty;
        std::filesystem::remove(rescue_, not_empty);
        failure += str_cat(" Nor could it be saved elsewhere: ", again.what());
    }
    failures_.push_back(std::move(failure));
}

void RunFolder::keep_previous_model(const std::string& weights_hash) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(model_path(path_), ignored)) return;
    try {
        // After an interruption between its last two files, a training finds its own network here.
        const TensorFile old = read_safetensors(model_path(path_));
        const auto hash = old.metadata.find("weights_hash");
        if (hash != old.metadata.end() && hash->second == weights_hash) return;
    } catch (const std::runtime_error&) {
        // Whatever it is, it is kept.
    }
    std::filesystem::rename(model_path(path_), path_ / "previous-model.safetensors", ignored);
}

void RunFolder::end() const {
    if (failures_.empty()) return;
    std::string message = failures_[0];
    for (std::size_t i = 1; i < failures_.size(); ++i) message += "\n  " + failures_[i];
    fail(message);
}

RunFolder new_run_folder(const std::filesystem::path& path, bool overwrite) {
    auto folder = std::make_unique<RunFolder>(path);
    std::error_code error;
    if (!std::filesystem::exists(checkpoint_path(path), error)) return std::move(*folder);
    if (overwrite) {
        std::filesystem::remove(checkpoint_path(path), error);
        return std::move(*folder);
    }
    if (path != latest_run) {
        fail("--out ", path.string(),
             ": holds an unfinished training, which was not replaced. "
             "To resume it: ",
             shell_command({"train", "--resume", path.string()}),
             ". To discard it, add --overwrite; or choose a different folder.");
    }
    folder.reset();  // the lock is a file in the folder that is renamed
    std::filesystem::path aside;
    for (int i = 1; aside.empty() || std::filesystem::exists(aside, error); ++i) {
        aside = path.parent_path() / str_cat("unfinished-", i);
    }
    std::filesystem::rename(path, aside);
    const std::string notice = str_cat(
        "digits: ", path.string(), " held an unfinished training, which is in ", aside.string(),
        " now; to resume it: ", shell_command({"train", "--resume", aside.string()}));
    std::fprintf(stderr, "%s\n", printable(notice).c_str());
    return RunFolder(path);
}

void remove_results(const std::filesystem::path& folder) {
    std::error_code ignored;  // it may not be there
    std::filesystem::remove(folder / "metrics.json", ignored);
    std::filesystem::remove(folder / "report.html", ignored);
}

void write_history(const std::filesystem::path& folder, const History& history) {
    std::string epochs =
        "epoch,steps,learning_rate,train_loss,train_accuracy,validation_loss,validation_accuracy,"
        "seconds\n";
    for (const EpochRecord& e : history.epochs) {
        epochs += str_cat(e.epoch, ",", e.steps, ",", csv_number(e.learning_rate), ",",
                          csv_number(e.train_loss), ",", csv_number(e.train_accuracy), ",",
                          csv_number(e.validation_loss), ",", csv_number(e.validation_accuracy),
                          ",", csv_number(e.seconds), "\n");
    }
    write_file(folder / "history.csv", {epochs});

    std::string steps = "step,epoch,learning_rate,loss,accuracy\n";
    for (const StepRecord& s : history.steps) {
        steps += str_cat(s.step, ",", s.epoch, ",", csv_number(s.learning_rate), ",",
                         csv_number(s.loss), ",", csv_number(s.accuracy), "\n");
    }
    write_file(folder / "steps.csv", {steps});
}

void write_metrics(const std::filesystem::path& folder, const RunResult& result) {
    Json epoch_seconds = Json::array();
    for (const EpochRecord& epoch : result.history.epochs) epoch_seconds.add(epoch.seconds);
    Json settings = result.settings;
    settings.set("threads", thread_count());
    Json metrics = Json::object();
    metrics.set("version", version)
        .set("dataset", result.dataset)
        .set("test_dataset", result.test_dataset)
        .set("data_hash", result.data_hashes)
        .set("network", result.network)
        .set("parameters", result.parameters)
        .set("seed", result.seed)
        .set("train_accuracy", result.train_accuracy)
        .set("validation_accuracy", optional_number(result.validation_accuracy))
        .set("test_accuracy", result.test.accuracy())
        .set("test_accuracy_standard_error",
             accuracy_standard_error(result.test.accuracy(), result.test.confusion.total()))
        .set("test_log_loss", result.test.log_loss)
        .set("epochs", result.history.epochs.size())
        .set("best_epoch", result.history.best_epoch)
        .set("steps", result.history.steps.size())
        .set("first_step_seconds", result.first_step_seconds)
        .set("seconds", result.seconds)
        .set("epoch_seconds", std::move(epoch_seconds))
        .set("weights_hash", result.weights_hash)
        .set("confusion_matrix", confusion_json(result.test.confusion))
        .set("settings", std::move(settings));
    write_file(folder / "metrics.json", {metrics.to_text()});
}

}  // namespace digits
