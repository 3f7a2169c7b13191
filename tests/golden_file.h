// Reads tests/golden/: reference values computed by other, well-tested programs.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "places.h"
#include "util/require.h"

namespace digits::testing {

// The contents of a file of tests/golden/.
inline std::string golden_text(const std::string& file_name) {
    const std::filesystem::path path = source_folder() / "tests" / "golden" / file_name;
    std::ifstream file(path, std::ios::binary);
    if (!file) fail("golden: cannot open ", path);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct GoldenArray {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<double> values;  // row after row

    double operator()(std::size_t row, std::size_t column) const {
        return values.at(row * columns + column);
    }
};

// The arrays of a file such as step-relu.txt, by name. Each is a line "name rows columns" followed
// by `rows` lines of `columns` numbers. Lines that start with # are comments.
class GoldenFile {
public:
    explicit GoldenFile(const std::string& file_name) : file_name_(file_name) {
        const std::vector<std::string> lines = split_lines(golden_text(file_name));
        for (std::size_t at = 0; at < lines.size();) {
            const std::string& line = lines[at++];
            if (line.empty() || line[0] == '#') continue;
            const std::vector<std::string> header = split_words(line);
            GoldenArray array;
            if (header.size() == 3) {
                array.rows = static_cast<std::size_t>(parse_number(header[1]).value_or(0.0));
                array.columns = static_cast<std::size_t>(parse_number(header[2]).value_or(0.0));
            }
            if (array.rows == 0 || array.columns == 0) {
                fail("golden: ", file_name, ": expected \"name rows columns\", found: ", line);
            }
            for (std::size_t row = 0; row < array.rows; ++row) {
                append_row(at < lines.size() ? lines[at] : "", header[0], array);
                ++at;
            }
            arrays_[header[0]] = array;
        }
    }

    // Throws if there is no such array, and lists those that exist.
    const GoldenArray& operator[](const std::string& name) const {
        const auto found = arrays_.find(name);
        if (found != arrays_.end()) return found->second;
        std::string names;
        for (const auto& [known, array] : arrays_) names += " " + known;
        fail("golden: ", file_name_, " has no array ", name, "; it has", names);
    }

    const std::map<std::string, GoldenArray>& arrays() const { return arrays_; }

private:
    void append_row(const std::string& line, const std::string& name, GoldenArray& array) const {
        std::size_t count = 0;
        for (const std::string& word : split_words(line)) {
            const std::optional<double> value = parse_number(word);
            if (!value) break;
            array.values.push_back(*value);
            ++count;
        }
        if (count != array.columns || count != split_words(line).size()) {
            fail("golden: ", file_name_, ": a row of ", name, " has ", count, " numbers, expected ",
                 array.columns, ": ", line);
        }
    }

    std::string file_name_;
    std::map<std::string, GoldenArray> arrays_;
};

}  // namespace digits::testing
