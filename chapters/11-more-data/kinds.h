// The first figure of chapter 11: six digits as they are, distorted in each way, and deskewed.
#pragma once

#include <algorithm>
#include <string>

#include "../shared.h"
#include "data/augment.h"
#include "data/deskew.h"
#include "plot/plot.h"

namespace digits {

inline std::string draw_kinds(const Dataset& data) {
    constexpr std::size_t columns = 6, rows = augmentation_names.size() + 1;
    Svg svg(740, 540, "Six digits, shifted, turned and stretched, warped, and deskewed");
    for (std::size_t row = 0; row < rows; ++row) {
        const bool is_last = row + 1 == rows;
        Matrix images = whole(first_images(data, columns)).input;
        if (is_last) {
            deskew(data.rows, data.columns, images);
        } else {
            Augmenter(data.rows, data.columns, {.kind = static_cast<Augmentation>(row)})
                .distort(first_indices(columns), 1, images);
        }
        const double top = 8.0 + 106.0 * static_cast<double>(row);
        svg.words({12, top + 54}, is_last ? "deskew" : augmentation_names[row], "label");
        for (std::size_t i = 0; i < columns; ++i) {
            Matrix image(data.rows, data.columns);
            std::ranges::copy(images.row(i), image.data());
            svg.pixels({90.0 + 108.0 * static_cast<double>(i), top, 98, 98}, ink_pixels(image));
        }
    }
    return svg.str();
}

}  // namespace digits
