// report.html: well-formed, self-contained, and its figures show what was measured.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "check.h"
#include "plot/svg.h"
#include "report/html.h"
#include "run_program.h"
#include "xml.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;
using testing::digits_in;
using testing::Element;
using testing::make_data;
using testing::metric;
using testing::read_text;
using testing::read_xml;
using testing::Result;
using testing::TemporaryFolder;
using testing::with_class;

const char* const figures[] = {"loss.svg",      "accuracy.svg",    "loss-moving.svg",
                               "confusion.svg", "reliability.svg", "confusion-moving.svg",
                               "mistakes.svg",  "weights.svg"};

void train(const TemporaryFolder& folder, const std::string& options) {
    make_data(folder);
    const Result result = digits_in(folder, "train --data tiny --quiet --out out " + options);
    check_equal(result.errors, "");
    check_equal(result.exit_code, 0);
}

double number_in(std::string_view text) {
    return parse_number(text).value_or(std::nan(""));
}

std::vector<Point> points_of(const Element& polyline) {
    std::vector<Point> points;
    for (const std::string& word : split_words(polyline.attributes.at("points"))) {
        const std::size_t comma = word.find(',');
        points.push_back({number_in(word.substr(0, comma)), number_in(word.substr(comma + 1))});
    }
    return points;
}

// Steps and losses, as steps.csv has them.
std::vector<Point> rows_of_steps(const TemporaryFolder& folder) {
    std::istringstream lines(read_text(folder / "out" / "steps.csv"));
    std::string line;
    std::getline(lines, line);
    std::vector<Point> rows;
    while (std::getline(lines, line)) {
        std::ranges::replace(line, ',', ' ');
        const std::vector<std::string> fields = split_words(line);
        check_equal(fields.size(), 5u);
        rows.push_back({number_in(fields[0]), number_in(fields[3])});
    }
    return rows;
}

TEST(the_xml_parser_of_the_tests_is_strict) {
    check_equal(read_xml("<a b=\"1\"><c/>x &amp; y</a>\n").size(), 2u);
    for (const char* wrong : {"<a>", "<a></b>", "<a b=1/>", "<a>&</a>", "<a/><b/>", "<a b=\"<\"/>",
                              "<a b=\"1\" b=\"2\"/>", "<a><b></a></b>", "<br>", ""}) {
        check_throws([&] { read_xml(wrong); }, "xml: ");
    }
}

TEST(a_report_is_well_formed_and_self_contained) {
    const TemporaryFolder folder;
    train(folder, "--hidden 20,10 --epochs 3 --batch-size 20");
    const std::string page = read_text(folder / "out" / "report.html");
    check(page.size() < 300'000);
    for (const Element& element : read_xml(page)) {
        check(element.name != "script" && element.name != "link" && element.name != "iframe");
        for (const auto& [key, value] : element.attributes) {
            check(!key.starts_with("on"));
            if (key == "src" || key == "href") check(value.starts_with("data:image/png;base64,"));
        }
        if (element.name == "svg") check(!element.attributes.at("aria-label").empty());
        if (element.name == "th") check(element.attributes.contains("scope"));
    }
    for (const char* outside : {"http:", "https:", "url(", "@import"}) {
        check_equal(page.find(outside), std::string::npos);
    }
    check_contains(page, "<html lang=\"en\">");
    check_contains(page, "prefers-color-scheme: dark");
    check_contains(page, "prefers-reduced-motion: reduce");
    const std::string hash = metric(folder, "weights_hash");
    check_contains(page, "<td>" + hash.substr(1, hash.size() - 2) + "</td>");
    for (const char* figure : figures) {
        check(read_xml(read_text(folder / "out" / figure)).size() > 6);
    }
}

TEST(the_loss_curve_goes_through_the_recorded_steps) {
    const TemporaryFolder folder;
    // Enough steps that the curve must be downsampled.
    train(folder, "--hidden 8 --epochs 80 --batch-size 20");
    const std::vector<Point> rows = rows_of_steps(folder);
    check_equal(rows.size(), 1520u);
    const std::string svg = read_text(folder / "out" / "loss.svg");
    const std::vector<Element> elements = read_xml(svg);
    const bool logarithmic = svg.find("loss, logarithmic") != std::string::npos;
    const auto height = [&](double loss) { return logarithmic ? std::log(loss) : loss; };
    // The axes span the data: the extremes of both give the scale.
    const std::vector<Point> curve = points_of(with_class(elements, "polyline", "raw").back());
    double low = 1e300, high = -1e300, top = 1e300, bottom = -1e300;
    for (const Point& row : rows) {
        low = std::min(low, row.y);
        high = std::max(high, row.y);
    }
    for (const Point& point : curve) {
        top = std::min(top, point.y);
        bottom = std::max(bottom, point.y);
    }
    const auto y_of = [&](double loss) {
        return bottom +
               (height(loss) - height(low)) / (height(high) - height(low)) * (top - bottom);
    };
    check(curve.size() > 500 && curve.size() <= 700);
    const double left = curve.front().x, width = curve.back().x - left;
    check_near(left, 62.0, 1.0);
    std::size_t on_the_curve = 0;
    for (const Point& point : curve) {
        // Several steps share a pixel: one of them must be that high.
        const double step = 1.0 + (point.x - left) / width * static_cast<double>(rows.size() - 1);
        double nearest = 1e300;
        for (const Point& row : rows) {
            if (std::abs(row.x - step) < 6.0) {
                nearest = std::min(nearest, std::abs(y_of(row.y) - point.y));
            }
        }
        on_the_curve += nearest <= 0.11;  // coordinates are rounded to tenths
    }
    check_equal(on_the_curve, curve.size());
    // The tick labels are at the right heights, too.
    std::size_t ticks = 0;
    for (const Element& words : with_class(elements, "text", "small")) {
        if (!words.attributes.contains("text-anchor")) continue;
        if (words.attributes.at("text-anchor") != "end") continue;
        check_near(number_in(words.attributes.at("y")) - 4.0, y_of(number_in(words.words)), 0.2);
        ++ticks;
    }
    check(ticks >= 2);
}

TEST(the_heatmap_counts_every_test_image_and_the_page_gives_the_accuracy) {
    const TemporaryFolder folder;
    train(folder, "--hidden 20 --epochs 2");
    const std::vector<Element> elements = read_xml(read_text(folder / "out" / "confusion.svg"));
    int total = 0;
    for (const Element& count : with_class(elements, "text", "count")) {
        total += std::stoi(count.words);
    }
    check_equal(total, 80);
    const std::string page = read_text(folder / "out" / "report.html");
    const double accuracy = number_in(metric(folder, "test_accuracy"));
    check_contains(page, "<dd>" + percent(accuracy) + "</dd>");
    check_contains(page, "<summary>Counts as a table</summary>");
}

TEST(a_report_of_a_run_without_validation_has_no_animated_matrix) {
    const TemporaryFolder folder;
    train(folder, "--hidden 20 --epochs 2");
    check(std::filesystem::exists(folder / "out" / "confusion-moving.svg"));
    train(folder, "--hidden 20 --epochs 2 --validation 0");  // nor one of an earlier run
    read_xml(read_text(folder / "out" / "report.html"));
    check(!std::filesystem::exists(folder / "out" / "confusion-moving.svg"));
    check(std::filesystem::exists(folder / "out" / "loss-moving.svg"));
}

TEST(text_is_escaped_in_a_page) {
    const std::string page = html_page("a < b", html_table("R&D", {"x", "<y>"}, {}));
    check_contains(page, "<title>a &lt; b</title>");
    check_contains(page, "<caption>R&amp;D</caption>");
    check_contains(page, "<th scope=\"col\">&lt;y&gt;</th>");
    check_contains(html_table("", {}, {}, "settings"), "<table class=\"settings\">\n");
    read_xml(page);
}

}  // namespace
}  // namespace digits
