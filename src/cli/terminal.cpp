#include "cli/terminal.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "util/text.h"

// The standard library has no terminal functions; POSIX and Windows do. Without them, output is
// treated as a file.
#ifdef _WIN32
#include <windows.h>
#elif __has_include(<unistd.h>) && __has_include(<sys/ioctl.h>)
#include <sys/ioctl.h>
#include <unistd.h>
#define DIGITS_HAS_POSIX 1
#endif

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

namespace digits {
namespace {

constexpr std::size_t default_width = 80;

// The columns of the terminal; 0 if there is none or it does not tell.
std::size_t columns_of_terminal() {
#ifdef DIGITS_HAS_POSIX
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) return size.ws_col;
#elif defined(_WIN32)
    CONSOLE_SCREEN_BUFFER_INFO info{};
    if (GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info) != 0) {
        return static_cast<std::size_t>(info.srWindow.Right - info.srWindow.Left + 1);
    }
#endif
    return 0;
}

const char* environment_variable(const char* name) {
    const char* const value = std::getenv(name);
#ifdef _WIN32
    // Consoles of Windows that understand control sequences have no TERM, but colours.
    if (!value && std::string_view(name) == "TERM" && is_terminal()) {
        DWORD mode = 0;
        GetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), &mode);
        return (mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0 ? windows_terminal : nullptr;
    }
#endif
    return value;
}

}  // namespace

#ifdef _WIN32

ConsoleMode::ConsoleMode() {
    HANDLE const console = GetStdHandle(STD_OUTPUT_HANDLE);
    if (GetConsoleMode(console, &mode_) == 0) return;  // a file or a pipe
    code_page_ = GetConsoleOutputCP();
    SetConsoleOutputCP(CP_UTF8);
    SetConsoleMode(console, mode_ | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

ConsoleMode::~ConsoleMode() {
    if (code_page_ == 0) return;
    std::fflush(stdout);
    SetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), mode_);
    SetConsoleOutputCP(code_page_);
}

#else

ConsoleMode::ConsoleMode() = default;
ConsoleMode::~ConsoleMode() = default;

#endif

bool is_terminal() {
#ifdef DIGITS_HAS_POSIX
    return isatty(STDOUT_FILENO) == 1;
#elif defined(_WIN32)
    DWORD mode = 0;
    return GetConsoleMode(GetStdHandle(STD_OUTPUT_HANDLE), &mode) != 0;
#else
    return false;
#endif
}

bool can_redraw() {
    const char* const terminal = environment_variable("TERM");
    return is_terminal() && terminal && std::string_view(terminal) != "dumb";
}

std::size_t terminal_width() {
    const std::size_t width = columns_of_terminal();
    if (width > 0) return width;
    constexpr std::size_t widest = 10'000;
    const char* const columns = std::getenv("COLUMNS");
    const std::string_view word = columns ? columns : "";
    std::size_t number = 0;
    const auto [stopped, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool is_number = error == std::errc{} && stopped == word.data() + word.size();
    return is_number && number > 0 && number <= widest ? number : default_width;
}

void write_to_standard_output(std::span<const std::uint8_t> bytes) {
#ifdef _WIN32
    std::fflush(stdout);
    _setmode(_fileno(stdout), _O_BINARY);  // otherwise each byte 0a becomes 0d 0a
#endif
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
}

ImageStyle output_style() {
    return image_style(is_terminal(), environment_variable);
}

std::string in_output_encoding(std::string text) {
    if (output_is_utf8(environment_variable)) return text;
    return replaced(replaced(text, "±", "+-"), "×", "x");
}

std::string shown_name(const std::string& name) {
    return is_terminal() ? printable_line(name) : name;
}

}  // namespace digits
