// Decoder of the formats of Netpbm (netpbm.sourceforge.net/doc). The letters P1 ... P6 are followed
// by the width, the height and, except for bitmaps, the maximum, as decimal numbers separated by
// whitespace. Then come the samples: as more such numbers, or after a single whitespace character
// as bytes, two per sample if the maximum is above 255. A comment extends from # to the end of the
// line.
//
//     text   binary   samples
//      P1      P4     one bit per pixel, 1 is black (PBM, bitmap)
//      P2      P5     one per pixel (PGM, graymap)
//      P3      P6     red, green and blue (PPM, pixmap)
//              P7     any of these and opacity (PAM): its header is lines of a name and a value
#include <array>
#include <string_view>

#include "formats/canvas.h"
#include "formats/image.h"
#include "util/file.h"
#include "util/require.h"

namespace digits {
namespace {

struct NetpbmHeader {
    std::size_t width = 0;
    std::size_t height = 0;
    std::size_t samples = 1;  // per pixel: 1 or 3, and one more with opacity
    std::size_t maximum = 1;
    bool is_text = false;
    bool is_bitmap = false;  // PBM: 1 is black, and eight pixels are a byte
};

bool is_space(std::uint8_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

class NetpbmReader {
public:
    NetpbmReader(std::span<const std::uint8_t> bytes, const std::string& name)
        : bytes_(bytes), name_(name) {}

    GrayImage image(Paper paper) {
        if (bytes_.size() < 2 || bytes_[0] != 'P' || bytes_[1] < '1' || bytes_[1] > '7') {
            damaged("it does not begin with P1 ... P7");
        }
        at_ = 2;
        if (bytes_[1] == '7') {
            read_pam_header();
        } else {
            read_header(bytes_[1] - unsigned{'0'});
        }
        check_header();
        Canvas canvas(header_.width, header_.height, paper);
        for (std::size_t y = 0; y < header_.height; ++y) {
            bit_ = 0;  // each row of bits begins with a new byte
            for (std::size_t x = 0; x < header_.width; ++x) canvas.set(x, y, pixel());
        }
        return canvas.take();
    }

private:
    template <class... Parts>
    [[noreturn]] void damaged(const Parts&... what) const {
        fail(name_, ": this Netpbm file is damaged: ", what..., ", at byte ", at_, " of ",
             bytes_.size());
    }

    void read_header(unsigned kind) {
        header_.is_text = kind <= 3;
        header_.is_bitmap = kind == 1 || kind == 4;
        header_.samples = kind % 3 == 0 ? 3 : 1;
        header_.width = number();
        header_.height = number();
        if (!header_.is_bitmap) header_.maximum = number();
        if (header_.is_text) return;
        // A comment here ends with the one whitespace character, the end of its line.
        if (at_ < bytes_.size() && bytes_[at_] == '#') skip_comment();
        if (at_ == bytes_.size() || !is_space(bytes_[at_])) {
            damaged("expected whitespace after the header");
        }
        ++at_;
    }

    void read_pam_header() {
        std::string tuple_type;
        for (;;) {
            skip_space_and_comments();
            const std::string_view key = word();
            if (key == "ENDHDR") break;
            if (key == "WIDTH") {
                header_.width = number();
            } else if (key == "HEIGHT") {
                header_.height = number();
            } else if (key == "DEPTH") {
                header_.samples = number();
            } else if (key == "MAXVAL") {
                header_.maximum = number();
            } else if (key == "TUPLTYPE") {
                while (at_ < bytes_.size() && bytes_[at_] == ' ') ++at_;
                tuple_type = word();
            } else {
                damaged("expected WIDTH, HEIGHT, DEPTH, MAXVAL, TUPLTYPE or ENDHDR");
            }
        }
        while (at_ < bytes_.size() && bytes_[at_] != '\n') ++at_;
        if (at_ < bytes_.size()) ++at_;
        constexpr std::array<std::string_view, 6> types{"BLACKANDWHITE", "BLACKANDWHITE_ALPHA",
                                                        "GRAYSCALE",     "GRAYSCALE_ALPHA",
                                                        "RGB",           "RGB_ALPHA"};
        constexpr std::array<std::size_t, 6> samples{1, 2, 1, 2, 3, 4};
        bool is_known = tuple_type.empty() && header_.samples >= 1 && header_.samples <= 4;
        for (std::size_t i = 0; i < types.size(); ++i) {
            is_known |= tuple_type == types[i] && header_.samples == samples[i];
        }
        if (is_known) return;
        fail(name_, ": expected a PAM image of the tuple type GRAYSCALE or RGB, found ",
             header_.samples, " samples per pixel",
             tuple_type.empty() ? "" : str_cat(" of the type ", tuple_type), "; save it as PNG");
    }

    void check_header() const {
        const auto& [width, height, samples, maximum, is_text, is_bitmap] = header_;
        if (width == 0 || height == 0 || maximum == 0 || maximum > 65535) {
            damaged(
                "expected a size of 1 x 1 or more and a maximum of 1 to 65535, found a size of ",
                width, " x ", height, " and a maximum of ", maximum);
        }
        if (width > max_pixels / height) {
            fail(name_, ": ", width, " x ", height, " pixels are more than the ", max_pixels,
                 " allowed; scale it down");
        }
        // Checked before allocating: as text, a sample takes at least one digit.
        const std::size_t least = is_text     ? width * height * samples
                                  : is_bitmap ? (width + 7) / 8 * height
                                              : width * height * samples * sample_bytes();
        if (least > bytes_.size() - at_) {
            damaged("expected ", width * height, " pixels, but only ", bytes_.size() - at_,
                    " bytes follow the header");
        }
    }

    std::size_t sample_bytes() const { return header_.maximum > 255 ? 2 : 1; }

    Pixel pixel() {
        std::array<double, 4> s{};  // samples from 0 to 255
        for (std::size_t i = 0; i < header_.samples; ++i) s[i] = 255.0 * level() / maximum();
        if (header_.is_bitmap) return {255.0 - s[0]};
        const bool is_gray = header_.samples < 3, has_opacity = header_.samples % 2 == 0;
        return {is_gray ? s[0] : luma(s[0], s[1], s[2]),
                has_opacity ? s[header_.samples - 1] / 255.0 : 1.0};
    }

    double maximum() const { return static_cast<double>(header_.maximum); }

    double level() {
        std::size_t value = 0;
        if (header_.is_bitmap) {
            value = header_.is_text ? text_bit() : binary_bit();
        } else if (header_.is_text) {
            value = number();
        } else {
            for (std::size_t i = 0; i < sample_bytes(); ++i) value = value << 8 | bytes_[at_++];
        }
        if (value > header_.maximum) {
            damaged("pixel value ", value, " exceeds the maximum ", header_.maximum);
        }
        return static_cast<double>(value);
    }

    // Unlike other numbers, these need no whitespace between them.
    std::size_t text_bit() {
        skip_space_and_comments();
        if (at_ == bytes_.size() || (bytes_[at_] != '0' && bytes_[at_] != '1')) {
            damaged("expected 0 or 1");
        }
        return bytes_[at_++] - std::size_t{'0'};
    }

    // The highest bit of a byte is the leftmost.
    std::size_t binary_bit() {
        if (bit_ == 0) ++at_;
        const unsigned byte = bytes_[at_ - 1];
        const std::size_t value = byte >> (7 - bit_) & 1;
        bit_ = (bit_ + 1) % 8;
        return value;
    }

    void skip_comment() {
        while (at_ < bytes_.size() && bytes_[at_] != '\n' && bytes_[at_] != '\r') ++at_;
    }

    void skip_space_and_comments() {
        while (at_ < bytes_.size() && (is_space(bytes_[at_]) || bytes_[at_] == '#')) {
            if (bytes_[at_] == '#') {
                skip_comment();
            } else {
                ++at_;
            }
        }
    }

    std::string_view word() {
        const std::size_t begin = at_;
        while (at_ < bytes_.size() && !is_space(bytes_[at_])) ++at_;
        return as_characters(bytes_.subspan(begin, at_ - begin));
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

    std::span<const std::uint8_t> bytes_;
    const std::string& name_;
    std::size_t at_ = 0;
    unsigned bit_ = 0;  // the next bit of the byte before at_; 0 if a new byte is needed
    NetpbmHeader header_;
};

}  // namespace

GrayImage decode_netpbm(std::span<const std::uint8_t> bytes, const std::string& name, Paper paper) {
    return NetpbmReader(bytes, name).image(paper);
}

}  // namespace digits
