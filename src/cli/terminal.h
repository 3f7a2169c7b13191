// Terminal queries: whether it is one, and how wide.
#pragma once

#include <cstddef>

namespace digits {

// Whether standard output is a terminal, not a file or a pipe.
bool is_terminal();

// Whether lines that have been printed can be overwritten: a terminal, unless TERM is "dumb".
bool can_redraw();

// Width in characters: the environment variable COLUMNS, else what the system says, else 80.
std::size_t terminal_width();

}  // namespace digits
