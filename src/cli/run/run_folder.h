// The run folder: model.safetensors, metrics.json, history.csv and steps.csv, for other programs,
// and checkpoint.safetensors of a training that is not finished.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/options/train_options.h"
#include "formats/json.h"
#include "training/run_result.h"
#include "util/file_lock.h"

namespace digits {

// The path of the trained network in a run folder.
std::filesystem::path model_path(const std::filesystem::path& folder);

std::filesystem::path checkpoint_path(const std::filesystem::path& folder);

// The one owner of a folder while a training, or a command with several, writes to it.
class RunFolder {
public:
    // Creates the folder, locks it against other trainings and removes what a killed one left
    // behind. The results of an earlier run stay until they are replaced. Throws std::runtime_error
    // if that is impossible or if a training is running there.
    explicit RunFolder(std::filesystem::path path);

    const std::filesystem::path& path() const { return path_; }

    // Throws std::runtime_error if there is less space than `bytes`: a full disk is better noticed
    // before a training than after hours of it.
    void require_space(std::uintmax_t bytes) const;

    // Calls write(path of the file `name`) to write what must not be lost. If that fails, it writes
    // the file to a new folder among the system's temporary files. Either way it goes on; the
    // failure is kept for end().
    void save(const std::string& name,
              const std::function<void(const std::filesystem::path&)>& write);

    // Calls write(), which may write to the folder. A failure is kept for end().
    void attempt(const std::function<void()>& write);

    // Keeps the network of an earlier training, if there is one, as previous-model.safetensors.
    // `weights_hash` is that of the network that will take its place.
    void keep_previous_model(const std::string& weights_hash);

    // Whether everything could be written.
    bool is_complete() const { return failures_.empty(); }

    // Throws std::runtime_error with all failures, if there were any.
    void end() const;

private:
    void make_again() const;

    std::filesystem::path path_;
    std::unique_ptr<FileLock> lock_;
    std::filesystem::path rescue_;  // the temporary folder, once it is needed
    std::vector<std::string> failures_;
};

// The folder of a training that starts afresh. An unfinished one in it is never lost: with
// `overwrite` it is removed; in the default folder it is moved aside, with a notice on standard
// error; otherwise this throws std::runtime_error that says how to go on.
RunFolder new_run_folder(const std::filesystem::path& path, bool overwrite);

// Removes stale results, so that a failed run cannot be mistaken for a finished one.
void remove_results(const std::filesystem::path& folder);

// history.csv: a row per epoch. steps.csv: a row per step. Values that were not measured are empty.
void write_history(const std::filesystem::path& folder, const History& history);

void write_metrics(const std::filesystem::path& folder, const RunResult& result);

}  // namespace digits
