// Commands to paste: hints such as "digits train --resume runs/latest", with the name under which
// the program was called and every word quoted for the shell.
#pragma once

#include <initializer_list>
#include <span>
#include <string>

namespace digits {

// Sets the name that shell_command() begins with: main() takes it from its arguments, so that it is
// what the user typed, such as build/digits. Without a call it is "digits".
void set_program_name(const std::string& name);

// The word as the user must type it: unchanged if it is harmless, else in quotes. A name that
// begins with "-" but is no option should be given as "./-name".
std::string shell_word(const std::string& word);

// The program with these arguments, as one line for the shell.
std::string shell_command(std::span<const std::string> words);
std::string shell_command(std::initializer_list<std::string> words);

}  // namespace digits
