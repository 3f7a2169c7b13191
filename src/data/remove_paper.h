// Separates what is written from the paper: light and shadow, and whether the ink is dark or light.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/image.h"

namespace digits {

// By how much each pixel is darker than the paper beneath it, in 255ths of the paper's light: 0 on
// the paper, 255 where no light comes back. An image of light ink on dark paper is inverted first.
// So a shadow that halves the light of ink and paper makes no difference.
//
// Ink is narrow, paper is wide: the paper at a pixel is what morphological closing leaves, which
// fills everything dark that is narrower than a window of half the image (Serra, "Image Analysis
// and Mathematical Morphology", 1982), and keeps the edge of a shadow.
GrayImage remove_paper(const GrayImage& image);

// The pixels at the border of an image.
std::vector<std::uint8_t> border_of(const GrayImage& image);

// The threshold of Otsu ("A Threshold Selection Method from Gray-Level Histograms", 1979): of all
// ways to divide the pixels into those up to a grey level and those above, it is the one with the
// largest variance between the two classes. Returns the highest level of the lower class.
int otsu_threshold(const GrayImage& image);

}  // namespace digits
