#include "data/synthetic/glyphs.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "util/require.h"
#include "util/text.h"

namespace digits {
namespace {

// A row for each glyph: the digit, its share, a name, and after each bar a stroke, point by point.
// Many were added after looking at the digits that a network trained on the others misclassified.
constexpr const char* table = R"(
0 2.5 round            | 45,1 15,12 2,50 14,88 42,99 70,86 80,50 68,12 42,2
0 1.2 slim             | 28,1 10,12 2,50 10,88 26,99 44,86 50,50 44,12 26,2
0 2   pointed          | 52,2 24,20 4,58 10,88 34,99 62,78 72,40 60,10 36,6
0 1.2 open at the top  | 30,8 12,25 2,55 14,90 42,99 70,82 78,45 68,14 50,0
0 1.8 hook inside      | 34,30 30,12 52,1 72,18 72,60 50,95 22,94 4,65 12,28 40,6 60,8
0 1.2 wide             | 56,1 22,8 2,46 14,86 50,99 88,88 98,48 84,10 54,2

1 7   bar              | 10,0 10,33 10,67 10,100
1 3   bent             | 10,0 14,33 14,67 8,100
1 0.8 flag             | 0,22 10,14 22,0 22,0 22,50 22,100
1 0.3 flag and foot    | 8,20 20,12 32,0 32,0 32,50 32,100 | 0,100 30,99 64,98
1 0.3 long flag and foot | 2,36 18,20 34,0 34,0 34,50 34,98 | 4,99 34,98 68,98
1 0.5 short flag       | 8,24 18,14 28,2 28,2 28,50 28,100

2 1.5 plain            | 4,20 28,1 56,8 56,34 30,66 2,98 2,98 38,96 76,96
2 1.2 like Z           | 2,8 34,2 64,4 56,30 30,62 4,98 4,98 40,94 80,94
2 1   wavy foot        | 6,24 28,2 56,10 56,38 34,66 6,92 16,84 44,90 76,98
2 1.8 loop at the foot | 6,22 30,1 58,12 56,42 38,72 14,96 2,86 16,72 44,86 82,92
2 2.5 large loop       | 10,20 34,1 60,12 58,44 42,78 14,98 2,82 18,66 48,76 84,80
2 1.3 drooping tail    | 6,30 30,2 64,14 60,50 34,86 8,94 0,80 18,70 44,84 72,100
2 1.4 small head       | 14,16 28,2 40,14 36,42 24,70 2,96 2,96 40,92 86,86
2 1.3 knot             | 6,24 34,0 64,16 58,50 32,78 8,86 4,68 24,66 46,80 68,100
2 1.2 wide, large head | 2,22 30,0 72,6 74,44 42,78 12,96 2,82 22,70 60,84 96,98
2 1.2 wide knot        | 4,26 36,0 72,20 66,56 36,86 8,96 0,82 24,70 54,84 90,96
2 1.8 round, low loop  | 6,22 30,0 62,10 66,40 42,76 12,94 0,82 22,68 52,84 80,99
2 1.6 wide, tail falls | 4,26 34,0 70,14 68,48 44,80 16,96 0,84 18,70 50,74 86,98
2 1   slim, tail rises | 14,18 30,2 42,18 36,52 22,86 8,98 2,86 16,74 40,78 64,70

3 2   round            | 6,12 32,0 58,12 54,34 26,46 26,46 60,58 66,82 36,100 2,90
3 1.5 flat-topped      | 4,6 30,2 62,2 46,24 24,42 24,42 58,54 66,80 36,100 0,92
3 1.2 shallow middle   | 6,10 34,0 58,12 54,30 40,44 40,46 56,58 60,80 34,100 2,94
3 1.8 middle loop      | 8,12 34,0 60,12 52,36 24,52 20,46 48,46 66,70 40,98 2,92
3 1.4 large bottom     | 12,10 34,0 52,10 46,28 26,38 26,38 62,50 70,80 36,100 2,86
3 1.3 slim             | 10,8 30,0 50,10 46,34 30,46 30,46 52,58 54,84 28,100 0,92
3 1   short tail       | 4,10 30,0 56,10 48,28 28,38 28,38 54,48 60,68 50,88 26,100
3 1   wide             | 2,14 40,0 76,14 66,38 30,46 30,46 74,56 80,84 42,100 0,90

4 2.2 open, rounded    | 14,6 8,30 8,54 30,58 66,50 | 64,2 60,35 56,68 54,100
4 2.2 open, corner     | 24,2 12,32 2,60 2,60 74,56 | 58,14 52,44 46,72 42,100
4 2.2 bar ends at stem | 8,8 6,34 12,54 34,54 58,46 | 64,0 60,35 56,68 52,100
4 0.7 closed           | 50,100 52,50 54,0 54,0 28,32 0,64 0,64 38,64 76,62
4 0.9 in one stroke    | 6,10 4,34 16,52 40,48 58,26 66,2 66,2 62,50 58,100
4 1.6 wide             | 10,6 4,34 0,58 0,58 88,54 | 70,0 69,33 68,66 66,100
4 0.6 closed, bar ends | 52,100 54,50 56,0 56,0 30,28 6,52 6,52 30,54 58,50

5 1.3 hat put on       | 24,4 20,24 16,44 16,44 44,38 62,60 48,92 22,100 0,92 | 24,4 48,2 76,0
5 1.2 hat stands off   | 26,12 22,28 18,46 18,46 44,46 56,66 44,92 20,100 0,94 | 30,8 56,4 88,0
5 1.7 in one stroke    | 72,0 48,2 24,4 24,4 14,44 14,44 44,40 62,62 46,92 22,100 0,90
5 1.3 like an S        | 64,4 44,0 24,8 16,20 16,36 28,44 46,52 54,70 44,92 22,100 0,92
5 2   wide bowl        | 66,2 38,2 14,4 14,4 10,40 10,40 44,36 68,58 56,90 24,100 0,84
5 0.8 slim             | 52,0 32,2 14,4 14,4 10,38 10,38 30,34 46,56 40,86 20,98 2,92
5 1.1 long hat         | 92,0 64,4 36,10 36,10 22,44 22,44 48,46 58,68 42,92 18,100 0,92
5 0.6 stretched S      | 66,2 44,0 26,8 24,20 26,34 32,44 40,54 44,70 40,86 26,97 2,94
5 0.7 short bowl       | 66,2 38,5 14,10 14,10 12,48 12,48 46,40 70,60 68,82 54,100
5 1.2 curled bowl      | 70,2 44,3 20,6 20,6 14,42 14,42 46,36 68,58 56,90 24,100 0,80
5 1   wide             | 84,4 46,2 12,4 12,4 8,42 8,42 52,36 84,58 70,92 30,100 0,86

6 1.5 slanting stem    | 52,0 28,22 8,55 8,85 30,99 54,84 50,62 30,60 10,80
6 1.2 bent stem        | 50,0 28,12 8,42 6,80 32,99 62,84 58,58 34,52 10,68
6 1.6 like a b         | 12,0 6,26 2,58 6,88 30,99 52,86 50,66 30,60 8,74
6 0.6 end crosses stem | 56,0 30,18 10,52 12,84 34,98 68,86 66,66 36,64 0,80
6 2   loop ends below  | 36,0 14,32 2,70 18,97 48,94 64,70 50,54 32,66 26,96
6 2.2 wide, small loop | 40,0 14,24 0,64 22,98 58,90 74,68 60,56 42,66 36,90
6 1.5 ring at the foot | 22,0 4,38 8,84 38,100 68,84 64,58 42,50 24,68 32,92
6 0.8 narrow           | 38,0 20,26 8,56 4,84 16,99 34,90 34,74 22,70 8,84

7 2.2 plain            | 2,10 32,7 66,2 66,2 48,34 34,68 26,100
7 1.8 rounded          | 2,14 26,4 54,4 62,16 52,44 40,72 34,100
7 1.4 serif            | 2,26 6,8 6,8 34,6 64,2 64,2 48,34 38,68 32,100
7 1.1 crossed          | 4,8 34,5 66,2 66,2 48,34 36,68 28,100 | 18,54 44,50 70,48
7 0.8 crossed, serif   | 4,24 8,8 8,8 38,6 66,2 66,2 50,34 40,68 32,100 | 18,54 44,50 72,46
7 1   like an n        | 4,44 10,10 10,10 38,8 66,4 66,4 60,36 56,70 52,100
7 1.3 like a bow       | 0,16 32,4 68,8 74,24 56,52 34,76 18,100
7 0.4 dipping bar      | 0,4 12,22 12,22 40,20 62,2 62,2 50,34 40,68 30,100
7 0.8 narrow           | 2,14 20,10 38,4 38,4 36,36 34,68 32,100
7 0.8 wide             | 0,10 42,6 84,2 84,2 64,34 48,68 40,100
7 0.8 crossed, rounded | 2,14 28,4 58,4 58,20 46,46 34,74 26,100 | 8,53 40,50 74,46
7 0.8 small hook       | 16,18 24,4 44,2 50,16 40,48 28,76 20,100

8 2   begun top right  | 58,10 36,0 12,10 14,32 38,52 54,74 40,97 12,97 2,78 22,54 48,32 56,10
8 1.5 open top right   | 66,14 36,2 8,14 14,34 38,52 52,74 38,97 12,97 4,78 26,54 52,32 76,12
8 1.2 begun mid-way    | 34,48 10,32 10,8 36,0 58,10 54,34 32,50 6,68 6,94 34,100 60,88 54,62 34,48
8 1   two rings        | 30,48 8,34 8,10 32,0 54,12 52,36 30,48 | 30,48 2,68 12,98 50,98 60,66 30,48
8 0.3 slim             | 44,8 28,0 14,8 16,28 30,48 42,72 32,97 14,97 6,78 18,54 36,28 42,10
8 2   small bottom     | 60,12 34,0 8,12 14,36 36,56 44,78 32,98 16,96 12,78 26,58 50,36 62,12
8 0.6 small top        | 54,12 36,0 18,8 18,28 40,44 66,68 50,97 14,99 0,78 20,52 46,32 58,12
8 0.4 begun top left   | 8,16 32,0 62,8 58,34 32,50 4,72 16,97 46,98 66,78 38,52 8,32 6,12
8 1.5 tail at the top  | 76,0 42,2 12,14 18,34 40,52 48,76 32,98 10,94 6,74 28,52 54,30 74,4
8 0.4 like an X        | 10,18 32,0 58,8 42,36 8,70 10,96 34,100 50,82 40,56 14,32 8,18 20,6
8 1.6 wide rings       | 70,14 40,0 12,10 16,36 46,48 76,70 62,97 22,98 2,76 24,54 58,40 70,16
8 1.2 flared           | 72,16 44,6 16,10 12,30 38,50 46,74 30,97 10,92 10,72 32,50 54,26 70,4
8 1   flat bottom loop | 62,14 38,0 8,8 6,32 34,46 56,70 40,99 20,94 24,74 40,52 62,36 66,18
8 1.2 top not closed   | 68,6 38,2 10,14 16,34 42,54 54,78 36,98 8,95 4,74 24,56 44,42 56,26

9 2   straight stem    | 54,8 32,0 8,16 8,40 32,44 52,26 56,6 56,6 50,50 42,100
9 1   stem bends in    | 58,10 34,0 8,14 8,38 32,44 54,28 58,10 60,36 52,74 24,100
9 0.9 tail             | 56,10 34,0 8,14 10,38 34,42 54,26 56,10 56,50 46,92 8,94
9 1.2 flat, stem leans | 60,6 30,2 4,22 6,44 28,44 54,20 62,6 56,30 48,64 40,100
9 1.5 tail right       | 54,10 28,0 4,18 8,44 36,48 56,24 54,8 54,8 62,50 72,100
9 1   small loop       | 44,6 26,0 8,12 10,28 28,32 42,18 46,4 46,4 42,50 36,100
9 1.7 large loop       | 60,10 32,0 2,22 8,54 38,56 60,30 62,8 62,8 58,54 52,100
9 1.3 open at the top  | 52,4 24,4 2,26 12,48 38,40 56,14 58,0 58,0 56,50 52,100
9 1.3 ring and stem    | 50,8 26,0 4,20 12,44 50,36 | 58,4 56,35 52,68 48,100
9 1   start sticks out | 74,2 42,4 10,20 14,44 40,42 58,18 60,12 60,12 56,54 50,100
9 1.3 like a g         | 60,8 32,0 12,14 16,34 42,38 58,20 62,10 58,48 44,88 10,98
9 1.5 stem from middle | 64,8 32,0 8,18 14,42 44,40 58,24 58,24 54,62 48,100
9 1   like an S        | 66,4 38,2 10,14 10,34 36,40 54,32 54,32 50,66 42,100
9 0.8 wide, tail right | 54,14 30,0 4,20 6,50 40,52 66,24 68,6 68,6 76,50 96,100
)";

// "12,34"; empty if it is none.
std::optional<GlyphPoint> parse_point(std::string_view word) {
    const std::size_t comma = std::min(word.find(','), word.size() - 1);
    const char* const end = word.data() + word.size();
    GlyphPoint point{};
    const auto x = std::from_chars(word.data(), end, point.x);
    const auto y = std::from_chars(word.data() + comma + 1, end, point.y);
    if (x.ptr != word.data() + comma || y.ptr != end) return std::nullopt;
    return point;
}

std::vector<GlyphPoint> parse_stroke(std::string_view source) {
    std::vector<GlyphPoint> points;
    for (const std::string& word : split_words(source)) {
        const std::optional<GlyphPoint> point = parse_point(word);
        require(point.has_value(), "glyph table: expected a point such as \"x,y\", found \"", word,
                "\"");
        points.push_back(*point);
    }
    require(points.size() >= 2, "glyph table: expected a stroke such as \"x,y x,y ...\", found \"",
            source, "\"");
    return points;
}

Glyph parse_row(std::string_view row) {
    Glyph glyph{};
    std::size_t bar = std::min(row.find('|'), row.size());
    const std::vector<std::string> words = split_words(row.substr(0, bar));
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i == 0) glyph.digit = static_cast<int>(parse_number(words[i]).value_or(-1));
        if (i == 1) glyph.share = parse_number(words[i]).value_or(0.0);
        if (i >= 2) glyph.name += (i > 2 ? " " : "") + words[i];
    }
    while (bar < row.size()) {
        const std::size_t next = std::min(row.find('|', bar + 1), row.size());
        glyph.strokes.push_back(parse_stroke(row.substr(bar + 1, next - bar - 1)));
        bar = next;
    }
    require(glyph.digit >= 0 && glyph.share > 0 && !glyph.strokes.empty(),
            "glyph table: expected digit, share, name and strokes, found \"", row, "\"");
    return glyph;
}

}  // namespace

const std::vector<Glyph>& glyphs() {
    static const std::vector<Glyph> parsed = [] {
        std::vector<Glyph> all;
        for (const std::string& row : split_lines(table)) {
            if (!row.empty()) all.push_back(parse_row(row));
        }
        return all;
    }();
    return parsed;
}

}  // namespace digits
