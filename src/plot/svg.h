// Builds an SVG image from lines, rectangles, words and pixels.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace digits {

// In SVG's own units, one pixel each when the image is not scaled; y grows downward.
struct Point {
    double x = 0.0, y = 0.0;
};

struct Box {
    double x = 0.0, y = 0.0, width = 0.0, height = 0.0;

    double right() const { return x + width; }
    double bottom() const { return y + height; }
};

enum class Anchor { start, middle, end };

// How things look is said once, by classes, for light pages and for dark ones:
//     line, area      ink, faint, grid, s0 ... s5: the six colours that tell series apart
//     line            behind a colour: dashed, filled (towards its ends), or rest: one of many
//                     that need not be told apart
//     words           title, label, small, bold, on (a dark area), and any of the colours
// An image stands on a panel of its own, so that it can be read wherever it is shown.
class Svg {
public:
    // `title` says what the image shows, for those who cannot see it.
    Svg(double width, double height, std::string_view title);

    void line(Point from, Point to, std::string_view classes);
    void polyline(std::span<const Point> points, std::string_view classes);
    void area(std::span<const Point> outline, std::string_view classes);
    void rectangle(const Box& box, std::string_view classes, double opacity = 1.0);
    // Many squares of one look, as one shape: a fifth of the letters.
    void squares(std::span<const Point> corners, double side, std::string_view classes,
                 double opacity = 1.0);
    void frame(const Box& box, std::string_view classes);  // a rectangle's four lines
    void dot(Point centre, double radius, std::string_view classes);
    void words(Point at, std::string_view words, std::string_view classes,
               Anchor anchor = Anchor::start);
    // Words that run upward, centred at this point.
    void upward_words(Point at, std::string_view words, std::string_view classes);
    // Pixels as sharp squares, from a whole PNG file.
    void pixels(const Box& box, std::span<const std::uint8_t> png);

    // What is drawn between the two belongs together, for the rules of a style sheet.
    void begin_group(std::string_view classes);
    void end_group();
    // Such rules, beside those that all images share.
    void style(std::string_view rules);

    // The whole image. `standalone` puts an XML namespace and the styles in, which a file needs.
    std::string str(bool standalone = true) const;

    // The rules for the classes above, to be put once into a page that holds several images.
    static std::string_view styles();

private:
    double width_, height_;
    std::string title_;
    std::string body_;
};

// A number for an attribute, in as few digits as an image needs: "12.3", "12".
std::string svg_number(double value);

// With &, <, > and " as XML wants them.
std::string xml_escaped(std::string_view words);

}  // namespace digits
