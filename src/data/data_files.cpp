#include "data/data_files.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <vector>

#include "util/file.h"
#include "util/file_lock.h"
#include "util/require.h"

namespace digits {
namespace {

using Path = std::filesystem::path;

constexpr std::string_view train_images = "train-images-idx3-ubyte";
constexpr std::string_view train_labels = "train-labels-idx1-ubyte";
constexpr std::string_view test_images = "t10k-images-idx3-ubyte";
constexpr std::string_view test_labels = "t10k-labels-idx1-ubyte";
constexpr std::array usual_names = {train_images, train_labels, test_images, test_labels};

// While this file exists, each file NAME.new that exists is the current NAME.
constexpr std::string_view new_suffix = ".new";
constexpr std::string_view replacement_marker = "new-files-are-complete";

constexpr std::string_view advice =
    "; `make mnist` puts MNIST into data/mnist, or name a folder with four IDX files";

Path new_path(const Path& folder, std::string_view name) {
    return folder / str_cat(name, new_suffix);
}

// What the name of a file says.
struct FileName {
    std::string prefix;
    Part part;
    bool has_labels;
    bool is_usual;  // "-idx", not ".idx", and t10k, not test
    bool is_compressed;
};

bool take_suffix(std::string_view& name, std::string_view suffix) {
    if (!name.ends_with(suffix)) return false;
    name.remove_suffix(suffix.size());
    return true;
}

// "-idx3-ubyte", ".idx1-ubyte", "-idx2-int"
bool is_ending(std::string_view words) {
    return words.size() > 6 && (words[0] == '-' || words[0] == '.') &&
           words.substr(1, 3) == "idx" && words[4] >= '1' && words[4] <= '4' && words[5] == '-' &&
           std::ranges::all_of(words.substr(6), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
           });
}

std::optional<FileName> parse_name(std::string_view name) {
    if (name.starts_with(".")) return {};  // such as the ._train-images-... of macOS
    const bool is_compressed = take_suffix(name, ".gz");
    for (const std::string_view part : {"train", "t10k", "test"}) {
        for (const std::string_view content : {"images", "labels"}) {
            const std::string stem = str_cat(part, "-", content);
            const std::size_t begin = name.rfind(stem);
            if (begin == std::string_view::npos) continue;
            const std::string_view prefix = name.substr(0, begin);
            const std::string_view ending = name.substr(begin + stem.size());
            const bool is_prefix = prefix.empty() || prefix.back() == '-' || prefix.back() == '_';
            if (!is_prefix || !is_ending(ending)) continue;
            return FileName{std::string(prefix), part == "train" ? Part::training : Part::test,
                            content == "labels", ending[0] == '-' && part != "test", is_compressed};
        }
    }
    return {};
}

struct Entry {
    FileName name;
    Path path;
    bool is_nested;  // in a folder of that name

    // The smaller, the better.
    int order() const { return 4 * is_nested + 2 * name.is_compressed + 1 * !name.is_usual; }
};

bool is_folder(const Path& path) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored);
}

bool is_file(const Path& path) {
    std::error_code ignored;  // a file that cannot be accessed counts as missing
    return std::filesystem::exists(path, ignored) && !is_folder(path);
}

// The names of the files and folders in a folder, sorted, because their order is arbitrary.
std::vector<std::string> names_in(const Path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::u8string name = entry->path().filename().u8string();
        names.emplace_back(name.begin(), name.end());
    }
    if (error) fail(folder.string(), ": cannot be listed: ", error.message());
    std::ranges::sort(names);
    return names;
}

std::vector<Entry> entries_in(const Path& folder) {
    std::vector<Entry> entries;
    for (const std::string& name : names_in(folder)) {
        const std::optional<FileName> parsed = parse_name(name);
        if (!parsed) continue;
        const Path path = folder / name;
        if (is_file(path)) entries.push_back({*parsed, path, false});
        if (!is_folder(path)) continue;
        for (const std::string& inner : names_in(path)) {
            const std::optional<FileName> nested = parse_name(inner);
            if (!nested || nested->part != parsed->part || !is_file(path / inner) ||
                nested->has_labels != parsed->has_labels) {
                continue;
            }
            entries.push_back({*nested, path / inner, true});
            entries.back().name.prefix = parsed->prefix;
        }
    }
    std::ranges::stable_sort(entries, {}, &Entry::order);
    return entries;
}

Path find(const std::vector<Entry>& entries, const std::string& prefix, Part part,
          bool has_labels) {
    for (const Entry& entry : entries) {
        const FileName& name = entry.name;
        if (name.prefix == prefix && name.part == part && name.has_labels == has_labels) {
            return entry.path;
        }
    }
    return {};
}

// "emnist-letters" for the prefix "emnist-letters-"
std::string without_separator(const std::string& prefix) {
    return prefix.substr(0, prefix.empty() ? 0 : prefix.size() - 1);
}

[[noreturn]] void no_such_folder(const Path& path) {
    fail(path.string(), ": found no such folder", advice);
}

// `wanted`: a prefix without its separator, or empty.
std::string choose_prefix(const std::vector<Entry>& entries, const Path& folder,
                          const std::string& wanted) {
    std::set<std::string> prefixes;
    for (const Entry& entry : entries) prefixes.insert(entry.name.prefix);
    for (const std::string& prefix : prefixes) {
        if (without_separator(prefix) == wanted) return prefix;
    }
    if (!wanted.empty()) no_such_folder((folder / wanted).lexically_normal());
    if (prefixes.empty()) return "";
    if (prefixes.size() == 1) return *prefixes.begin();
    std::string list;
    for (const std::string& prefix : prefixes) {
        list += str_cat(list.empty() ? "" : ", ", without_separator(prefix));
    }
    fail(folder.string(), ": holds several data sets, ", list, "; name one of them, such as ",
         (folder / without_separator(*prefixes.begin())).string());
}

// emnist-letters-mapping.txt beside emnist-letters-train-...; also if these have been renamed.
Path find_class_names(const Path& folder, const std::string& prefix) {
    Path found;
    for (const std::string& name : names_in(folder)) {
        if (!name.ends_with("mapping.txt") || name.starts_with(".")) continue;
        if (!prefix.empty() && name != prefix + "mapping.txt") continue;
        if (!is_file(folder / name)) continue;
        if (!found.empty()) return {};  // ambiguous: the classes stay numbers
        found = folder / name;
    }
    return found;
}

// Completes a replacement of which all new files are complete. Does nothing if there is none.
void finish_replacement(const Path& folder) {
    if (!is_file(folder / replacement_marker)) return;
    std::error_code error;
    for (const std::string_view name : usual_names) {
        if (!is_file(new_path(folder, name))) continue;
        std::filesystem::rename(new_path(folder, name), folder / name, error);
        if (error) {
            fail((folder / name).string(), ": cannot be replaced: ", error.message(),
                 "; what is new is in ", new_path(folder, name).string());
        }
    }
    std::filesystem::remove(folder / replacement_marker, error);
    if (error)
        fail((folder / replacement_marker).string(), ": cannot be removed: ", error.message());
}

DataFiles four_files(const Path& folder, Path (*path_of)(const Path&, std::string_view)) {
    return {{path_of(folder, train_images), path_of(folder, train_labels)},
            {path_of(folder, test_images), path_of(folder, test_labels)},
            {},
            folder.string(),
            ""};
}

}  // namespace

DataFiles find_data_files(const Path& path) {
    Path folder = path;
    std::string wanted;
    if (!is_folder(path) && path.has_filename()) {
        folder = path.parent_path();
        if (folder.empty()) folder = ".";
        wanted = path.filename().string();
    }
    if (!is_folder(folder)) no_such_folder(path);
    const std::vector<Entry> entries = entries_in(folder);
    const std::string prefix = choose_prefix(entries, folder, wanted);
    DataFiles files{
        {find(entries, prefix, Part::training, false), find(entries, prefix, Part::training, true)},
        {find(entries, prefix, Part::test, false), find(entries, prefix, Part::test, true)},
        find_class_names(folder, prefix),
        path.string(),
        prefix};
    if (prefix.empty() && is_file(folder / replacement_marker)) {
        // A replacement was interrupted: what has not been renamed yet is the current file.
        const DataFiles replaced = four_files(folder, new_path);
        const auto prefer = [](Path& file, const Path& replacement) {
            if (is_file(replacement)) file = replacement;
        };
        prefer(files.training.images, replaced.training.images);
        prefer(files.training.labels, replaced.training.labels);
        prefer(files.test.images, replaced.test.images);
        prefer(files.test.labels, replaced.test.labels);
    }
    return files;
}

void require_part(const DataFiles& files, Part part) {
    const bool is_training = part == Part::training;
    const auto require_found = [&](const Path& path, std::string_view usual_name) {
        if (!path.empty()) return;
        const std::string name = str_cat(files.prefix, usual_name);
        const bool is_empty_folder = is_folder(Path(files.name) / name);
        fail(files.name, ": found no ", name, ", plain or .gz",
             is_empty_folder ? ", except a folder of that name without the file" : "", advice);
    };
    const DataFiles::Pair& pair = files.of(part);
    require_found(pair.images, is_training ? train_images : test_images);
    require_found(pair.labels, is_training ? train_labels : test_labels);
}

void replace_data_files(const Path& folder,
                        const std::function<void(const DataFiles& paths)>& write) {
    const FileLock lock(folder / "writing.lock", "a data set is being written");
    if (!lock.is_held()) {
        fail(folder.string(),
             ": another program is writing a data set there; wait until it ends, or "
             "choose a different folder");
    }
    finish_replacement(folder);  // an earlier one, before its files are overwritten
    for (const std::string_view name : usual_names) {
        if (is_folder(folder / name)) {
            fail((folder / name).string(),
                 ": is a folder, where a file is to be written; rename or "
                 "remove it, or name a different folder");
        }
    }
    try {
        write(four_files(folder, new_path));
        write_file(folder / replacement_marker,
                   {"Each file NAME.new here is complete and takes the place of NAME.\n"});
    } catch (...) {
        std::error_code ignored;
        for (const std::string_view name : usual_names) {
            std::filesystem::remove(new_path(folder, name), ignored);
        }
        throw;
    }
    finish_replacement(folder);
}

}  // namespace digits
