#include "cli/open_in_browser.h"

#include <cstdlib>
#include <string>

#include "util/require.h"

namespace digits {

#ifdef _WIN32

bool open_file(const std::filesystem::path&) {
    return false;  // the command below is for a POSIX shell
}

#else

namespace {

// Quotes a string so that the shell takes it as one word, whatever characters it contains.
std::string quoted(const std::string& word) {
    std::string quoted = "'";
    for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

}  // namespace

bool open_file(const std::filesystem::path& path) {
    // An absolute path cannot be mistaken for an option.
    const std::string name = quoted(std::filesystem::absolute(path).string());
    const std::string command = str_cat(
        "for opener in xdg-open open; do command -v $opener >/dev/null 2>&1 && exec $opener ", name,
        " >/dev/null 2>&1 </dev/null; done; exit 1");
    return std::system(command.c_str()) == 0;
}

#endif

}  // namespace digits
