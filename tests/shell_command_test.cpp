// Commands that messages suggest: they can be pasted into a shell as they are.
#include "cli/shell_command.h"

#include <cstdlib>
#include <filesystem>
#include <string>

#include "check.h"
#include "run_program.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::digits_in;
using testing::make_data;
using testing::read_text;
using testing::Result;
using testing::TemporaryFolder;

TEST(only_words_that_the_shell_would_change_are_quoted) {
    check_equal(shell_word("runs/latest"), "runs/latest");
    check_equal(shell_word("256,128"), "256,128");
    check_equal(shell_word("größe"), "größe");
    check_equal(shell_word(""), "''");
    check_equal(shell_word("two words"), "'two words'");
    check_equal(shell_word("it's"), "'it'\\''s'");
    check_equal(shell_word("~"), "'~'");
    check_equal(shell_command({"train", "--out", "a b"}), "digits train --out 'a b'");
}

TEST(a_shell_reads_a_quoted_word_as_it_was) {
    const TemporaryFolder folder;
    for (const std::string word :
         {"it's", "''", "'",    "a  b", "$HOME", "`id`", "a\\nb", "*",  "{a,b}", "!x",    "#",
          "a;b",  "&",  "a\nb", "\"",   "(",     "<x",   "~",     "=x", "[a]",   "%PATH%"}) {
        const std::string command =
            "printf %s " + shell_word(word) + " >'" + (folder / "out").string() + "'";
        check_equal(std::system(command.c_str()), 0);
        check_equal(read_text(folder / "out"), word);
    }
}

TEST(hints_name_the_program_as_it_was_called) {
    const TemporaryFolder folder;
    check_contains(digits_in(folder, "train --hiden 8").errors,
                   str_cat("(", testing::digits_program(), " help train lists all options)"));
    check_contains(digits_in(folder, "train --preset nix").errors,
                   str_cat("(", testing::digits_program(), " presets lists all presets)"));
    check_contains(digits_in(folder, "predict").errors,
                   testing::digits_program() + " help predict says more");
    check_contains(digits_in(folder, "nix").errors,
                   testing::digits_program() + " help lists all commands");
    check_contains(digits_in(folder, "help").output,
                   "usage: " + testing::digits_program() + " COMMAND [options]");
    check_contains(digits_in(folder, "help train").output,
                   "usage: " + testing::digits_program() + " train [");
    // Through the PATH the program is called by its name alone.
    const std::string parent = testing::build_folder().string();
    const std::string by_name = "cd '" + folder.path().string() + "' && PATH='" + parent +
                                "':$PATH digits predict 2>errors";
    check(std::system(by_name.c_str()) != 0);
    check_contains(read_text(folder / "errors"), "; digits help predict says more");
}

TEST(the_command_of_the_winner_of_a_sweep_can_be_pasted) {
    const TemporaryFolder folder;
    make_data(folder);
    std::filesystem::rename(folder / "tiny", folder / "it's mine");
    const Result sweep =
        digits_in(folder, "sweep --data 'it'\\''s mine' --hidden 4 --epochs 1 --out sweep");
    check_equal(sweep.errors, "");
    const std::size_t begin = sweep.output.find(testing::digits_program());
    const std::string command = sweep.output.substr(begin, sweep.output.find('\n', begin) - begin);
    check_equal(command,
                testing::digits_program() + " train --data 'it'\\''s mine' --hidden 4 --epochs 1");
    const std::string pasted =
        "cd '" + folder.path().string() + "' && " + command + " --quiet --out out";
    check_equal(std::system(pasted.c_str()), 0);
    check(read_text(folder / "out" / "model.safetensors") ==
          read_text(folder / "sweep" / "winner" / "model.safetensors"));
}

}  // namespace
}  // namespace digits
