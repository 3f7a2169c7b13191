// Parts of a page, as HTML that is well-formed XML, too.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plot/svg.h"

namespace digits {

using HtmlRow = std::vector<std::string>;

// A table of words: a heading row, and in each row a heading first. Everything is escaped.
std::string html_table(std::string_view caption, const HtmlRow& header,
                       std::span<const HtmlRow> rows);

// An image with a line of words beneath, or none.
std::string html_figure(const Svg& image, std::string_view caption = "");

// A whole page around its body. It refers to nothing outside itself.
std::string html_page(std::string_view title, std::string_view body);

}  // namespace digits
