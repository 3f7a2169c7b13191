// Parser for the Markdown of a chapter: fences, links, formulas and the files that it introduces.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "lines.h"

namespace digits::testing {

// A fenced code block: the lines between ```info and ```.
struct Fence {
    std::string info;
    std::size_t line;  // of the opening, from 1
    std::vector<std::string> lines;
};

inline std::vector<Fence> fences_of(const std::string& markdown) {
    std::vector<Fence> fences;
    bool inside = false;
    std::size_t number = 0;
    for (const std::string& line : lines_of(markdown)) {
        ++number;
        if (line.starts_with("```")) {
            if (!inside) fences.push_back({line.substr(3), number, {}});
            inside = !inside;
        } else if (inside) {
            fences.back().lines.push_back(line);
        }
    }
    return fences;
}

// The text with the lines of its fences replaced by empty ones.
inline std::string without_fences(const std::string& markdown) {
    std::string rest;
    bool inside = false;
    for (const std::string& line : lines_of(markdown)) {
        const bool is_mark = line.starts_with("```");
        rest += (inside || is_mark ? "" : line) + "\n";
        inside = inside != is_mark;
    }
    return rest;
}

// Whether `actual` matches `expected`, in which … stands for any characters. The text between two …
// is matched greedily at its first occurrence: if a later one leads to a match, so does the first.
inline bool line_matches(std::string_view expected, std::string_view actual) {
    constexpr std::string_view dots = "…";
    std::size_t end = expected.find(dots);
    if (end == std::string_view::npos) return expected == actual;
    if (!actual.starts_with(expected.substr(0, end))) return false;
    actual.remove_prefix(end);
    while (true) {
        expected.remove_prefix(end + dots.size());
        end = expected.find(dots);
        if (end == std::string_view::npos) return actual.ends_with(expected);
        const std::size_t found = actual.find(expected.substr(0, end));
        if (found == std::string_view::npos) return false;
        actual.remove_prefix(found + end);
    }
}

// Whether the lines match the expected ones, in which a line … stands for any number of lines.
inline bool output_matches(const std::vector<std::string>& expected,
                           const std::vector<std::string>& actual, std::size_t e = 0,
                           std::size_t a = 0) {
    if (e == expected.size()) return a == actual.size();
    if (expected[e] == "…") {
        for (std::size_t next = a; next <= actual.size(); ++next) {
            if (output_matches(expected, actual, e + 1, next)) return true;
        }
        return false;
    }
    return a < actual.size() && line_matches(expected[e], actual[a]) &&
           output_matches(expected, actual, e + 1, a + 1);
}

// Empty, or the first quoted line that is not found in the file in sequence. The quotation may be
// indented less than the file; a line "// ..." skips lines.
inline std::string quotation_complaint(const std::vector<std::string>& quoted,
                                       const std::vector<std::string>& file) {
    const auto stripped = [](std::string_view line) {
        const std::size_t begin = line.find_first_not_of(' ');
        return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
    };
    const auto matches_at = [&](std::size_t q, std::size_t f) {
        for (; q < quoted.size() && stripped(quoted[q]) != "// ..."; ++q, ++f) {
            if (f >= file.size() || stripped(quoted[q]) != stripped(file[f])) return false;
        }
        return true;
    };
    std::size_t f = 0;
    for (std::size_t q = 0; q < quoted.size(); ++q) {
        if (stripped(quoted[q]) == "// ...") continue;
        while (f < file.size() && !matches_at(q, f)) ++f;
        if (f == file.size()) return quoted[q];
        while (q < quoted.size() && stripped(quoted[q]) != "// ...") ++q, ++f;
    }
    return "";
}

// Empty, or what is wrong with the formulas of this line. Between dollars, Markdown treats a
// backslash before punctuation as an escape; displayed formulas belong in a ```math block.
inline std::string formula_complaint(std::string_view line) {
    if (line.find("$$") != std::string_view::npos) return "has $$: write ```math";
    bool inside = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '$') inside = !inside;
        const bool escapes = inside && line[i] == '\\' && i + 1 < line.size();
        if (escapes && std::isalpha(static_cast<unsigned char>(line[i + 1])) == 0) {
            return "has a backslash that Markdown removes";
        }
    }
    return inside ? "has an unterminated formula" : "";
}

// The path of the file that a line such as #include "../shared.h" in this folder includes: shared
// by the chapters ("../"), of this chapter ("checks.h") or of the library. Empty for any other
// line.
inline std::string included_file(const std::string& line, const std::string& folder) {
    if (!line.starts_with("#include \"")) return "";
    const std::string name = line.substr(10, line.rfind('"') - 10);
    if (name.starts_with("../")) return "chapters/" + name.substr(3);
    return (name.find('/') == std::string::npos ? folder : "src") + "/" + name;
}

// The anchor that GitHub gives a heading.
inline std::string anchor_of(std::string_view heading) {
    std::string anchor;
    for (const char c : heading) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || byte >= 0x80) {
            anchor += static_cast<char>(std::tolower(byte));
        } else if (c == ' ') {
            anchor += '-';
        }
    }
    return anchor;
}

inline std::vector<std::string> anchors_of(const std::string& markdown) {
    std::vector<std::string> anchors;
    for (const std::string& line : lines_of(without_fences(markdown))) {
        const std::size_t hashes = std::min(line.find_first_not_of('#'), line.size());
        if (hashes == 0 || hashes >= line.size() || line[hashes] != ' ') continue;
        anchors.push_back(anchor_of(std::string_view(line).substr(hashes + 1)));
    }
    return anchors;
}

// The targets of [words](target) and ![words](target), except between backticks.
inline std::vector<std::string> links_of(const std::string& markdown) {
    std::string text;
    bool is_code = false;
    for (const char c : without_fences(markdown)) {
        if (c == '`') is_code = !is_code;
        if (!is_code) text += c;
    }
    std::vector<std::string> links;
    for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
        links.push_back(text.substr(at + 2, text.find(')', at) - at - 2));
    }
    return links;
}

// The files of the paragraph that begins "New files:", each between backticks.
inline std::vector<std::string> new_files_of(const std::string& markdown) {
    const std::size_t begin = markdown.find("\nNew files:");
    if (begin == std::string::npos) return {};
    const std::string paragraph = markdown.substr(begin, markdown.find("\n\n", begin + 1) - begin);
    std::vector<std::string> files;
    for (std::size_t open = paragraph.find('`'); open != std::string::npos;) {
        const std::size_t close = paragraph.find('`', open + 1);
        if (close == std::string::npos) break;
        files.push_back(paragraph.substr(open + 1, close - open - 1));
        open = paragraph.find('`', close + 1);
    }
    return files;
}

// The number of words of prose, without fences.
inline std::size_t words_of(const std::string& markdown) {
    const std::string text = without_fences(markdown);
    std::size_t words = 0;
    bool inside = false;
    for (const char c : text) {
        const bool is_space = std::isspace(static_cast<unsigned char>(c)) != 0;
        words += !is_space && !inside;
        inside = !is_space;
    }
    return words;
}

}  // namespace digits::testing
