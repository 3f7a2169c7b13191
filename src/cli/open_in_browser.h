// Shows a file in the program that the user's desktop has for it.
#pragma once

#include <filesystem>

namespace digits {

// By xdg-open or open, whichever is there; whether one was, and could.
bool open_file(const std::filesystem::path& path);

}  // namespace digits
