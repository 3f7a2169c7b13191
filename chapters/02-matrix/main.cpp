// Chapter 2: matrices, their product, and the nearest mean image found by one product.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <stdexcept>

#include "../book.h"
#include "../shared.h"
#include "data/dataset.h"
#include "linalg/gemm.h"
#include "linalg/matrix.h"
#include "plot/plot.h"

namespace digits {
namespace {

// c = a * b by the definition. a is (M, K), b (K, N) and c (M, N).
void multiply(const Matrix& a, const Matrix& b, Matrix& c) {
    require(a.columns() == b.rows(), "multiply: the left factor is ", shape(a),
            " but the right one is ", shape(b));
    c.resize(a.rows(), b.columns());
    for (std::size_t m = 0; m < c.rows(); ++m) {
        for (std::size_t n = 0; n < c.columns(); ++n) {
            float sum = 0.0f;
            for (std::size_t k = 0; k < a.columns(); ++k) sum += a(m, k) * b(k, n);
            c(m, n) = sum;
        }
    }
}

void print(const char* name, const Matrix& matrix) {
    for (std::size_t row = 0; row < matrix.rows(); ++row) {
        std::printf("%-4s", row == 0 ? name : "");
        for (const float value : matrix.row(row)) std::printf("%7g", static_cast<double>(value));
        std::printf("\n");
    }
}

// A matrix with one row, one column or one element marked; past the end, nothing is.
void draw_matrix(Svg& svg, Point at, const Matrix& matrix, std::size_t row, std::size_t column,
                 const char* name) {
    constexpr double cell = 36;
    for (std::size_t r = 0; r < matrix.rows(); ++r) {
        for (std::size_t c = 0; c < matrix.columns(); ++c) {
            const bool marked =
                (row == matrix.rows() || r == row) && (column == matrix.columns() || c == column);
            const Box box{at.x + cell * static_cast<double>(c),
                          at.y + cell * static_cast<double>(r), cell - 2, cell - 2};
            svg.rectangle(box, "grid");
            if (marked) svg.frame(box, "s1");
            svg.words({box.x + 17, box.y + 22}, str_cat(matrix(r, c)), "title", Anchor::middle);
        }
    }
    svg.words({at.x, at.y - 12}, name, "label");
}

std::string draw_product(const Matrix& x, const Matrix& w, const Matrix& z) {
    Svg svg(720, 190, "One element of the product: a row of X times a column of W");
    draw_matrix(svg, {70, 58}, x, 1, x.columns(), "X (2, 3)");
    svg.words({218, 98}, "·", "title");
    draw_matrix(svg, {260, 40}, w, w.rows(), 0, "W (3, 2)");
    svg.words({366, 98}, "=", "title");
    draw_matrix(svg, {414, 58}, z, 1, 0, "Z (2, 2)");
    svg.words({514, 102}, "4·1 + 5·0 + 6·1 = 10", "s1");
    return svg.str();
}

void chapter(Chapter& book) {
    const Matrix x{{1, 2, 3}, {4, 5, 6}};
    print("X", x);
    std::printf("in memory:");
    for (const float value : x.values()) std::printf(" %g", static_cast<double>(value));
    std::printf("; X(1, 2) is number 1 * 3 + 2 = 5 of them: %g\n\n", static_cast<double>(x(1, 2)));

    const Matrix w{{1, 0}, {0, 1}, {1, 1}};
    Matrix z, oracle;
    multiply(x, w, z);
    print("W", w);
    print("XW", z);
    book.claim(z == Matrix{{4, 5}, {10, 11}}, "XW is 4 5, 10 11");
    gemm_naive(x, w, oracle);
    book.claim(z == oracle, "the library's product is the same");
    const Matrix product = z;

    try {
        multiply(x, x, z);
    } catch (const std::invalid_argument& error) {
        std::printf("\nXX: %s\n", error.what());
    }

    const Matrix asked{{4, 6}}, tiny_means{{1, 9}, {10, 1}};
    multiply(asked, tiny_means, z);
    subtract_half_squares(tiny_means, z);
    std::printf("\nBy hand: (4, 6) scores %g with the first mean and %g with the second.\n",
                static_cast<double>(z(0, 0)), static_cast<double>(z(0, 1)));

    const Dataset &train = book.data().train, &test = book.data().test;
    const Batch batch = whole(test);
    const Matrix means = mean_columns(train);
    multiply(batch.input, means, z);
    gemm_naive(batch.input, means, oracle);
    float difference = 0.0f;
    for (std::size_t i = 0; i < z.size(); ++i) {
        difference = std::max(difference, std::abs(z.values()[i] - oracle.values()[i]));
    }
    book.claim(difference < 1e-3f, "float and double agree to a thousandth");
    subtract_half_squares(means, z);
    std::printf("\nX is %zux%zu, W %zux%zu, Z %zux%zu: %zu million products of two numbers.\n",
                batch.input.rows(), batch.input.columns(), means.rows(), means.columns(), z.rows(),
                z.columns(), z.size() * means.rows() / 1'000'000);
    std::printf("The largest score is the right one for %.2f %%.\n", accuracy(z, batch.labels));
    book.figure("product.svg", [&] { return draw_product(x, w, product); });
}

}  // namespace
}  // namespace digits

int main(int argument_count, char** arguments) {
    return digits::run_chapter(argument_count, arguments, digits::chapter);
}
