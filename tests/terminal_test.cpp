// The width of the terminal, what may be printed to it, and opening a file.
#include "cli/terminal.h"

#include <cstdlib>

#include "check.h"
#include "run_program.h"

namespace digits {
namespace {

using namespace digits::testing;

TEST(control_characters_do_not_reach_the_terminal) {
    check_equal(printable("plain, 100 %: é ± 手"), "plain, 100 %: é ± 手");
    check_equal(printable("two\nlines"), "two\nlines");
    check_equal(printable("x\x1b[31m\x1b]0;title\x07.png"), "x?[31m?]0;title?.png");
    check_equal(printable("tab\tand \x7f and \r"), "tab?and ? and ?");
    check_equal(printable(std::string("nul\0!", 5)), "nul?!");
}

TEST(control_characters_of_unicode_do_not_either) {
    // C1: U+009B is the same as ESC [.
    check_equal(printable("\xc2\x9b"
                          "31m red"),
                "?31m red");
    check_equal(printable("\xc2\x80\xc2\x9f\xc2\xa0"), "??\xc2\xa0");
    // The same as single bytes, which are not UTF-8, and hidden in more bytes than necessary.
    check_equal(printable("\x9b"
                          "31m"),
                "?31m");
    check_equal(printable("\xe0\x82\x9b"
                          "31m"),
                "???31m");
    check_equal(printable("d\xe9t\xe9"), "d?t?");
    check_equal(printable("cut \xe2\x96"), "cut ?");
    // Marks that turn the direction of writing: "exe.gnp" would be shown as "png.exe".
    check_equal(printable("\u202egnp.exe\u2066"), "?gnp.exe?");
}

// Sets environment variables while a test runs the program.
class Variable {
public:
    Variable(const char* name, const char* value) : name_(name) {
        const char* const before = std::getenv(name);
        was_set_ = before != nullptr;
        if (was_set_) before_ = before;
        setenv(name, value, 1);
    }
    ~Variable() {
        if (was_set_) {
            setenv(name_, before_.c_str(), 1);
        } else {
            unsetenv(name_);
        }
    }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;

private:
    const char* name_;
    bool was_set_ = false;
    std::string before_;
};

TEST(columns_is_obeyed_where_there_is_no_terminal) {
    if (is_terminal()) skip("standard output is a terminal, which has a width of its own");
    const auto width = [](const char* columns) {
        const Variable variable("COLUMNS", columns);
        return terminal_width();
    };
    check_equal(width("132"), 132u);
    check_equal(width("7"), 7u);
    for (const char* nonsense : {"", "0", "-5", "wide", "80x", " 80", "99999999999999999999"}) {
        check_equal(width(nonsense), 80u);
    }
}

TEST(the_plus_minus_sign_is_ascii_where_the_encoding_is_not_utf8) {
    const auto written = [](const char* locale) {
        const Variable variable("LC_ALL", locale);
        return in_output_encoding("98.20 ± 0.13, 5 × 3");
    };
    check_equal(written("C.UTF-8"), "98.20 ± 0.13, 5 × 3");
    check_equal(written("C"), "98.20 +- 0.13, 5 x 3");
    check_equal(written("POSIX"), "98.20 +- 0.13, 5 x 3");
    check_equal(written("de_DE.ISO-8859-1"), "98.20 +- 0.13, 5 x 3");
}

TEST(everything_that_is_printed_is_ascii_where_the_encoding_is_not_utf8) {
    const TemporaryFolder folder;
    make_data(folder);
    const Variable variable("LC_ALL", "C");
    for (const char* words : {"train --data tiny --hidden 8 --epochs 1 --out out",
                              "evaluate out/model.safetensors --data tiny", "show --data tiny",
                              "presets", "help", "help train"}) {
        const Result result = digits_in(folder, words);
        check_equal(result.exit_code, 0);
        for (const char c : result.output) {
            if (static_cast<unsigned char>(c) < 0x80) continue;
            report_failure(str_cat("not ASCII: ", words, "\n", result.output), Location::current());
            break;
        }
    }
}

TEST(lines_of_a_training_fit_into_80_columns) {
    const TemporaryFolder folder;
    make_data(folder);
    const Result train = digits_in(
        folder, "train --data tiny --hidden 128,64 --epochs 10 --validation 0.1 --out out");
    const Result evaluate = digits_in(folder, "evaluate out/model.safetensors --data tiny");
    for (const std::string& line : split_lines(train.output + evaluate.output)) {
        if (character_count(line) > 80) check_equal(line, "at most 80 characters");
    }
}

// Runs a training with --open where `openers` are the only commands with such names.
Result train_and_open(const TemporaryFolder& folder, const std::string& environment) {
    const std::string out = (folder / "stdout").string(), errors = (folder / "stderr").string();
    const std::string command =
        "cd '" + folder.path().string() + "' && " + environment + " PATH=\"$PWD/bin:$PATH\" " +
        digits_program() + " train --data tiny --hidden 8 --epochs 1 --open --quiet --out r >'" +
        out + "' 2>'" + errors + "'";
    const int status = std::system(command.c_str());
    return {status >> 8, read_text(out), read_text(errors)};
}

void add_command(const TemporaryFolder& folder, const std::string& name,
                 const std::string& script) {
    std::filesystem::create_directories(folder / "bin");
    write_text(folder / "bin" / name, "#!/bin/sh\n" + script + "\n");
    std::filesystem::permissions(folder / "bin" / name, std::filesystem::perms::owner_all);
}

TEST(an_opener_that_fails_is_reported_with_the_name_of_the_file) {
    const TemporaryFolder folder;
    make_data(folder);
    add_command(folder, "xdg-open", "exit 4");
    add_command(folder, "open", "exit 1");
    const Result result = train_and_open(folder, "WSL_DISTRO_NAME=");
    check_equal(result.exit_code, 0);
    check_contains(result.errors, "r/report.html was not opened");
}

TEST(under_wsl_windows_opens_the_file_under_its_own_name) {
    const TemporaryFolder folder;
    make_data(folder);
    add_command(folder, "xdg-open", "exit 3");
    add_command(folder, "wslview", "exit 1");
    add_command(folder, "wslpath", "printf '%s' \"C:$2\"");
    // As the real one: it exits with 1 when all is well.
    add_command(folder, "explorer.exe", "printf '%s' \"$1\" >explored; exit 1");
    const Result result = train_and_open(folder, "WSL_DISTRO_NAME=Debian");
    check_equal(result.errors, "");
    check_equal(read_text(folder / "explored"),
                "C:" + (std::filesystem::canonical(folder.path()) / "r/report.html").string());
}

}  // namespace
}  // namespace digits
