#include "cli/commands/model_argument.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "cli/run/resume.h"
#include "cli/run/run_folder.h"
#include "formats/file_kind.h"
#include "training/model_file.h"
#include "util/file.h"
#include "util/text.h"

namespace digits {
namespace {

// The names in a folder, for a message: "a, b, c".
std::string contents_of(const std::filesystem::path& folder) {
    constexpr std::size_t most = 8;
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        names.push_back(entry->path().filename().string());
    }
    std::ranges::sort(names);
    std::string list;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i) {
        list += str_cat(i > 0 ? ", " : "", names[i]);
    }
    if (names.size() > most) list += str_cat(" and ", names.size() - most, " more");
    return list.empty() ? "nothing" : list;
}

// A checkpoint is removed when its training is finished: if there is one, the model next to it is
// that of an earlier training, unless it is newer.
std::filesystem::path file_of(const std::string& argument) {
    const std::filesystem::path path(argument);
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) return path;
    const std::filesystem::path model = model_path(path), checkpoint = checkpoint_path(path);
    const bool has_model = std::filesystem::is_regular_file(model, error);
    const bool has_checkpoint = std::filesystem::is_regular_file(checkpoint, error);
    if (!has_model && !has_checkpoint) {
        fail(argument, ": expected the folder of a training, with ", model.filename().string(),
             " or ", checkpoint.filename().string(), ", found a folder with ", contents_of(path));
    }
    if (!has_checkpoint) return model;
    if (!has_model) return checkpoint;
    return std::filesystem::last_write_time(model, error) >
                   std::filesystem::last_write_time(checkpoint, error)
               ? model
               : checkpoint;
}

}  // namespace

Option input_scaling_option(std::optional<InputScaling>& scaling) {
    return {"--input-scaling", "SCALING",
            str_cat("how pixels became inputs when a network of another program was trained, if "
                    "its file does not say: ",
                    input_scaling_forms),
            "byte/255", [&scaling](const std::string& words) {
                try {
                    scaling = parse_input_scaling(words);
                } catch (const std::runtime_error& error) {
                    throw UsageError(str_cat("--input-scaling: ", error.what()));
                }
            }};
}

std::vector<Model> read_model_arguments(std::span<const std::string> arguments,
                                        const std::optional<InputScaling>& scaling) {
    std::vector<Model> models;
    bool is_scaling_used = false;
    for (const std::string& argument : arguments) {
        Model model = read_model(file_of(argument));
        for (const std::string& remark : model.remarks) print_note(argument + ": " + remark);
        if (model.is_input_scaling_assumed && scaling) {
            fold_input_scaling(model.network, *scaling);
            is_scaling_used = true;
        } else if (model.is_input_scaling_assumed) {
            print_note(
                argument +
                ": does not say how pixels become inputs (metadata input_scaling); they are "
                "taken as byte/255, from 0 to 1. If the network was trained with others, say "
                "so, as in --input-scaling 0.1307,0.3081");
        }
        models.push_back(std::move(model));
    }
    if (scaling && !is_scaling_used) {
        throw UsageError(
            "--input-scaling is for files that do not say how pixels become inputs, but the "
            "metadata input_scaling does; leave the option out");
    }
    return models;
}

bool looks_like_image(std::span<const std::uint8_t> bytes) {
    const std::string_view kind = file_kind(bytes);
    return kind.find("image") != std::string_view::npos || kind.ends_with("drawing");
}

bool looks_like_model(const std::string& argument) {
    std::error_code error;
    if (std::filesystem::is_directory(argument, error)) return true;
    if (!std::filesystem::is_regular_file(argument, error)) return false;
    return file_kind(read_file(argument)) == "a safetensors file";
}

void print_note(const std::string& words) {
    std::fflush(stdout);
    std::fprintf(stderr, "digits: note: %s\n", printable_line(words).c_str());
}

}  // namespace digits
