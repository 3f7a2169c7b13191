// PGM decoder. A PGM file is the letters P2 or P5, then width, height and maximum as decimal
// numbers separated by whitespace, then the pixels: as more such numbers (P2), or after a single
// whitespace character as bytes (P5), two per pixel if the maximum is above 255. A comment extends
// from # to the end of the line.
#include "formats/image.h"
#include "util/require.h"

namespace digits {
namespace {

class PgmReader {
public:
    PgmReader(std::span<const std::uint8_t> bytes, const std::string& name)
        : bytes_(bytes), name_(name) {}

    GrayImage image() {
        if (bytes_.size() < 2 || bytes_[0] != 'P' || (bytes_[1] != '2' && bytes_[1] != '5')) {
            damaged("it does not begin with P2 or P5");
        }
        at_ = 2;
        GrayImage image;
        image.width = number();
        image.height = number();
        const std::size_t maximum = number();
        if (image.width == 0 || image.height == 0 || maximum == 0 || maximum > 65535) {
            damaged(
                "expected a size of 1 x 1 or more and a maximum of 1 to 65535, found a size of ",
                image.width, " x ", image.height, " and a maximum of ", maximum);
        }
        if (image.width > max_pixels / image.height) {
            fail(name_, ": ", image.width, " x ", image.height, " pixels are more than the ",
                 max_pixels, " allowed; scale it down");
        }
        const std::size_t pixels = image.width * image.height;
        const bool is_text = bytes_[1] == '2';
        if (!is_text) take_space();
        const std::size_t width = maximum > 255 ? 2 : 1;  // bytes per pixel
        // Check the header's size before allocating: as text, a pixel takes at least one digit.
        const std::size_t min_bytes = is_text ? pixels : pixels * width;
        if (min_bytes > bytes_.size() - at_) {
            damaged("expected ", pixels, " pixels, but only ", bytes_.size() - at_,
                    " bytes follow the header");
        }
        image.pixels.reserve(pixels);
        for (std::size_t i = 0; i < pixels; ++i) {
            const std::size_t level = is_text ? number() : binary(width);
            if (level > maximum) damaged("pixel value ", level, " exceeds the maximum ", maximum);
            image.pixels.push_back(
                static_cast<std::uint8_t>((level * 255 + maximum / 2) / maximum));
        }
        return image;
    }

private:
    template <class... Parts>
    [[noreturn]] void damaged(const Parts&... what) const {
        fail(name_, ": this PGM file is damaged: ", what..., ", at byte ", at_, " of ",
             bytes_.size());
    }

    bool at_space() const {
        const std::uint8_t c = at_ < bytes_.size() ? bytes_[at_] : 0;
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    void take_space() {
        if (!at_space()) damaged("expected whitespace after the header");
        ++at_;
    }

    void skip_space_and_comments() {
        while (at_space() || (at_ < bytes_.size() && bytes_[at_] == '#')) {
            if (!at_space()) {
                while (at_ < bytes_.size() && bytes_[at_] != '\n' && bytes_[at_] != '\r') ++at_;
            } else {
                ++at_;
            }
        }
    }

    bool at_digit() const {
        return at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9';
    }

    std::size_t number() {
        skip_space_and_comments();
        if (!at_digit()) damaged("expected a number");
        std::size_t value = 0;
        for (; at_digit(); ++at_) {
            value = value * 10 + (bytes_[at_] - std::size_t{'0'});
            if (value > max_pixels) damaged("a number is too large");
        }
        return value;
    }

    std::size_t binary(std::size_t width) {
        std::size_t value = 0;
        for (std::size_t i = 0; i < width; ++i) value = value << 8 | bytes_[at_++];
        return value;
    }

    std::span<const std::uint8_t> bytes_;
    const std::string& name_;
    std::size_t at_ = 0;
};

}  // namespace

GrayImage decode_pgm(std::span<const std::uint8_t> bytes, const std::string& name) {
    return PgmReader(bytes, name).image();
}

}  // namespace digits
