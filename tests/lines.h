// A text, line by line.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace digits::testing {

// A newline at the end does not begin another line.
inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

}  // namespace digits::testing
