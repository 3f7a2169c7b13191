// Chapter 1: the IDX file format, and the nearest mean image as a first classifier.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "../book.h"
#include "data/dataset.h"
#include "formats/idx.h"
#include "plot/plot.h"
#include "plot/terminal_image.h"

namespace digits {
namespace {

// A whole file in the IDX format: one image of 3 x 3 pixels, a plus sign.
constexpr std::uint8_t plus_file[] = {
    0x00, 0x00, 0x08, 0x03,  // two zeros; 08, the values are bytes; 03, three sizes follow
    0x00, 0x00, 0x00, 0x01,  // images
    0x00, 0x00, 0x00, 0x03,  // rows of each
    0x00, 0x00, 0x00, 0x03,  // columns of each
    0,    255,  0,           // the first row
    255,  255,  255,         //
    0,    255,  0,           //
};

// Each pixel as two hexadecimal digits, 00 as blanks.
void print_numbers(const Dataset& data, std::size_t index) {
    const std::span<const std::uint8_t> image = data.image(index);
    for (std::size_t i = 0; i < image.size(); ++i) {
        image[i] == 0 ? std::printf("  ") : std::printf("%02x", unsigned{image[i]});
        if ((i + 1) % data.columns == 0) std::printf("\n");
    }
}

std::vector<std::size_t> count_labels(const Dataset& data) {
    std::vector<std::size_t> counts(data.classes, 0);
    for (const std::uint8_t label : data.labels) ++counts[label];
    return counts;
}

// The mean image of each class: pixel i of class c is element c * inputs + i.
std::vector<double> mean_images(const Dataset& data) {
    std::vector<double> means(data.classes * data.inputs(), 0.0);
    for (std::size_t index = 0; index < data.size(); ++index) {
        const std::span<const std::uint8_t> image = data.image(index);
        const std::size_t begin = data.labels[index] * data.inputs();
        for (std::size_t i = 0; i < image.size(); ++i) means[begin + i] += image[i];
    }
    const std::vector<std::size_t> counts = count_labels(data);
    for (std::size_t c = 0; c < data.classes; ++c) {
        for (std::size_t i = 0; i < data.inputs(); ++i) {
            means[c * data.inputs() + i] /= static_cast<double>(counts[c]);
        }
    }
    return means;
}

// The sum of the squared differences of all pixels.
double squared_distance(std::span<const std::uint8_t> image, std::span<const double> mean) {
    double sum = 0.0;
    for (std::size_t i = 0; i < image.size(); ++i) {
        const double difference = image[i] - mean[i];
        sum += difference * difference;
    }
    return sum;
}

std::size_t nearest_class(std::span<const std::uint8_t> image, std::span<const double> means) {
    std::vector<double> distances;
    for (std::size_t begin = 0; begin < means.size(); begin += image.size()) {
        distances.push_back(squared_distance(image, means.subspan(begin, image.size())));
    }
    return static_cast<std::size_t>(std::ranges::min_element(distances) - distances.begin());
}

// Above, an image of each class; below, the mean of its class.
std::string draw_means(const Dataset& data, std::span<const double> means) {
    Svg svg(720, 196, "The first image of each class, and the mean image of each class");
    svg.words({12, 62}, "one", "label");
    svg.words({12, 136}, "mean", "label");
    for (std::size_t c = 0; c < data.classes; ++c) {
        const std::size_t first =
            static_cast<std::size_t>(std::ranges::find(data.labels, c) - data.labels.begin());
        Matrix one(data.rows, data.columns), mean(data.rows, data.columns);
        for (std::size_t i = 0; i < data.inputs(); ++i) {
            one.values()[i] = static_cast<float>(data.image(first)[i]) / 255;
            mean.values()[i] = static_cast<float>(means[c * data.inputs() + i]) / 255;
        }
        const double left = 60.0 + 65.0 * static_cast<double>(c);
        svg.pixels({left, 26, 60, 60}, ink_pixels(one));
        svg.pixels({left, 100, 60, 60}, ink_pixels(mean));
        svg.words({left + 30, 182}, std::to_string(c), "label", Anchor::middle);
    }
    return svg.str();
}

// Images of two pixels as points: two of each class, their means, and the one to be read.
std::string draw_plane() {
    LinePlot plot{"Images of two pixels are points in a plane",
                  Axis{"first pixel", 0.0, 14.0},
                  Axis{"second pixel", 0.0, 12.0},
                  {{"to A's mean: 25", {{4, 6}, {1, 10}}, 0}, {"to B's: 50", {{4, 6}, {9, 1}}, 2}}};
    plot.marks = {
        {{0, 10}, ""}, {{2, 10}, "A: its mean is (1, 10)"}, {{1, 10}, ""},          {{10, 0}, ""},
        {{8, 2}, ""},  {{9, 1}, "B: its mean is (9, 1)"},   {{4, 6}, "new: (4, 6)"}};
    return svg_of(plot, 500, 450);
}

void chapter(Chapter& book) {
    const std::filesystem::path path = std::filesystem::temp_directory_path() / "digits-plus";
    write_file(path, {as_characters(plus_file)});
    const IdxImages plus = read_idx_images(path);
    std::filesystem::remove(path);
    std::printf("The plus sign: %zu image of %zu x %zu, its middle pixel %d.\n\n", plus.count,
                plus.rows, plus.columns, plus.pixels[4]);

    const Dataset &train = book.data().train, &test = book.data().test;
    std::printf("The first test image, a %d, as %zu numbers:\n\n", test.labels[0], test.inputs());
    print_numbers(test, 0);
    const CaptionedImage image{test.rows, test.columns, test.image(0), "the same, seen"};
    std::printf("%s\n", draw_images({&image, 1}, ImageStyle::blocks, 80).c_str());

    std::printf("label     training      test\n");
    const std::vector<std::size_t> in_training = count_labels(train), in_test = count_labels(test);
    for (std::size_t c = 0; c < train.classes; ++c) {
        std::printf("%5zu %12zu %9zu\n", c, in_training[c], in_test[c]);
    }

    // By hand: two classes of two images of two pixels each.
    const Dataset tiny{"tiny", 1, 2, 2, {0, 10, 2, 10, 10, 0, 8, 2}, {0, 0, 1, 1}};
    const std::vector<double> tiny_means = mean_images(tiny);
    const std::vector<std::uint8_t> asked{4, 6};
    book.claim(tiny_means == std::vector<double>{1, 10, 9, 1}, "the means are (1, 10) and (9, 1)");
    std::printf("\nBy hand: (4, 6) is %g from the first mean and %g from the second.\n",
                squared_distance(asked, std::span(tiny_means).first(2)),
                squared_distance(asked, std::span(tiny_means).last(2)));
    book.claim(nearest_class(asked, tiny_means) == 0, "(4, 6) is nearer to the first mean");

    const std::vector<double> means = mean_images(train);
    const std::size_t most =
        static_cast<std::size_t>(std::ranges::max_element(in_training) - in_training.begin());
    std::size_t nearest_right = 0, inverted_right = 0;
    for (std::size_t index = 0; index < test.size(); ++index) {
        std::vector<std::uint8_t> inverted;
        for (const int pixel : test.image(index)) {
            inverted.push_back(static_cast<std::uint8_t>(255 - pixel));
        }
        nearest_right += nearest_class(test.image(index), means) == test.labels[index];
        inverted_right += nearest_class(inverted, means) == test.labels[index];
    }
    const auto percent = [&](std::size_t right) {
        return 100 * static_cast<double>(right) / static_cast<double>(test.size());
    };
    std::printf("\nAlways answering %zu: %.2f %% of the test images are right.\n", most,
                percent(in_test[most]));
    std::printf("The nearest mean:    %.2f %%\n", percent(nearest_right));
    std::printf("Ink and paper exchanged: %.2f %%\n", percent(inverted_right));
    if (book.uses_mnist()) book.claim(nearest_right == 8203, "8,203 of 10,000 are right");

    book.figure("means.svg", [&] { return draw_means(train, means); });
    book.figure("plane.svg", draw_plane);
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter);
}
