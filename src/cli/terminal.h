// What can be known of the screen that the program writes to.
#pragma once

#include <cstddef>
#include <string>

namespace digits {

// Whether standard output is a terminal, where a line can be drawn again, and not a file or a pipe.
bool is_terminal();

// Whether a line may be drawn over the one before: a terminal, but not one that calls itself dumb.
bool can_redraw();

// Its width in characters, as the variable COLUMNS or the system says; 80 when neither does.
std::size_t terminal_width();

// The text with a question mark for every control character but the newline. What a message quotes
// from a file of who knows whom must not move the cursor or rename the window.
std::string printable(std::string text);

}  // namespace digits
