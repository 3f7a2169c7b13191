// What can be known of the screen that the program writes to.
#pragma once

#include <cstddef>

namespace digits {

// Whether standard output is a terminal, where a line can be drawn again, and not a file or a pipe.
bool is_terminal();

// Whether a line may be drawn over the one before: a terminal, but not one that calls itself dumb.
bool can_redraw();

// Its width in characters, as the variable COLUMNS or the system says; 80 when neither does.
std::size_t terminal_width();

}  // namespace digits
