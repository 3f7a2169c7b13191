// The files of a data set: finding them in a folder, under the names by which they are distributed,
// and replacing all four at once.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "data/dataset.h"

namespace digits {

// The four files of one data set; an empty path where there is none.
struct DataFiles {
    struct Pair {
        std::filesystem::path images{}, labels{};
    };
    Pair training{}, test{};
    std::filesystem::path class_names{};  // EMNIST's mapping.txt
    std::string name;                     // of the data set, for messages
    std::string prefix;                   // before the usual names: "emnist-letters-"

    const Pair& of(Part part) const { return part == Part::training ? training : test; }
};

// Finds train-images-idx3-ubyte, train-labels-idx1-ubyte and the same with t10k or test. Accepted
// are also ".idx" instead of "-idx", other endings than -ubyte, ".gz", a prefix such as
// "emnist-letters-" and, because some archives unpack to that, a folder of the file's name with the
// file in it. A plain file is preferred to a compressed one. If there are data sets with several
// prefixes, the one without is taken; otherwise `folder` must name one: DIR/emnist-letters. Throws
// std::runtime_error that says so, or that there is no such folder.
DataFiles find_data_files(const std::filesystem::path& folder);

// Throws std::runtime_error that names what is missing unless both files of the part were found.
void require_part(const DataFiles& files, Part part);

// Replaces the four files in `folder`, which must exist. `write` is called with the paths of the
// new ones. Whenever the program is stopped, find_data_files() finds four old files or four new
// ones: the new ones have names of their own until all are complete; then a file is created that
// says so; only then are they renamed. Throws std::runtime_error if another program does the same
// in `folder` now.
void replace_data_files(const std::filesystem::path& folder,
                        const std::function<void(const DataFiles& paths)>& write);

}  // namespace digits
