#include "util/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "check.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

// Chi-square statistic, the sum of (observed - expected)^2 / expected: close to the number of cells
// if all are equally likely.
double chi_square(std::span<const std::size_t> counts) {
    const double total =
        static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
    const double expected = total / static_cast<double>(counts.size());
    double sum = 0;
    for (const std::size_t count : counts) {
        const double excess = static_cast<double>(count) - expected;
        sum += excess * excess / expected;
    }
    return sum;
}

// The critical value of chi-square for p = 1e-4 (Wilson and Hilferty, 1931). The seeds are fixed,
// so a test fails either never or always; one of ten thousand good generators would fail it.
double critical_value(std::size_t cells) {
    const double freedom = static_cast<double>(cells - 1);
    const double spread = 2 / (9 * freedom);
    return freedom * std::pow(1 - spread + 3.719 * std::sqrt(spread), 3);
}

TEST(scramble_and_stride_are_the_published_splitmix64) {
    // The first outputs of Vigna's splitmix64.c for seed 0, as widely published.
    const std::array<std::uint64_t, 5> published = {0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4,
                                                    0x06c45d188009454f, 0xf88bb8a8724c81ec,
                                                    0x1b39896a51a8749b};
    for (std::size_t i = 0; i < published.size(); ++i) {
        check_equal(scramble((i + 1) * random_stride), published[i]);
    }
}

// Computed by an independent program in Python, whose arithmetic does not depend on compiler flags.
TEST(every_platform_draws_the_same_numbers) {
    Random bits(2024, 7);
    check_equal(bits.next(), 0x9a617b09bd350fa8u);
    check_equal(bits.next(), 0x9640adbbbc74ca00u);
    check_equal(bits.next(), 0x24b26c2f6b78f56au);

    Random uniform(2024, 7);
    check_equal(uniform.uniform(), 0x1.34c2f6137a6a1p-1);
    check_equal(uniform.uniform(), 0x1.2c815b7778e99p-1);
    check_equal(uniform.uniform(), 0x1.2593617b5bc78p-3);

    Random normal(2024, 7);
    check_equal(normal.normal(), 0x1.3cfe0p-1);
    check_equal(normal.normal(), 0x1.6dbb8p+1);
    check_equal(normal.normal(), -0x1.0302p+0);

    Random below(2024, 7);
    for (const std::size_t expected : {8u, 0u, 2u, 9u, 0u, 1u, 5u, 5u, 4u, 8u, 2u, 8u}) {
        check_equal(below.below(10), expected);
    }

    Random shuffle(2024, 7);
    std::vector<int> items = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    shuffle.shuffle(std::span(items));
    check(items == std::vector{5, 0, 7, 9, 1, 4, 6, 2, 3, 8});
}

TEST(one_seed_gives_one_sequence_and_a_copy_continues_it) {
    Random first(5), second(5);
    for (int i = 0; i < 10; ++i) check_equal(first.next(), second.next());
    Random copy = first;
    check_equal(copy.next(), first.next());
}

TEST(seeds_and_streams_give_different_numbers) {
    // 2000 draws of 64 bits: the probability that two are equal by chance is 1e-13.
    std::vector<std::uint64_t> draws;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        draws.push_back(Random(i, 0).next());
        draws.push_back(Random(0, i + 1).next());
    }
    std::sort(draws.begin(), draws.end());
    check(std::adjacent_find(draws.begin(), draws.end()) == draws.end());
}

TEST(neighbouring_streams_are_uncorrelated) {
    // Products of independent uniform(-1, 1) numbers have mean 0 and variance 1/9.
    const std::size_t count = 100'000;
    Random left(3, 0), right(3, 1);
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += left.uniform(-1, 1) * right.uniform(-1, 1);
    check_near(sum / count, 0, 4 * std::sqrt(1.0 / 9 / count));
}

TEST(uniform_covers_zero_to_one_evenly) {
    Random random(1);
    std::array<std::size_t, 64> counts{};
    for (int i = 0; i < 100'000; ++i) {
        const double value = random.uniform();
        check(value >= 0 && value < 1);
        ++counts[static_cast<std::size_t>(value * 64)];
    }
    check(chi_square(counts) < critical_value(counts.size()));
}

TEST(uniform_between_bounds_stays_between_them) {
    Random random(2);
    double least = 10, most = -10;
    for (int i = 0; i < 10'000; ++i) {
        const double value = random.uniform(-3, 5);
        least = std::min(least, value);
        most = std::max(most, value);
    }
    // The probability that none of 10,000 falls into the outer 1/100 of the range is 1e-43.
    check(least >= -3 && least < -2.92);
    check(most < 5 && most > 4.92);
}

TEST(normal_has_the_moments_it_promises) {
    // Twelve uniform numbers: mean 0, variance 1, no skew, and a fourth moment of 3 - 6 / (5 * 12)
    // = 2.9. The standard error of a sample moment of power p is sqrt(variance of x^p / count);
    // those variances are at most the normal distribution's: 1, 2, 15 and 96. The tolerance is 4
    // standard errors, which 1 in 16,000 samples exceeds.
    const std::size_t count = 300'000;
    Random random(1);
    std::array<double, 5> moment{};
    double most = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double x = random.normal();
        most = std::max(most, std::abs(x));
        double power = 1;
        for (std::size_t p = 1; p <= 4; ++p) moment[p] += (power *= x) / count;
    }
    check_near(moment[1], 0, 4 * std::sqrt(1.0 / count));
    check_near(moment[2], 1, 4 * std::sqrt(2.0 / count));
    check_near(moment[3], 0, 4 * std::sqrt(15.0 / count));
    check_near(moment[4], 2.9, 4 * std::sqrt(96.0 / count));
    // One in 16,000 lies beyond 4 standard deviations, none beyond 6.
    check(most > 4 && most < 6);
}

TEST(below_is_bounded_and_uniform) {
    Random random(4);
    for (const std::size_t bound : {1u, 2u, 3u, 10u, 100u}) {
        std::vector<std::size_t> counts(bound, 0);
        for (int i = 0; i < 50'000; ++i) ++counts.at(random.below(bound));
        if (bound > 1) check(chi_square(counts) < critical_value(bound));
    }
}

TEST(below_does_not_favour_small_results) {
    // 2^64 draws fill 0 ... 3 * 2^62 - 1 once and its first third a second time. If those were
    // kept, half of all results would lie in that third. (With a size_t of 32 bits the bias is far
    // too small to be seen, but the result must be a third as well.)
    Random random(6);
    const std::size_t third = std::size_t{1} << (std::numeric_limits<std::size_t>::digits - 2);
    const int count = 30'000;
    int small = 0;
    for (int i = 0; i < count; ++i) small += random.below(3 * third) < third ? 1 : 0;
    check_near(static_cast<double>(small) / count, 1.0 / 3, 4 * std::sqrt(2.0 / 9 / count));
}

TEST(below_zero_is_rejected) {
    Random random(1);
    check_throws([&] { random.below(0); }, "below(0)");
}

TEST(a_shuffle_keeps_every_item) {
    Random random(8);
    for (std::size_t size = 0; size < 50; ++size) {
        std::vector<std::size_t> items(size);
        std::iota(items.begin(), items.end(), std::size_t{0});
        const std::vector<std::size_t> sorted = items;
        random.shuffle(std::span(items));
        if (size > 20) check(items != sorted);
        std::sort(items.begin(), items.end());
        check(items == sorted);
    }
}

TEST(every_order_is_equally_likely) {
    Random random(9);
    std::map<std::string, std::size_t> seen;
    for (int i = 0; i < 48'000; ++i) {
        std::string letters = "abcd";
        random.shuffle(std::span(letters));
        ++seen[letters];
    }
    check_equal(seen.size(), 24u);
    std::vector<std::size_t> counts;
    for (const auto& [order, count] : seen) counts.push_back(count);
    check(chi_square(counts) < critical_value(counts.size()));
}

}  // namespace
}  // namespace digits
