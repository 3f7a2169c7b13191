// Figures in a viewer of images that knows neither CSS variables nor a browser's defaults: librsvg,
// which draws them for GNOME, many editors and converters to PDF.
#include <cstdlib>
#include <string>

#include "check.h"
#include "formats/image.h"
#include "places.h"
#include "temporary_folder.h"
#include "util/file.h"

namespace digits {
namespace {

using testing::check;

TEST(figures_are_dark_lines_on_white_paper_without_a_browser) {
    if (std::system("rsvg-convert --version >/dev/null 2>&1") != 0) {
        testing::skip("there is no rsvg-convert here");
    }
    const testing::TemporaryFolder folder;
    const std::string png = (folder / "figure.png").string();
    for (const char* name : {"04-learning/loss.svg", "12-what-it-gets-wrong/confusion.svg"}) {
        const std::string svg = (testing::source_folder() / "chapters" / name).string();
        const std::string command = "rsvg-convert '" + svg + "' -o '" + png + "'";
        check(std::system(command.c_str()) == 0);
        const GrayImage image = decode_image(read_file(png, max_image_bytes), png);
        std::size_t light = 0, dark = 0;
        for (const std::uint8_t pixel : image.pixels) {
            light += pixel > 200;
            dark += pixel < 90;
        }
        check(light > image.pixels.size() / 2);
        check(dark > image.pixels.size() / 500);
    }
}

}  // namespace
}  // namespace digits
