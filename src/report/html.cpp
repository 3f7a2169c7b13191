#include "report/html.h"

#include "util/require.h"

namespace digits {
namespace {

constexpr std::string_view page_styles = R"(
:root { color-scheme: light dark; --page: #f3f4f6; --paper: #fff; --ink: #1f2328;
  --faint: #59636e; --line: #d8dee4; --accent: #0072b2 }
@media (prefers-color-scheme: dark) { :root { --page: #0d1117; --paper: #161b22; --ink: #e6edf3;
  --faint: #9198a1; --line: #363c44; --accent: #58a6e8 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 3rem; background: var(--page);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2 } h2 { margin: 2.2rem 0 0.7rem; font-size: 1.25rem }
p { margin: 0.4rem 0; max-width: 46rem } .faint, figcaption, caption { color: var(--faint) }
figcaption, caption { padding: 0.4rem 0.2rem; font-size: 0.85rem; text-align: left }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem;
  margin: 1.2rem 0 }
.facts div, .panel { background: var(--paper); border-radius: 8px; padding: 0.7rem 0.9rem }
.facts dt { color: var(--faint); font-size: 0.85rem }
.facts dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr));
  gap: 1rem; align-items: start }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(9.4rem, 47%), 1fr));
  gap: 0.75rem }
figure { margin: 0; min-width: 0 } figure svg { display: block; width: 100%; height: auto }
.panel { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums }
th, td { padding: 0.22rem 0.5rem; text-align: right; border-top: 1px solid var(--line) }
thead th { border-top: 0; color: var(--faint); font-weight: 500 } th:first-child { text-align: left }
table.settings th, table.settings td { text-align: left; overflow-wrap: anywhere }
details { margin-top: 0.75rem } summary { cursor: pointer; color: var(--accent) }
.pause:focus-visible + label { outline: 2px solid var(--accent); outline-offset: 2px }
.pause { accent-color: var(--accent) }
.pause:checked ~ .plots .frame, .pause:checked ~ .plots .sweep { animation-play-state: paused }
@media (max-width: 34rem) { .plot { font-size: 15px } .plot .small { font-size: 13px }
  .cards .plot { font-size: 13px } .cards .plot .small { font-size: 11px }
  th, td { padding: 0.22rem 0.25rem } }
@media (prefers-reduced-motion: reduce) { .pause, .pause + label { display: none } }
@media print { body { background: none; max-width: none; padding: 0; font-size: 12px } .moving { display: none }
  .cards { grid-template-columns: repeat(7, 1fr) } tbody th, td { white-space: nowrap }
  figure, tr, .facts div { break-inside: avoid } h2 { break-after: avoid }
  .plots { grid-template-columns: 1fr 1fr } }
)";

}  // namespace

std::string html_table(std::string_view caption, const HtmlRow& header,
                       std::span<const HtmlRow> rows, std::string_view css_class) {
    const std::string attribute = css_class.empty() ? "" : str_cat(" class=\"", css_class, '"');
    std::string table = str_cat("<table", attribute, ">\n<caption>", xml_escaped(caption),
                                "</caption>\n<thead><tr>");
    for (const std::string& word : header) {
        table +=
            word.empty() ? "<td></td>" : str_cat(R"(<th scope="col">)", xml_escaped(word), "</th>");
    }
    table += "</tr></thead>\n<tbody>\n";
    for (const HtmlRow& row : rows) {
        table += "<tr>";
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string word = xml_escaped(row[i]);
            table += i == 0 ? str_cat(R"(<th scope="row">)", word, "</th>")
                            : str_cat("<td>", word, "</td>");
        }
        table += "</tr>\n";
    }
    return table + "</tbody>\n</table>\n";
}

std::string html_figure(const Svg& svg, std::string_view caption) {
    const std::string words =
        caption.empty() ? "" : str_cat("<figcaption>", xml_escaped(caption), "</figcaption>\n");
    return str_cat("<figure>\n", svg.str(false), words, "</figure>\n");
}

std::string html_page(std::string_view title, std::string_view body) {
    return str_cat("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n",
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n",
                   "<title>", xml_escaped(title), "</title>\n<style>", Svg::styles(), page_styles,
                   "</style>\n</head>\n<body>\n", body, "</body>\n</html>\n");
}

}  // namespace digits
