// Terminal queries (is it one, how wide) and the filter for text that is printed to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace digits {

// Whether standard output is a terminal, not a file or a pipe.
bool is_terminal();

// Whether lines that have been printed can be overwritten: a terminal, unless TERM is "dumb".
bool can_redraw();

// Width in characters: the environment variable COLUMNS, else what the system says, else 80.
std::size_t terminal_width();

// Writes bytes, such as those of a PNG file, unchanged. Errors show at the end of the program, as
// those of printf() do.
void write_to_standard_output(std::span<const std::uint8_t> bytes);

// Replaces every control character except the newline with a question mark: untrusted text, such as
// what a message quotes from a file, must not move the cursor or rename the window.
std::string printable(std::string text);

}  // namespace digits
