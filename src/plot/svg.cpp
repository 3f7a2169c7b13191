#include "plot/svg.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "util/require.h"
#include "util/text.h"

namespace digits {
namespace {

struct Color {
    std::string_view name, light, dark;  // on light and dark pages
};

// The series' colours are those of Okabe and Ito, "Color Universal Design", 2008, distinguishable
// with red-green colour blindness; darkened where the background is white.
constexpr Color colors[] = {
    {"paper", "#fff", "#161b22"},   {"ink", "#1f2328", "#e6edf3"}, {"faint", "#656d76", "#9198a1"},
    {"grid", "#d8dee4", "#363c44"}, {"s0", "#0072b2", "#58a6e8"},  {"s1", "#d55e00", "#ff8c42"},
    {"s2", "#00805e", "#3fc79a"},   {"s3", "#b5528c", "#e29ac8"},  {"s4", "#a07000", "#e0ac2b"},
    {"s5", "#2f9bd6", "#8fd0f5"},
};

// Twice, since image viewers that do not know var() skip a declaration with it and keep the first.
std::string paint(std::string_view property, std::string_view name) {
    const Color& color = *std::ranges::find(colors, name, &Color::name);
    return str_cat(property, ": ", color.light, "; ", property, ": var(--", name, ')');
}

std::string points_of(std::span<const Point> points) {
    std::string list;
    for (const Point& point : points) {
        if (!list.empty()) list += ' ';
        list += svg_number(point.x);
        list += ',';
        list += svg_number(point.y);
    }
    return list;
}

std::string place(const Box& box) {
    return str_cat(R"(x=")", svg_number(box.x), R"(" y=")", svg_number(box.y), R"(" width=")",
                   svg_number(box.width), R"(" height=")", svg_number(box.height), '"');
}

std::string opacity_of(double opacity) {
    return opacity < 1.0 ? str_cat(R"( fill-opacity=")", format_fixed(opacity, 2), '"') : "";
}

// Base64 (RFC 4648): three bytes become four letters of six bits each.
std::string base64(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string code;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j) bits = bits << 8 | (j < count ? bytes[i + j] : 0u);
        for (std::size_t j = 0; j < 4; ++j) {
            code += j <= count ? letters[bits >> (18 - 6 * j) & 63] : '=';
        }
    }
    return code;
}

}  // namespace

std::string svg_number(double value) {
    std::string digits = format_fixed(value, 1);
    if (digits.ends_with(".0")) digits.resize(digits.size() - 2);
    return digits == "-0" ? "0" : digits;
}

std::string xml_escaped(std::string_view words) {
    std::string escaped;
    for (const char c : valid_utf8(words)) {
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            default:
                // XML allows no other control characters than these, not even escaped.
                if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') {
                    escaped += replacement_character;
                } else {
                    escaped += c;
                }
        }
    }
    return escaped;
}

Svg::Svg(double width, double height, std::string_view title)
    : width_(width), height_(height), title_(title) {
    require(width > 0 && height > 0, "svg: a figure of ", width, " x ", height,
            "; both sides must be above 0");
}

void Svg::line(Point from, Point to, std::string_view classes) {
    const Point both[] = {from, to};
    polyline(both, classes);
}

void Svg::polyline(std::span<const Point> points, std::string_view classes) {
    body_ +=
        str_cat(R"(<polyline class="line )", classes, R"(" points=")", points_of(points), "\"/>\n");
}

void Svg::area(std::span<const Point> outline, std::string_view classes) {
    body_ +=
        str_cat(R"(<polygon class="area )", classes, R"(" points=")", points_of(outline), "\"/>\n");
}

void Svg::rectangle(const Box& box, std::string_view classes, double opacity) {
    body_ +=
        str_cat(R"(<rect class="area )", classes, R"(" )", place(box), opacity_of(opacity), "/>\n");
}

void Svg::squares(std::span<const Point> corners, double side, std::string_view classes,
                  double opacity) {
    const std::string length = svg_number(side);
    std::string path;
    for (const Point& corner : corners) {
        path += str_cat('M', svg_number(corner.x), ' ', svg_number(corner.y), 'h', length, 'v',
                        length, "h-", length, 'z');
    }
    body_ += str_cat(R"(<path class="area )", classes, '"', opacity_of(opacity), R"( d=")", path,
                     "\"/>\n");
}

void Svg::begin_group(std::string_view classes) {
    body_ += str_cat(R"(<g class=")", classes, "\">\n");
}

void Svg::end_group() {
    body_ += "</g>\n";
}

void Svg::style(std::string_view rules) {
    body_ += str_cat("<style>\n", rules, "</style>\n");
}

void Svg::frame(const Box& box, std::string_view classes) {
    const Point corners[] = {{box.x, box.y},
                             {box.right(), box.y},
                             {box.right(), box.bottom()},
                             {box.x, box.bottom()},
                             {box.x, box.y}};
    polyline(corners, classes);
}

void Svg::dot(Point centre, double radius, std::string_view classes) {
    body_ += str_cat(R"(<circle class="area )", classes, R"(" cx=")", svg_number(centre.x),
                     R"(" cy=")", svg_number(centre.y), R"(" r=")", svg_number(radius), "\"/>\n");
}

void Svg::words(Point at, std::string_view words, std::string_view classes, Anchor anchor) {
    constexpr std::string_view anchors[] = {"", R"( text-anchor="middle")",
                                            R"( text-anchor="end")"};
    body_ += str_cat(R"(<text class=")", classes, '"', anchors[static_cast<std::size_t>(anchor)],
                     R"( x=")", svg_number(at.x), R"(" y=")", svg_number(at.y), R"(">)",
                     xml_escaped(words), "</text>\n");
}

void Svg::upward_words(Point at, std::string_view words, std::string_view classes) {
    body_ += str_cat(R"(<text class=")", classes, R"(" text-anchor="middle" transform="translate()",
                     svg_number(at.x), ' ', svg_number(at.y), ") rotate(-90)\">",
                     xml_escaped(words), "</text>\n");
}

void Svg::pixels(const Box& box, std::span<const std::uint8_t> png) {
    body_ += str_cat("<image ", place(box), R"( preserveAspectRatio="none")",
                     R"( style="image-rendering:pixelated" href="data:image/png;base64,)",
                     base64(png), "\"/>\n");
}

std::string Svg::styles() {
    std::string style = "svg.plot { font-family: system-ui, sans-serif; font-size: 13px;";
    for (const Color& color : colors)
        style += str_cat("\n  --", color.name, ": ", color.light, ';');
    style += " }\n@media (prefers-color-scheme: dark) { svg.plot {";
    for (const Color& color : colors) style += str_cat("\n  --", color.name, ": ", color.dark, ';');
    style +=
        str_cat(" } }\n.plot text { ", paint("fill", "ink"),
                " } .plot .title { font-size: 15px; font-weight: 600 }\n"
                ".plot .small { font-size: 11px } .plot text.label, .plot text.small { ",
                paint("fill", "faint"), " }\n.plot .line { fill: none; ", paint("stroke", "ink"),
                "; stroke-width: 2; stroke-linejoin: round }\n.plot .area { ", paint("fill", "ink"),
                "; stroke: none } .plot .area.paper { ", paint("fill", "paper"),
                " }\n.plot .thin { stroke-width: 1 } .plot .pale { opacity: 0.35 }\n");
    for (const std::string_view name : {"faint", "grid"}) {
        style +=
            str_cat(".plot .line.", name, " { ", paint("stroke", name),
                    "; stroke-width: 1 } .plot .area.", name, " { ", paint("fill", name), " }\n");
    }
    for (const std::string_view name : {"s0", "s1", "s2", "s3", "s4", "s5"}) {
        style += str_cat(".plot .line.", name, " { ", paint("stroke", name), " } .plot .area.",
                         name, ", .plot text.", name, " { ", paint("fill", name), " }\n");
    }
    return style + str_cat(".plot .bold { font-weight: 600 } .plot text.on { ",
                           paint("fill", "paper"),
                           " }\n.plot .line.dashed { stroke-dasharray: 5 4 } "
                           ".plot .line.filled.s0 { ",
                           paint("fill", "s0"), "; fill-opacity: 0.15 }\n.plot .line.rest { ",
                           paint("stroke", "faint"), "; stroke-width: 1; opacity: 0.4 }\n");
}

std::string Svg::str(bool standalone) const {
    const std::string name = xml_escaped(title_);
    std::string svg =
        str_cat(R"(<svg class="plot" role="img" aria-label=")", name, R"(" viewBox="0 0 )",
                svg_number(width_), ' ', svg_number(height_), '"');
    if (standalone) {
        svg += str_cat(R"( xmlns="http://www.w3.org/2000/svg" width=")", svg_number(width_),
                       R"(" height=")", svg_number(height_), '"');
    }
    svg += str_cat("><title>", name, "</title>\n");
    if (standalone) svg += str_cat("<style>\n", styles(), "</style>\n");
    svg += str_cat(R"(<rect class="area paper" width="100%" height="100%" rx="8"/>)", "\n");
    return svg + body_ + "</svg>\n";
}

}  // namespace digits
