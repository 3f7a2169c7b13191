// Loading and saving data sets as folders of IDX files; declared in data/dataset.h.
#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "data/data_files.h"
#include "data/dataset.h"
#include "formats/idx.h"
#include "util/file.h"
#include "util/require.h"
#include "util/text.h"

namespace digits {
namespace {

using Path = std::filesystem::path;

// The names of EMNIST's classes: each line of the file is a label and the code points of the
// characters that it stands for, such as "1 65 97" for A and a; the first of them is the name.
// Classes that the file does not mention stay numbers.
std::vector<std::string> read_class_names(const Path& path, std::size_t classes) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < classes; ++i) names.push_back(std::to_string(i));
    const std::vector<std::string> lines = split_lines(as_characters(read_file(path)));
    for (std::size_t number = 1; number <= lines.size(); ++number) {
        const std::string_view line = lines[number - 1];
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        const char* const end = line.data() + line.size();
        std::size_t label = 0;
        std::uint32_t code_point = 0;
        const auto [space, no_label] = std::from_chars(line.data(), end, label);
        const char* const word =
            std::find_if(space, end, [](char c) { return c != ' ' && c != '\t'; });
        const auto [unused, no_code] = std::from_chars(word, end, code_point);
        // Control characters, surrogates and what is beyond 16 bits name no class.
        const bool is_character = code_point > 0x20 && (code_point < 0x7f || code_point > 0x9f) &&
                                  (code_point < 0xd800 || code_point > 0xdfff) &&
                                  code_point < 0xfffe;
        if (no_label != std::errc() || no_code != std::errc() || !is_character) {
            fail(path.string(), ": line ", number, ": expected a label and the code point of a ",
                 "character, such as 1 65, found ", line.substr(0, 40),
                 "; correct it, or remove the file to do without names");
        }
        if (label >= classes) continue;
        names[label].clear();
        append_utf8(names[label], code_point);
    }
    return names;
}

Dataset load(const DataFiles& files, Part part) {
    require_part(files, part);
    const auto& [images_path, labels_path] = files.of(part);
    IdxImages images = read_idx_images(images_path);
    std::vector<std::uint8_t> labels = read_idx_labels(labels_path);
    if (images.count != labels.size()) {
        fail(images_path.string(), ": has ", images.count, " images, but ", labels_path.string(),
             " has ", labels.size(), " labels; download both again from the same source");
    }
    const std::size_t classes = std::size_t{1} + *std::ranges::max_element(labels);
    Dataset data(files.name, images.rows, images.columns, classes, std::move(images.pixels),
                 std::move(labels));
    if (!files.class_names.empty()) {
        data.class_names = read_class_names(files.class_names, classes);
    }
    return data;
}

std::string image_size(const Dataset& data) {
    return str_cat(data.rows, "x", data.columns);
}

}  // namespace

TrainTest load_folder(const Path& folder) {
    const DataFiles files = find_data_files(folder);
    TrainTest data{load(files, Part::training), load(files, Part::test)};
    match_classes(data.test, data.train);
    return data;
}

Dataset load_part(const Path& folder, Part part) {
    return load(find_data_files(folder), part);
}

Dataset load_test(const Path& folder, const Dataset& train) {
    Dataset test = load_part(folder, Part::test);
    match_classes(test, train);
    return test;
}

void require_same_image_size(const Dataset& test, const Dataset& train) {
    if (test.rows == train.rows && test.columns == train.columns) return;
    fail(test.name, ": expected test images of ", image_size(train),
         " pixels, like the training images, found ", image_size(test),
         "; do all files come from the same source?");
}

void match_classes(Dataset& test, const Dataset& train) {
    require_same_image_size(test, train);
    if (test.classes > train.classes) {
        const auto largest = std::max_element(test.labels.begin(), test.labels.end());
        fail(test.name, ": expected test labels below ", train.classes,
             ", like the training labels, found ", test.classes - 1, " for image ",
             largest - test.labels.begin(), "; do all files come from the same source?");
    }
    test.classes = train.classes;
    test.class_names = train.class_names;
}

void save_folder(const Path& folder, const TrainTest& data) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) fail(folder.string(), ": cannot create the folder: ", error.message());
    const auto write = [&](const DataFiles::Pair& paths, const Dataset& part) {
        part.require_valid("save_folder");
        std::vector<std::span<const std::uint8_t>> images;
        for (std::size_t i = 0; i < part.size(); ++i) images.push_back(part.image(i));
        write_idx_images(paths.images, part.rows, part.columns, images);
        write_idx_labels(paths.labels, part.labels);
    };
    replace_data_files(folder, [&](const DataFiles& paths) {
        write(paths.training, data.train);
        write(paths.test, data.test);
    });
}

}  // namespace digits
