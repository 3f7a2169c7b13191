// What the sources need of C++20 and its library, as far as compilers of 2020 to 2022 lack it. A
// build compiles this file first, so that such a compiler is named before it fails in many files.
#include <algorithm>
#include <bit>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <numbers>
#include <span>
#include <string>
#include <vector>

struct Settings {
    int epochs = 1;
    bool operator==(const Settings&) const = default;
};

template <std::integral Integer>
requires(!std::same_as<Integer, bool>) Integer twice(Integer value) {
    return 2 * value;
}

// GCC 10 has neither bit_cast() nor to_chars() of a double; on macOS, the latter needs
// version 13.3.
std::size_t write(std::span<char> text, double value) {
    return std::bit_cast<std::uint64_t>(value) == 0
               ? 0
               : static_cast<std::size_t>(std::to_chars(text.data(), text.data() + text.size(),
                                                        value, std::chars_format::general, 9)
                                              .ptr -
                                          text.data());
}

int main() {
    char text[32];
    std::vector<int> numbers = {twice(1), static_cast<int>(write(text, std::numbers::pi))};
    std::ranges::sort(numbers, {}, [](int number) { return -number; });
    std::erase_if(numbers, [](int number) { return number == 2; });
    const bool same = Settings{.epochs = 1} == Settings{};
    const std::string name = std::filesystem::path("a/b").filename().string();
    return same && name.starts_with("b") && std::ranges::find(numbers, 2) == numbers.end() ? 0 : 1;
}
