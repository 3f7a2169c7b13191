#include "cli/open_in_browser.h"

#include <cstdint>
#include <cstdlib>

#include "cli/shell_command.h"
#include "util/text.h"

#ifdef _WIN32
#include <windows.h>
// Needs the one above.
#include <shellapi.h>
#endif

namespace digits {

#ifdef _WIN32

std::string open_file(const std::filesystem::path& path) {
    const HINSTANCE result = ShellExecuteW(
        nullptr, L"open", std::filesystem::absolute(path).c_str(), nullptr, nullptr, SW_SHOWNORMAL);
    const auto code = reinterpret_cast<std::intptr_t>(result);
    // Documented so: an error code up to 32, or else no handle of anything.
    return code > 32 ? "" : str_cat("Windows knows no program for it (error ", code, ")");
}

#else

namespace {

// Tries the openers in turn and exits with 0 for success, 1 if all that are there fail and 2 if
// there is none. Under the Windows Subsystem for Linux a Linux desktop is rarely there, but Windows
// is; explorer.exe succeeds with any exit code, and takes names as Windows writes them.
constexpr const char* open_in_turn = R"(
status=2
try() {
    command -v "$1" >/dev/null 2>&1 || return 0
    "$@" >/dev/null 2>&1 </dev/null && exit 0
    status=1
}
if [ -n "$WSL_DISTRO_NAME" ] || grep -qi microsoft /proc/version 2>/dev/null; then
    try wslview "$file"
    windows=$(wslpath -w "$file" 2>/dev/null)
    if [ -n "$windows" ] && command -v explorer.exe >/dev/null 2>&1; then
        explorer.exe "$windows" >/dev/null 2>&1 </dev/null
        exit 0
    fi
fi
try xdg-open "$file"
try open "$file"
exit $status)";

}  // namespace

std::string open_file(const std::filesystem::path& path) {
    // An absolute path cannot be mistaken for an option.
    const std::string file = shell_word(std::filesystem::absolute(path).string());
    const int status = std::system(str_cat("file=", file, open_in_turn).c_str());
    if (status == 0) return "";
    // The exit code is in the second byte of what POSIX systems return.
    return status >> 8 == 2 ? "neither xdg-open nor open is installed"
                            : "the desktop's opener failed; is there a screen?";
}

#endif

}  // namespace digits
