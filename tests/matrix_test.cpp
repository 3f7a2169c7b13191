#include "linalg/matrix.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "check.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_throws;

TEST(a_new_matrix_is_empty) {
    const Matrix matrix;
    check_equal(str_cat(shape(matrix)), "0x0");
    check_equal(matrix.size(), 0u);
    check(matrix.values().empty());
}

TEST(a_sized_matrix_is_filled_with_one_value) {
    check(Matrix(2, 3) == Matrix{{0, 0, 0}, {0, 0, 0}});
    check(Matrix(2, 2, 7) == Matrix{{7, 7}, {7, 7}});
}

TEST(a_braced_list_gives_the_rows) {
    const Matrix matrix = {{1, 2, 3}, {4, 5, 6}};
    check_equal(str_cat(shape(matrix)), "2x3");
    check_equal(matrix(0, 2), 3.0f);
    check_equal(matrix(1, 0), 4.0f);
}

TEST(a_ragged_matrix_is_rejected) {
    check_throws([] { Matrix{{1, 2, 3}, {4, 5}}; }, "a row has 2 values but the first has 3");
}

TEST(values_are_in_row_major_order) {
    Matrix matrix = {{1, 2, 3}, {4, 5, 6}};
    const std::vector<float> expected = {1, 2, 3, 4, 5, 6};
    check(std::vector<float>(matrix.values().begin(), matrix.values().end()) == expected);
    matrix.values()[4] = 50;
    check_equal(matrix(1, 1), 50.0f);
    check_equal(matrix.data()[4], 50.0f);
}

TEST(a_row_is_a_view_and_not_a_copy) {
    Matrix matrix = {{1, 2}, {3, 4}};
    matrix.row(1)[0] = 30;
    check(matrix == Matrix{{1, 2}, {30, 4}});
    const Matrix& constant = matrix;
    check_equal(constant.row(1).size(), 2u);
    check_equal(constant.row(1)[1], 4.0f);
}

TEST(a_matrix_without_columns_still_has_rows) {
    Matrix matrix(3, 0);
    check_equal(str_cat(shape(matrix)), "3x0");
    check(matrix.row(2).empty());
    check(matrix != Matrix(0, 3));
}

TEST(matrices_are_equal_if_their_shapes_and_values_are) {
    const Matrix matrix = {{1, 2, 3, 4}};
    check(matrix == Matrix{{1, 2, 3, 4}});
    check(matrix != Matrix{{1, 2}, {3, 4}});
    check(matrix != Matrix{{1, 2, 3, 5}});
}

TEST(a_copy_is_independent) {
    Matrix original = {{1, 2}};
    Matrix copy = original;
    copy(0, 0) = 10;
    check_equal(original(0, 0), 1.0f);
}

TEST(fill_sets_every_value) {
    Matrix matrix = {{1, 2}, {3, 4}};
    matrix.fill(9);
    check(matrix == Matrix(2, 2, 9));
}

TEST(resize_keeps_its_memory) {
    Matrix matrix(64, 10);
    const float* const memory = matrix.data();
    matrix.resize(3, 5);
    check_equal(str_cat(shape(matrix)), "3x5");
    check_equal(matrix.size(), 15u);
    check(matrix.data() == memory);
    matrix.resize(10, 64);
    check_equal(str_cat(shape(matrix)), "10x64");
    check(matrix.data() == memory);
}

TEST(a_matrix_that_was_moved_from_is_empty) {
    Matrix first{{1, 2, 3}, {4, 5, 6}};
    const Matrix copy = first;
    Matrix second = std::move(first);
    check(second == copy);
    check(first == Matrix());
    check_equal(first.size(), 0u);
    first.resize(1, 2);  // and can be used again
    first.fill(7);
    first = std::move(second);
    check(first == copy);
    check(second == Matrix());
}

TEST(memory_is_aligned_to_a_cache_line) {
    for (const std::size_t size : {1u, 3u, 10u, 1000u, 100'000u}) {
        const Matrix matrix(1, size);
        check_equal(reinterpret_cast<std::uintptr_t>(matrix.data()) % 64, 0u);
    }
}

}  // namespace
}  // namespace digits
