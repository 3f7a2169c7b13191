#include "plot/svg.h"

#include <cmath>
#include <cstdint>

#include "util/require.h"
#include "util/text.h"

namespace digits {
namespace {

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

std::string_view Svg::styles() {
    // The six colours are those of Okabe and Ito, "Color Universal Design", 2008, distinguishable
    // with red-green colour blindness; darkened where the background is white.
    return R"(svg.plot { font-family: system-ui, sans-serif; font-size: 13px;
  --paper: #fff; --ink: #1f2328; --faint: #656d76; --grid: #d8dee4;
  --s0: #0072b2; --s1: #d55e00; --s2: #00805e; --s3: #b5528c; --s4: #a07000; --s5: #2f9bd6 }
@media (prefers-color-scheme: dark) { svg.plot {
  --paper: #161b22; --ink: #e6edf3; --faint: #9198a1; --grid: #363c44;
  --s0: #58a6e8; --s1: #ff8c42; --s2: #3fc79a; --s3: #e29ac8; --s4: #e0ac2b; --s5: #8fd0f5 } }
.plot text { fill: var(--ink) } .plot .title { font-size: 15px; font-weight: 600 }
.plot .small { font-size: 11px } .plot text.label, .plot text.small { fill: var(--faint) }
.plot .line { fill: none; stroke: var(--ink); stroke-width: 2; stroke-linejoin: round }
.plot .area { fill: var(--ink); stroke: none } .plot .area.paper { fill: var(--paper) }
.plot .thin { stroke-width: 1 } .plot .pale { opacity: 0.35 }
.plot .line.faint { stroke: var(--faint); stroke-width: 1 } .plot .area.faint { fill: var(--faint) }
.plot .line.grid { stroke: var(--grid); stroke-width: 1 } .plot .area.grid { fill: var(--grid) }
.plot .line.s0 { stroke: var(--s0) } .plot .area.s0, .plot text.s0 { fill: var(--s0) }
.plot .line.s1 { stroke: var(--s1) } .plot .area.s1, .plot text.s1 { fill: var(--s1) }
.plot .line.s2 { stroke: var(--s2) } .plot .area.s2, .plot text.s2 { fill: var(--s2) }
.plot .line.s3 { stroke: var(--s3) } .plot .area.s3, .plot text.s3 { fill: var(--s3) }
.plot .line.s4 { stroke: var(--s4) } .plot .area.s4, .plot text.s4 { fill: var(--s4) }
.plot .line.s5 { stroke: var(--s5) } .plot .area.s5, .plot text.s5 { fill: var(--s5) }
.plot .bold { font-weight: 600 } .plot text.on { fill: var(--paper) }
.plot .line.dashed { stroke-dasharray: 5 4 } .plot .line.filled.s0 { fill: var(--s0); fill-opacity: 0.15 }
.plot .line.rest { stroke: var(--faint); stroke-width: 1; opacity: 0.4 }
)";
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
