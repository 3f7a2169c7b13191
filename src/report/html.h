// HTML building blocks of a report; their output is well-formed XML, too.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plot/svg.h"

namespace digits {

using HtmlRow = std::vector<std::string>;

// A table with a header row; the first cell of each row is a header, too. All text is escaped.
// `css_class` may be empty.
std::string html_table(std::string_view caption, const HtmlRow& header,
                       std::span<const HtmlRow> rows, std::string_view css_class = "");

// A figure with a caption below it, or none.
std::string html_figure(const Svg& svg, std::string_view caption = "");

// A complete page around `body`, without references to external resources.
std::string html_page(std::string_view title, std::string_view body);

}  // namespace digits
