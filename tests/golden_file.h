// Reads tests/golden/: reference values computed by other, well-tested programs.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
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
        std::istringstream lines(golden_text(file_name));
        for (std::string line; std::getline(lines, line);) {
            if (line.empty() || line[0] == '#') continue;
            std::istringstream header(line);
            std::string name;
            GoldenArray array;
            if (!(header >> name >> array.rows >> array.columns)) {
                fail("golden: ", file_name, ": expected \"name rows columns\", found: ", line);
            }
            for (std::size_t row = 0; row < array.rows; ++row) {
                if (!std::getline(lines, line)) line.clear();
                append_row(line, name, array);
            }
            arrays_[name] = array;
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
        std::istringstream numbers(line);
        const std::size_t before = array.values.size();
        for (double value = 0.0; numbers >> value;) array.values.push_back(value);
        const std::size_t count = array.values.size() - before;
        if (count != array.columns || !numbers.eof()) {
            fail("golden: ", file_name_, ": a row of ", name, " has ", count, " numbers, expected ",
                 array.columns, ": ", line);
        }
    }

    std::string file_name_;
    std::map<std::string, GoldenArray> arrays_;
};

}  // namespace digits::testing
