// PNG decoder. A PNG file is a sequence of chunks: length, type (four letters), data, and a
// checksum of type and data. IHDR is the header, PLTE and tRNS are the palette and the
// transparency, the data of all IDAT chunks together is a zlib stream, which unpacks to the rows,
// and IEND ends the file. Each row begins with a filter byte, which says from which neighbours its
// bytes were predicted: what is stored is the difference from the prediction. An interlaced image
// is stored as seven, the passes: each 64th pixel first, in the end each second row.
//
// Files that break a rule are read or refused as libpng 1.6 does.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "formats/canvas.h"
#include "formats/exif.h"
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

    bool is_interlaced = false;

    std::size_t bits_of_pixel() const { return depth * samples_of(colour_type); }
    // The bytes of so many pixels. Eight at a time, so that nothing overflows with 32 bits.
    std::size_t row_bytes(std::size_t pixels) const {
        return pixels / 8 * bits_of_pixel() + (pixels % 8 * bits_of_pixel() + 7) / 8;
    }
};

// The pixels of a pass: those in the columns x, x + dx, x + 2 dx ... and in the rows y, y + dy ...
struct Pass {
    std::size_t x, y, dx, dy;

    std::size_t columns(std::size_t width) const {
        return width > x ? (width - x - 1) / dx + 1 : 0;
    }
    std::size_t rows(std::size_t height) const {
        return height > y ? (height - y - 1) / dy + 1 : 0;
    }
};

constexpr std::array<Pass, 1> all_at_once{{{0, 0, 1, 1}}};
constexpr std::array<Pass, 7> adam7{{{0, 0, 8, 8},
                                     {4, 0, 8, 8},
                                     {0, 4, 4, 8},
                                     {2, 0, 4, 4},
                                     {0, 2, 2, 4},
                                     {1, 0, 2, 2},
                                     {0, 1, 1, 2}}};

// Paeth's predictor: the neighbour that is closest to left + above - corner.
int paeth(int left, int above, int corner) {
    const int estimate = left + above - corner;
    const int by_left = std::abs(estimate - left), by_above = std::abs(estimate - above),
              by_corner = std::abs(estimate - corner);
    return by_left <= by_above && by_left <= by_corner ? left
           : by_above <= by_corner                     ? above
                                                       : corner;
}

class PngReader {
public:
    PngReader(std::span<const std::uint8_t> bytes, const std::string& name)
        : bytes_(bytes), name_(name) {}

    GrayImage image(Paper paper) {
        if (!as_characters(bytes_).starts_with(as_characters(png_signature))) {
            damaged("invalid signature; was it transferred as text?");
        }
        at_ = png_signature.size();
        read_chunks();
        if (palette_.empty() && header_.colour_type == palette)
            damaged("the PLTE chunk, its palette, is missing");
        std::size_t expected = 0;
        for (const Pass& pass : passes()) expected += pass_bytes(pass);
        Bytes rows = unpack_zlib(data_, name_, "PNG", expected);
        if (rows.size() != expected) {
            damaged("expected ", expected, " bytes of rows, found ", rows.size());
        }
        Canvas canvas(header_.width, header_.height, paper);
        std::span<std::uint8_t> left(rows);
        for (const Pass& pass : passes()) {
            draw(pass, left.first(pass_bytes(pass)), canvas);
            left = left.subspan(pass_bytes(pass));
        }
        return upright(canvas.take(), orientation_);
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

    struct Chunk {
        std::string_view type;
        std::span<const std::uint8_t> data;
    };

    // The next chunk that can be trusted: an ancillary one with a wrong checksum is skipped.
    Chunk next_chunk() {
        for (;;) {
            const std::size_t length = take_number();
            const std::size_t begin = at_;
            const std::string_view type = as_characters(take(4));
            const auto is_letter = [](char c) {
                return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            };
            if (!std::ranges::all_of(type, is_letter)) damaged("invalid chunk type");
            const auto data = take(length);
            if (take_number() == crc32(bytes_.subspan(begin, 4 + length))) return {type, data};
            if (is_critical(type)) damaged("the checksum of a chunk is wrong");
        }
    }

    // Chunks are critical, which means that the image cannot be decoded without them, if their
    // type begins with a capital letter.
    static bool is_critical(std::string_view type) { return type[0] >= 'A' && type[0] <= 'Z'; }

    void read_chunks() {
        Chunk chunk = next_chunk();
        if (chunk.type == "CgBI") {
            fail(name_, ": is a PNG image in the variant of Xcode (CgBI), which only Apple's ",
                 "programs read; save it as PNG with another program, or restore it with ",
                 "\"xcrun pngcrush -revert-iphone-optimizations ", name_, " restored.png\"");
        }
        if (chunk.type != "IHDR") damaged("IHDR must be the first chunk");
        read_header(chunk.data);
        const bool has_palette = header_.colour_type == palette;
        bool has_data = false, has_all_data = false;  // whether IDAT chunks have begun, have ended
        for (chunk = next_chunk(); chunk.type != "IEND"; chunk = next_chunk()) {
            const auto& [type, data] = chunk;
            has_all_data |= has_data && type != "IDAT";
            if (type == "IDAT") {
                has_data = true;
                if (!has_all_data) data_.insert(data_.end(), data.begin(), data.end());
            } else if (type == "PLTE") {
                if (has_palette) read_palette(data);
            } else if (type == "tRNS") {
                if (!has_data && transparent_.empty()) read_transparent(data);
            } else if (type == "eXIf") {
                if (orientation_ == 0) orientation_ = exif_orientation(data);
            } else if (type == "IHDR") {
                damaged("there is a second IHDR chunk");
            } else if (is_critical(type)) {
                damaged("unknown critical chunk");
            }
        }
    }

    void read_palette(std::span<const std::uint8_t> data) {
        if (!palette_.empty()) damaged("there is a second PLTE chunk");
        if (data.empty() || data.size() % 3 != 0 || data.size() > 3 * 256) {
            damaged("expected a palette of 1 to 256 colours, 3 bytes each, found ", data.size(),
                    " bytes");
        }
        if (!data_.empty())
            damaged("the PLTE chunk, its palette, must come before the IDAT chunks");
        palette_ = data.first(std::min(data.size(), std::size_t{3} << header_.depth));
    }

    // The opacities of the palette's colours, from the first one on; without a palette, the one
    // colour that is transparent, two bytes per sample. One that does not fit, such as one before
    // the palette, is ignored.
    void read_transparent(std::span<const std::uint8_t> data) {
        const std::size_t samples = samples_of(header_.colour_type);
        const bool fits = header_.colour_type == palette ? data.size() <= palette_.size() / 3
                                                         : data.size() == 2 * samples;
        if (fits) transparent_ = data;
    }

    void read_header(std::span<const std::uint8_t> data) {
        if (data.size() != 13) damaged("expected a header of 13 bytes, found ", data.size());
        const auto number = [&](std::size_t i) {
            return std::size_t{data[i]} << 24 | std::size_t{data[i + 1]} << 16 |
                   std::size_t{data[i + 2]} << 8 | std::size_t{data[i + 3]};
        };
        header_ = {number(0), number(4), data[8], data[9], data[12] == 1};
        const auto& [width, height, depth, colour_type, is_interlaced] = header_;
        const bool is_byte_or_more = depth == 8 || (depth == 16 && colour_type != palette);
        const bool is_small = depth == 1 || depth == 2 || depth == 4;
        const bool may_be_small = colour_type == grey || colour_type == palette;
        if (samples_of(colour_type) == 0 || !(is_byte_or_more || (is_small && may_be_small))) {
            damaged("invalid bit depth ", depth, " for colour type ", colour_type);
        }
        if (data[10] != 0 || data[11] != 0) damaged("unknown compression or filter method");
        if (data[12] > 1) damaged("unknown interlace method ", data[12]);
        if (width == 0 || height == 0) damaged("invalid size ", width, " x ", height);
        if (width > max_pixels / height) {
            fail(name_, ": ", width, " x ", height, " pixels are more than the ", max_pixels,
                 " allowed; scale it down");
        }
    }

    std::span<const Pass> passes() const {
        if (header_.is_interlaced) return adam7;
        return all_at_once;
    }

    std::size_t pass_bytes(const Pass& pass) const {
        const std::size_t columns = pass.columns(header_.width);
        // A pass without columns has no rows, either.
        return columns == 0 ? 0 : pass.rows(header_.height) * (1 + header_.row_bytes(columns));
    }

    void draw(const Pass& pass, std::span<std::uint8_t> rows, Canvas& canvas) const {
        const std::size_t columns = pass.columns(header_.width);
        Bytes above(header_.row_bytes(columns));
        for (std::size_t y = pass.y; !rows.empty(); y += pass.dy) {
            const auto row = rows.subspan(1, above.size());
            unfilter(rows[0], row, above);
            above.assign(row.begin(), row.end());
            for (std::size_t i = 0; i < columns; ++i) {
                canvas.set(pass.x + i * pass.dx, y, pixel(above, i));
            }
            rows = rows.subspan(1 + above.size());
        }
    }

    // Adds the prediction to the differences in `row`. Outside the image all bytes are 0.
    void unfilter(unsigned filter, std::span<std::uint8_t> row, const Bytes& above) const {
        // `predict` takes the corresponding bytes of the pixels to the left, above, and above left.
        const auto add = [&](auto predict) {
            const std::size_t back = (header_.bits_of_pixel() + 7) / 8;
            for (std::size_t i = 0; i < row.size(); ++i) {
                const int left = i < back ? 0 : row[i - back];
                const int corner = i < back ? 0 : above[i - back];
                row[i] = static_cast<std::uint8_t>(row[i] + predict(left, int{above[i]}, corner));
            }
        };
        switch (filter) {
            case 0:
                return;
            case 1:
                return add([](int left, int, int) { return left; });
            case 2:
                return add([](int, int up, int) { return up; });
            case 3:
                return add([](int left, int up, int) { return (left + up) / 2; });
            case 4:
                return add(paeth);
            default:
                damaged("unknown row filter ", filter);
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

    Pixel pixel(const Bytes& row, std::size_t x) const {
        const std::size_t count = samples_of(header_.colour_type);
        std::array<unsigned, 4> s{};
        for (std::size_t i = 0; i < count; ++i) s[i] = sample(row, x * count + i);
        if (header_.colour_type == palette) return palette_pixel(s[0]);

        const double full = static_cast<double>((1u << header_.depth) - 1);
        std::array<double, 4> level{};  // from 0 to 255
        for (std::size_t i = 0; i < count; ++i) level[i] = 255.0 * s[i] / full;
        const bool is_grey = count < 3, has_opacity = count % 2 == 0;
        return {is_grey ? level[0] : luma(level[0], level[1], level[2]),
                has_opacity                ? s[count - 1] / full
                : is_transparent(s, count) ? 0.0
                                           : 1.0};
    }

    // A colour that the palette lacks is black.
    Pixel palette_pixel(std::size_t index) const {
        if (index >= palette_.size() / 3) return {};
        const auto colour = palette_.subspan(3 * index, 3);
        return {luma(colour[0], colour[1], colour[2]),
                index < transparent_.size() ? transparent_[index] / 255.0 : 1.0};
    }

    // Without a palette, tRNS is the transparent colour. Only the low bits of its samples count.
    bool is_transparent(const std::array<unsigned, 4>& samples, std::size_t count) const {
        if (transparent_.empty()) return false;
        for (std::size_t i = 0; i < count; ++i) {
            const unsigned key = unsigned{transparent_[2 * i]} << 8 | transparent_[2 * i + 1];
            if (samples[i] != (key & ((1u << header_.depth) - 1))) return false;
        }
        return true;
    }

    std::span<const std::uint8_t> bytes_;
    const std::string& name_;
    std::size_t at_ = 0;
    Header header_;
    std::span<const std::uint8_t> palette_;
    std::span<const std::uint8_t> transparent_;
    unsigned orientation_ = 0;  // as in Exif data; 0 if there is none
    Bytes data_;                // of all IDAT chunks
};

}  // namespace

GrayImage decode_png(std::span<const std::uint8_t> bytes, const std::string& name, Paper paper) {
    return PngReader(bytes, name).image(paper);
}

}  // namespace digits
