// PNG decoder. A PNG file is a sequence of chunks: length, type (four letters), data, and a
// checksum of type and data. IHDR is the header, PLTE and tRNS are the palette and the
// transparency, the data of all IDAT chunks together is a zlib stream, which unpacks to the rows,
// and IEND ends the file. Each row begins with a filter byte, which says from which neighbours its
// bytes were predicted: what is stored is the difference from the prediction.
#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "formats/gzip.h"
#include "formats/image.h"
#include "util/file.h"
#include "util/require.h"

namespace digits {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The colour types: what the samples of a pixel are.
constexpr unsigned grey = 0, rgb = 2, palette = 3, grey_alpha = 4, rgb_alpha = 6;

std::size_t samples_of(unsigned colour_type) {
    switch (colour_type) {
        case grey:
        case palette:
            return 1;
        case grey_alpha:
            return 2;
        case rgb:
            return 3;
        case rgb_alpha:
            return 4;
        default:
            return 0;
    }
}

struct Header {
    std::size_t width = 0;
    std::size_t height = 0;
    std::size_t depth = 0;  // bits per sample
    unsigned colour_type = 0;

    std::size_t bits_of_pixel() const { return depth * samples_of(colour_type); }
    // Eight pixels at a time, so that nothing overflows with 32 bits.
    std::size_t row_bytes() const {
        return width / 8 * bits_of_pixel() + (width % 8 * bits_of_pixel() + 7) / 8;
    }
};

// Paeth's predictor: the neighbour that is closest to left + above - corner.
std::uint8_t paeth(int left, int above, int corner) {
    const int estimate = left + above - corner;
    const int by_left = std::abs(estimate - left), by_above = std::abs(estimate - above),
              by_corner = std::abs(estimate - corner);
    const int best = by_left <= by_above && by_left <= by_corner ? left
                     : by_above <= by_corner                     ? above
                                                                 : corner;
    return static_cast<std::uint8_t>(best);
}

class PngReader {
public:
    PngReader(std::span<const std::uint8_t> bytes, const std::string& name)
        : bytes_(bytes), name_(name) {}

    GrayImage image() {
        if (!as_characters(bytes_).starts_with(as_characters(png_signature))) {
            damaged("invalid signature; was it transferred as text?");
        }
        at_ = png_signature.size();
        read_chunks();
        if (palette_.empty() && header_.colour_type == palette)
            damaged("the PLTE chunk, its palette, is missing");
        const std::size_t expected = header_.height * (1 + header_.row_bytes());
        Bytes rows = unpack_zlib(data_, name_, "PNG", expected);
        if (rows.size() != expected) {
            damaged("expected ", expected, " bytes of rows, found ", rows.size());
        }
        GrayImage image{header_.width, header_.height, {}};
        image.pixels.reserve(header_.width * header_.height);
        Bytes above(header_.row_bytes());
        for (std::size_t y = 0; y < header_.height; ++y) {
            const auto row = std::span(rows).subspan(y * (1 + above.size()), 1 + above.size());
            unfilter(row[0], row.subspan(1), above);
            above.assign(row.begin() + 1, row.end());
            for (std::size_t x = 0; x < header_.width; ++x) image.pixels.push_back(pixel(above, x));
        }
        return image;
    }

private:
    template <class... Parts>
    [[noreturn]] void damaged(const Parts&... what) const {
        fail(name_, ": this PNG file is damaged: ", what..., ", at byte ", at_, " of ",
             bytes_.size());
    }

    std::span<const std::uint8_t> take(std::size_t count) {
        if (count > bytes_.size() - at_) damaged("unexpected end of file");
        const auto taken = bytes_.subspan(at_, count);
        at_ += count;
        return taken;
    }

    std::size_t take_number() {
        std::size_t number = 0;
        for (const std::uint8_t byte : take(4)) number = number << 8 | byte;
        return number;
    }

    void read_chunks() {
        std::string_view type;
        do {
            const bool is_first = type.empty();
            const std::size_t length = take_number();
            const std::size_t begin = at_;
            type = as_characters(take(4));
            const auto data = take(length);
            if (take_number() != crc32(bytes_.subspan(begin, 4 + length))) {
                damaged("the checksum of a chunk is wrong");
            }
            if (is_first != (type == "IHDR"))
                damaged("IHDR must be the first chunk and the only one of its type");
            if (type == "IHDR") {
                read_header(data);
            } else if (type == "PLTE") {
                palette_ = data;
            } else if (type == "tRNS") {
                transparent_ = data;
            } else if (type == "IDAT") {
                data_.insert(data_.end(), data.begin(), data.end());
            } else if (type != "IEND" && type[0] >= 'A' && type[0] <= 'Z') {
                damaged("unknown critical chunk");
            }
        } while (type != "IEND");
    }

    void read_header(std::span<const std::uint8_t> data) {
        if (data.size() != 13) damaged("expected a header of 13 bytes, found ", data.size());
        const auto number = [&](std::size_t i) {
            return std::size_t{data[i]} << 24 | std::size_t{data[i + 1]} << 16 |
                   std::size_t{data[i + 2]} << 8 | std::size_t{data[i + 3]};
        };
        header_ = {number(0), number(4), data[8], data[9]};
        const auto& [width, height, depth, colour_type] = header_;
        const bool is_byte_or_more = depth == 8 || (depth == 16 && colour_type != palette);
        const bool is_small = depth == 1 || depth == 2 || depth == 4;
        const bool may_be_small = colour_type == grey || colour_type == palette;
        if (samples_of(colour_type) == 0 || !(is_byte_or_more || (is_small && may_be_small))) {
            damaged("invalid bit depth ", depth, " for colour type ", colour_type);
        }
        if (data[10] != 0 || data[11] != 0) damaged("unknown compression or filter method");
        if (data[12] != 0)
            fail(name_, ": interlaced PNG is not supported; save it without interlacing");
        if (width == 0 || height == 0) damaged("invalid size ", width, " x ", height);
        if (width > max_pixels / height) {
            fail(name_, ": ", width, " x ", height, " pixels are more than the ", max_pixels,
                 " allowed; scale it down");
        }
    }

    // Adds the prediction to the differences in `row`. `left` is the corresponding byte of the
    // previous pixel, one pixel size back; outside the image all bytes are 0.
    void unfilter(unsigned filter, std::span<std::uint8_t> row, const Bytes& above) const {
        if (filter > 4) damaged("unknown row filter ", filter);
        const std::size_t back = (header_.bits_of_pixel() + 7) / 8;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const int left = i < back ? 0 : row[i - back];
            const int corner = i < back ? 0 : above[i - back];
            const int up = above[i];
            const int predictions[] = {0, left, up, (left + up) / 2, paeth(left, up, corner)};
            row[i] = static_cast<std::uint8_t>(row[i] + predictions[filter]);
        }
    }

    // Sample number `index` of a row.
    unsigned sample(const Bytes& row, std::size_t index) const {
        const std::size_t depth = header_.depth;
        if (depth == 16) return unsigned{row[2 * index]} << 8 | row[2 * index + 1];
        const std::size_t bit = index * depth;
        const unsigned shift = static_cast<unsigned>(8 - depth - bit % 8);
        return static_cast<unsigned>(row[bit / 8]) >> shift & ((1u << depth) - 1);
    }

    std::uint8_t pixel(const Bytes& row, std::size_t x) const {
        const double full = static_cast<double>((1u << header_.depth) - 1);
        const std::size_t count = samples_of(header_.colour_type);
        std::array<unsigned, 4> s{};
        for (std::size_t i = 0; i < count; ++i) s[i] = sample(row, x * count + i);

        // Red, green, blue and opacity (alpha), each from 0 to 1.
        std::array<double, 4> colour{};
        if (header_.colour_type == palette) {
            if (s[0] >= palette_.size() / 3) damaged("palette index ", s[0], " is out of range");
            for (std::size_t i = 0; i < 3; ++i) colour[i] = palette_[3 * s[0] + i] / 255.0;
            colour[3] = s[0] < transparent_.size() ? transparent_[s[0]] / 255.0 : 1.0;
        } else {
            const bool is_grey = count < 3;
            for (std::size_t i = 0; i < 3; ++i) colour[i] = s[is_grey ? 0 : i] / full;
            const bool has_alpha = count % 2 == 0;
            colour[3] = has_alpha ? s[count - 1] / full : is_transparent(s, count) ? 0.0 : 1.0;
        }
        const double light = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
        return static_cast<std::uint8_t>(255.0 * (light * colour[3] + 1.0 - colour[3]) + 0.5);
    }

    // Without a palette, tRNS holds the one colour that is transparent, two bytes per sample.
    bool is_transparent(const std::array<unsigned, 4>& samples, std::size_t count) const {
        if (transparent_.size() != 2 * count) return false;
        for (std::size_t i = 0; i < count; ++i) {
            const unsigned key = unsigned{transparent_[2 * i]} << 8 | transparent_[2 * i + 1];
            if (samples[i] != key) return false;
        }
        return true;
    }

    std::span<const std::uint8_t> bytes_;
    const std::string& name_;
    std::size_t at_ = 0;
    Header header_;
    std::span<const std::uint8_t> palette_;
    std::span<const std::uint8_t> transparent_;
    Bytes data_;  // of all IDAT chunks
};

}  // namespace

GrayImage decode_png(std::span<const std::uint8_t> bytes, const std::string& name) {
    return PngReader(bytes, name).image();
}

}  // namespace digits
