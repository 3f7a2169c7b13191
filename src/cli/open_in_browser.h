// Opens a file, such as report.html, with the desktop's default program.
#pragma once

#include <filesystem>
#include <string>

namespace digits {

// Windows' shell, or the first of these that is installed and succeeds: wslview and Windows itself
// (under the Windows Subsystem for Linux only), xdg-open, open. Returns "", or why the file was not
// opened.
std::string open_file(const std::filesystem::path& path);

}  // namespace digits
