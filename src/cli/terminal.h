// The terminal: is standard output one, how wide, which characters does it show? And the filter for
// text that is printed to it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "plot/terminal_image.h"

namespace digits {

// Prepares the console of Windows for UTF-8 and for the control sequences of other terminals; at
// the end it is as it was, because the console outlives the program. Nothing elsewhere.
class ConsoleMode {
public:
    ConsoleMode();
    ~ConsoleMode();
    ConsoleMode(const ConsoleMode&) = delete;
    ConsoleMode& operator=(const ConsoleMode&) = delete;

private:
    [[maybe_unused]] unsigned code_page_ = 0;  // before; 0 where there is none to restore
    [[maybe_unused]] unsigned long mode_ = 0;
};

// Whether standard output is a terminal, not a file or a pipe.
bool is_terminal();

// Whether lines that have been printed can be overwritten: a terminal, unless TERM is "dumb".
bool can_redraw();

// Width in characters: that of the terminal, now, because its window may change; without a
// terminal, the environment variable COLUMNS, else 80.
std::size_t terminal_width();

// Writes bytes, such as those of a PNG file, unchanged. Errors show at the end of the program, as
// those of printf() do.
void write_to_standard_output(std::span<const std::uint8_t> bytes);

// How images are drawn on standard output.
ImageStyle output_style();

// The program's own text as standard output can show it: where that is not UTF-8, "+-" for the
// plus-minus sign and "x" for the multiplication sign. Other characters, such as those of names,
// stay.
std::string in_output_encoding(std::string text);

// The name of a file or of a data set for a line on standard output: printable, and on one line, on
// a terminal; as it is in a file or a pipe, where another program may look for that file.
std::string shown_name(const std::string& name);

}  // namespace digits
