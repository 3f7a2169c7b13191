// Opens a file, such as report.html, with the desktop's default program.
#pragma once

#include <filesystem>

namespace digits {

// Uses xdg-open or open, whichever is installed. Returns whether that succeeded.
bool open_file(const std::filesystem::path& path);

}  // namespace digits
