// Svg: builds an SVG figure from lines, shapes, text and pixels.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace digits {

// In SVG user units, one pixel each when the figure is not scaled; y grows downward.
struct Point {
    double x = 0.0, y = 0.0;
};

struct Box {
    double x = 0.0, y = 0.0, width = 0.0, height = 0.0;

    double right() const { return x + width; }
    double bottom() const { return y + height; }
};

enum class Anchor { start, middle, end };

// One figure. Style classes say what its elements look like on light pages and on dark ones:
//     line, area      ink, faint, grid, s0 ... s5: the six colours that tell series apart
//     line            after a colour: dashed, filled (the shape closed from end to start), or
//                     rest: one of many lines that need not be told apart
//     words           title, label, small, bold, on (a dark area), and any of the colours
// A figure has its own background, so that it is legible on any page.
class Svg {
public:
    // `title` describes the figure for screen readers.
    Svg(double width, double height, std::string_view title);

    void line(Point from, Point to, std::string_view classes);
    void polyline(std::span<const Point> points, std::string_view classes);
    void area(std::span<const Point> outline, std::string_view classes);
    void rectangle(const Box& box, std::string_view classes, double opacity = 1.0);
    // Many squares of one style as a single path: a fifth of the bytes of as many rectangles.
    void squares(std::span<const Point> corners, double side, std::string_view classes,
                 double opacity = 1.0);
    void frame(const Box& box, std::string_view classes);  // outline of a rectangle
    void dot(Point centre, double radius, std::string_view classes);
    void words(Point at, std::string_view words, std::string_view classes,
               Anchor anchor = Anchor::start);
    // Text that runs upward, centred at this point.
    void upward_words(Point at, std::string_view words, std::string_view classes);
    // The pixels of a PNG file as sharp squares, without interpolation.
    void pixels(const Box& box, std::span<const std::uint8_t> png);

    // Elements drawn between the two form a group, to which CSS rules can apply.
    void begin_group(std::string_view classes);
    void end_group();
    // Adds CSS rules to those that all figures share.
    void style(std::string_view rules);

    // The finished figure. `standalone` adds the XML namespace and the styles that a file needs.
    std::string str(bool standalone = true) const;

    // The CSS rules for the classes above, to be included once in a page with several figures.
    static std::string styles();

private:
    double width_, height_;
    std::string title_;
    std::string body_;
};

// A coordinate, rounded to the one decimal that a figure needs: "12.3", "12".
std::string svg_number(double value);

// Replaces &, <, > and " by XML entities, and what XML does not allow, control characters and bytes
// that are not UTF-8, by U+FFFD.
std::string xml_escaped(std::string_view words);

}  // namespace digits
