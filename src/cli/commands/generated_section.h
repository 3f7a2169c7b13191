// The part of a text that a program writes, in a file that people write.
#pragma once

#include <filesystem>
#include <string>

namespace digits {

// Replaces what stands between the lines "<!-- NAME -->" and "<!-- end of NAME -->"; `part` ends
// with a newline or is empty. Throws std::runtime_error that says what is missing.
void replace_generated_section(const std::filesystem::path& file, const std::string& name,
                               const std::string& part);

// What stands there now.
std::string generated_section(const std::filesystem::path& file, const std::string& name);

}  // namespace digits
