#include "cli/run/run_folder.h"

#include <system_error>

#include "formats/json.h"
#include "training/model_file.h"
#include "util/file.h"
#include "util/parallel.h"
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

}  // namespace

std::filesystem::path model_path(const std::filesystem::path& folder) {
    return folder / "model.safetensors";
}

void prepare_run_folder(const std::filesystem::path& folder, std::size_t bytes) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || !std::filesystem::is_directory(folder)) {
        fail("--out ", folder.string(), ": cannot create the folder (",
             error ? error.message() : "a file has that name", "); choose a different one");
    }
    // Only writing shows reliably whether the folder is writable and whether there is enough space.
    const std::filesystem::path probe = folder / "writable";
    const std::string block(std::size_t{1} << 20, '\0');
    std::vector<std::string_view> blocks(bytes / block.size(), block);
    blocks.push_back(std::string_view(block).substr(0, bytes % block.size()));
    try {
        write_file(probe, blocks);
    } catch (const std::runtime_error& failed) {
        fail("--out ", folder.string(), ": expected space for the ", bytes,
             " bytes that this training will write, but ", failed.what());
    }
    std::filesystem::remove(probe, error);
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
