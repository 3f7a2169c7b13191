#include "cli/open_in_browser.h"

#include <cstdlib>
#include <string>

#include "cli/shell_command.h"
#include "util/require.h"

namespace digits {

#ifdef _WIN32

bool open_file(const std::filesystem::path&) {
    return false;  // the command below is for a POSIX shell
}

#else

bool open_file(const std::filesystem::path& path) {
    // An absolute path cannot be mistaken for an option.
    const std::string name = shell_word(std::filesystem::absolute(path).string());
    const std::string command = str_cat(
        "for opener in xdg-open open; do command -v $opener >/dev/null 2>&1 && exec $opener ", name,
        " >/dev/null 2>&1 </dev/null; done; exit 1");
    return std::system(command.c_str()) == 0;
}

#endif

}  // namespace digits
