#include "formats/canvas.h"

#include <algorithm>
#include <utility>

namespace digits {
namespace {

int contrast(const std::vector<std::uint8_t>& values) {
    const auto [least, most] = std::ranges::minmax(values);
    return int{most} - int{least};
}

}  // namespace

Canvas::Canvas(std::size_t width, std::size_t height, Paper paper)
    : image_{width, height, std::vector<std::uint8_t>(width * height)},
      paper_(paper == Paper::white ? 255.0 : 0.0) {}

void Canvas::set_opacity(std::size_t index, double opacity) {
    if (opacity_.empty()) opacity_.assign(image_.pixels.size(), 255);
    opacity_[index] = static_cast<std::uint8_t>(255.0 * opacity + 0.5);
}

GrayImage Canvas::take() {
    // Less than a tenth of the range from black to white is no ink that can be told from paper.
    constexpr int faint = 25;
    if (!opacity_.empty() && contrast(image_.pixels) <= faint &&
        contrast(opacity_) > contrast(image_.pixels)) {
        const bool is_white = paper_ > 0.0;
        for (std::size_t i = 0; i < opacity_.size(); ++i) {
            image_.pixels[i] =
                is_white ? static_cast<std::uint8_t>(255 - opacity_[i]) : opacity_[i];
        }
    }
    return std::move(image_);
}

}  // namespace digits
