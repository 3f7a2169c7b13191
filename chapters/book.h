// What the programs of all chapters share: options, data, figures, and claims checked at run time.
//
// No chapter teaches this file, and nothing in it is needed to understand them.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/data_source.h"
#include "util/file.h"
#include "util/require.h"
#include "util/text.h"

namespace digits {

class Chapter {
public:
    // `switches` are options of this chapter beside the common ones; each takes a number.
    Chapter(std::string folder, int argument_count, char** arguments,
            const std::vector<std::string>& switches)
        : folder_(std::move(folder)) {
        for (int i = 1; i < argument_count; ++i) {
            const std::string_view argument = arguments[i];
            if (argument == "--figures") {
                draws_figures_ = true;
            } else if (argument == "--data" && i + 1 < argument_count) {
                data_folder_ = arguments[++i];
            } else if (std::ranges::count(switches, argument) > 0 && i + 1 < argument_count) {
                values_[std::string(argument)] = arguments[++i];
            } else {
                std::string known = "--data FOLDER, --data drawn";
                for (const std::string& name : switches) known += ", " + name + " N";
                fail(folder_, ": cannot understand \"", argument, "\"; there are ", known,
                     " and --figures");
            }
        }
        if (data_folder_.empty()) data_folder_ = draws_digits({}) ? "drawn" : "data/mnist";
        if (draws_figures_ && data_folder_ != "drawn")
            fail(folder_, ": the figures of the text are of drawn digits: --data drawn --figures");
        if (draws_figures_ && !as_in_the_text())
            fail(folder_, ": the figures of the text are drawn without ", values_.begin()->first);
    }

    // The data set of --data; without it MNIST if it is there, otherwise drawn digits.
    const TrainTest& data() {
        if (!data_) {
            DataSource options;
            options.folder = data_folder_;
            Random unused(1);
            data_ = load_data(options, unused);
        }
        return *data_;
    }

    const std::string& data_name() const { return data_folder_; }
    bool uses_mnist() const { return data_folder_ == "data/mnist"; }

    // The value of one of this chapter's own options, or `otherwise` if it was not given.
    std::size_t number(const std::string& name, std::size_t otherwise) const {
        const auto given = values_.find(name);
        if (given == values_.end()) return otherwise;
        const std::string& word = given->second;
        std::size_t number = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (error != std::errc() || end != word.data() + word.size())
            fail(folder_, ": ", name, " needs a whole number, not \"", word, "\"");
        return number;
    }
    float real(const std::string& name, float otherwise) const {
        const auto given = values_.find(name);
        if (given == values_.end()) return otherwise;
        const std::optional<double> number = parse_number(given->second);
        if (!number) fail(folder_, ": ", name, " needs a number, not \"", given->second, "\"");
        return static_cast<float>(*number);
    }

    // False if one of this chapter's own options was given: the text speaks of runs without any.
    bool as_in_the_text() const { return values_.empty(); }

    // Checks a statement of the text. If any does not hold, the program exits with status 1.
    void claim(bool holds, std::string_view sentence) {
        if (holds) return;
        ++broken_;
        std::fprintf(stderr, "%s: a statement of the text does not hold: %.*s\n", folder_.c_str(),
                     static_cast<int>(sentence.size()), sentence.data());
    }

    // With --figures, draws chapters/FOLDER/NAME, a figure of the text, anew.
    void figure(const std::string& name, const std::function<std::string()>& draw) {
        if (!draws_figures_) return;
        const std::filesystem::path path = std::filesystem::path("chapters") / folder_ / name;
        write_file(path, {draw()});
        std::printf("wrote %s\n", path.generic_string().c_str());
    }

    int broken_claims() const { return broken_; }

private:
    std::string folder_;
    std::string data_folder_;
    std::map<std::string, std::string> values_;  // of this chapter's own options
    bool draws_figures_ = false;
    std::optional<TrainTest> data_;
    int broken_ = 0;
};

// The main() of a chapter, whose folder is that of the file that calls this: a copy of a chapter
// draws its own figures. (C++20's std::source_location is not in Clang 14.)
inline int run_chapter(int argument_count, char** arguments, void (*body)(Chapter&),
                       const std::vector<std::string>& switches = {},
                       const std::filesystem::path& caller = __builtin_FILE()) try {
    Chapter chapter(caller.parent_path().filename().string(), argument_count, arguments, switches);
    body(chapter);
    return chapter.broken_claims() == 0 ? 0 : 1;
} catch (const std::exception& error) {
    std::fflush(stdout);
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
}

}  // namespace digits
