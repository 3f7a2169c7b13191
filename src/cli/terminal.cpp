#include "cli/terminal.h"

#include <cstdlib>
#include <string_view>

// The standard library has no terminal functions; POSIX does. Without POSIX, output is treated as a
// file.
#if __has_include(<unistd.h>) && __has_include(<sys/ioctl.h>)
#include <sys/ioctl.h>
#include <unistd.h>
#define DIGITS_HAS_POSIX 1
#endif

namespace digits {

bool is_terminal() {
#ifdef DIGITS_HAS_POSIX
    return isatty(STDOUT_FILENO) == 1;
#else
    return false;
#endif
}

bool can_redraw() {
    const char* const terminal = std::getenv("TERM");
    return is_terminal() && terminal && std::string_view(terminal) != "dumb";
}

std::size_t terminal_width() {
    constexpr long narrowest = 20;
    if (const char* const columns = std::getenv("COLUMNS")) {
        const long width = std::strtol(columns, nullptr, 10);
        if (width >= narrowest) return static_cast<std::size_t>(width);
    }
#ifdef DIGITS_HAS_POSIX
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= narrowest) {
        return size.ws_col;
    }
#endif
    return 80;
}

}  // namespace digits
