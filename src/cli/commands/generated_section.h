// Generated sections: replaces the part of a text file between two marker lines.
#pragma once

#include <filesystem>
#include <string>

namespace digits {

// Replaces the text between the lines "<!-- NAME -->" and "<!-- end of NAME -->"; `section` ends
// with a newline or is empty. Lines end as they do in the file: with LF, or with CR LF. Throws
// std::runtime_error when the markers are missing.
void replace_generated_section(const std::filesystem::path& file, const std::string& name,
                               const std::string& section);

// The current text of the section.
std::string generated_section(const std::filesystem::path& file, const std::string& name);

}  // namespace digits
