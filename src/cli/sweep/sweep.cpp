#include "cli/sweep/sweep.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include "cli/options/option.h"
#include "util/file.h"
#include "util/require.h"
#include "util/text.h"

namespace digits {
namespace {

constexpr const char* header =
    "cell,validation_accuracy,validation_loss,best_epoch,seconds,test_accuracy,key,settings\n";

// The number that the whole field is, or nothing.
std::optional<double> number_in(const std::string& field) {
    return parse_number(field);
}

// Without the header.
std::vector<std::string> lines_of(const std::filesystem::path& file, const char* expected_header) {
    std::vector<std::string> lines = split_lines(as_characters(read_file(file)));
    const std::string first = lines.empty() ? "" : lines[0];
    if (first + "\n" != expected_header) {
        std::string expected = expected_header;
        expected.pop_back();  // the newline
        fail(file.string(), ": expected the header \"", expected, "\", found \"", first,
             "\"; it was not written by this version of digits sweep: name another folder with "
             "--out, or delete this one to start over");
    }
    lines.erase(lines.begin());
    return lines;
}

// Splits off the first `count` fields; the rest of the line is the last one.
std::vector<std::string> fields_of(const std::string& line, std::size_t count) {
    std::vector<std::string> fields;
    std::size_t begin = 0;
    while (fields.size() < count && begin <= line.size()) {
        const std::size_t comma = std::min(line.find(',', begin), line.size());
        fields.push_back(line.substr(begin, comma - begin));
        begin = comma + 1;
    }
    fields.push_back(begin <= line.size() ? line.substr(begin) : "");
    return fields;
}

}  // namespace

std::vector<SweepAxis> parse_sweep(std::span<const std::string> words) {
    std::vector<SweepAxis> axes;
    for (const std::string& word : words) {
        if (!word.starts_with("--")) {
            if (axes.empty()) {
                throw UsageError(str_cat("unexpected argument '", word, "': digits sweep takes ",
                                         "options of digits train, each with the values to try"));
            }
            axes.back().values.push_back(word);
            continue;
        }
        const std::size_t equals = word.find('=');
        axes.push_back({word.substr(0, equals)});
        if (equals != std::string::npos) axes.back().values.push_back(word.substr(equals + 1));
        const auto same = [&](const SweepAxis& axis) { return axis.option == axes.back().option; };
        if (std::ranges::count_if(axes, same) > 1) {
            throw UsageError(
                str_cat(axes.back().option, " is given twice; give all its values at once"));
        }
    }
    return axes;
}

std::vector<SweepCell> sweep_cells(std::span<const SweepAxis> axes) {
    constexpr std::size_t most = 10'000;
    std::vector<SweepCell> cells(1);
    for (const SweepAxis& axis : axes) {
        std::vector<SweepCell> longer;
        for (const SweepCell& cell : cells) {
            // A switch has no value: it adds only its name.
            for (std::size_t v = 0; v < std::max<std::size_t>(1, axis.values.size()); ++v) {
                longer.push_back(cell);
                longer.back().words.push_back(axis.option);
                if (axis.values.empty()) continue;
                longer.back().words.push_back(axis.values[v]);
                if (axis.values.size() == 1) continue;
                std::string& varied = longer.back().varied;
                varied += str_cat(varied.empty() ? "" : " ", axis.option, " ", axis.values[v]);
            }
        }
        cells = std::move(longer);
        if (cells.size() > most) {
            throw UsageError(
                str_cat("these values make more than ", most, " combinations; try fewer"));
        }
    }
    return cells;
}

bool is_better(const SweepResult& a, const SweepResult& b) {
    if (a.validation_accuracy != b.validation_accuracy) {
        return a.validation_accuracy > b.validation_accuracy;  // a number is greater than nullopt
    }
    return a.validation_loss < b.validation_loss;
}

std::vector<SweepResult> read_results(const std::filesystem::path& folder) {
    std::vector<SweepResult> results;
    std::error_code ignored;
    if (!std::filesystem::exists(folder / "cells.csv", ignored)) return results;
    for (const std::string& line : lines_of(folder / "cells.csv", header)) {
        const std::vector<std::string> fields = fields_of(line, 7);
        const auto is_number = [&](std::size_t field) {
            return fields[field].empty() || number_in(fields[field]).has_value();
        };
        const bool is_row = fields.size() == 8 && !fields[0].empty() && fields[6].size() == 16 &&
                            fields[7].size() >= 2 && fields[7].front() == '"' &&
                            fields[7].back() == '"' && is_number(0) && is_number(1) &&
                            is_number(2) && is_number(3) && is_number(4) && is_number(5);
        if (!is_row) {
            fail((folder / "cells.csv").string(), ": expected a row of eight fields, found \"",
                 line, "\"; delete the row to train its cell again");
        }
        const std::string quoted = fields[7].substr(1, fields[7].size() - 2);
        results.push_back({std::strtoull(fields[0].c_str(), nullptr, 10), number_in(fields[1]),
                           number_in(fields[2]), std::strtoull(fields[3].c_str(), nullptr, 10),
                           number_in(fields[4]).value_or(0.0), number_in(fields[5]), fields[6],
                           replaced(quoted, "\"\"", "\"")});
    }
    return results;
}

void write_results(const std::filesystem::path& folder, std::span<const SweepResult> results) {
    std::string lines = header;
    for (const SweepResult& r : results) {
        lines += str_cat(r.number, ",", csv_number(r.validation_accuracy), ",",
                         csv_number(r.validation_loss), ",", r.best_epoch, ",",
                         csv_number(r.seconds), ",", csv_number(r.test_accuracy), ",", r.key, ",\"",
                         replaced(r.settings, "\"", "\"\""), "\"\n");
    }
    write_file(folder / "cells.csv", {lines});
}

std::size_t next_number(std::span<const SweepResult> results) {
    std::size_t highest = 0;
    for (const SweepResult& result : results) highest = std::max(highest, result.number);
    return highest + 1;
}

bool has_losses(const std::filesystem::path& folder, std::size_t number) {
    try {
        return !read_losses(folder, number).empty();
    } catch (const std::runtime_error&) {
        return false;
    }
}

std::vector<Point> read_losses(const std::filesystem::path& folder, std::size_t number) {
    std::vector<Point> losses;
    for (const std::string& line : lines_of(folder / str_cat(number) / "steps.csv",
                                            "step,epoch,learning_rate,loss,accuracy\n")) {
        const std::vector<std::string> fields = fields_of(line, 4);
        if (fields.size() != 5) continue;
        losses.push_back({number_in(fields[0]).value_or(0.0), number_in(fields[3]).value_or(0.0)});
    }
    return losses;
}

}  // namespace digits
