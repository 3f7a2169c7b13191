#include "data/synthetic_skeletons.h"

#include <sstream>

#include "math/require.h"

namespace digits {
namespace {

// A row for each skeleton: the digit, its share, a name, and each stroke as "x,y x,y ..." after a
// bar.
constexpr const char* table = R"(
0 3    round                | 45,1 15,12 2,50 14,88 42,99 70,86 80,50 68,12 42,2
0 2    slim                 | 28,1 10,12 2,50 10,88 26,99 44,86 50,50 44,12 26,2
0 1    pointed, start sticks out | 52,2 24,20 4,58 10,88 34,99 62,78 72,40 60,10 36,6
0 0.7  open at the top      | 30,8 12,25 2,55 14,90 42,99 70,82 78,45 68,14 50,0
0 0.8  hook inside          | 34,30 30,12 52,1 72,18 72,60 50,95 22,94 4,65 12,28 40,6 60,8

1 10   bar                  | 10,0 10,33 10,67 10,100
1 1    bent                 | 10,0 14,33 14,67 8,100
1 0.8  flag                 | 0,22 10,14 22,0 22,0 22,50 22,100
1 0.5  flag and foot        | 8,20 20,12 32,0 32,0 32,50 32,100 | 0,100 30,99 64,98

2 3    plain                | 4,20 28,1 56,8 56,34 30,66 2,98 2,98 38,96 76,96
2 1.5  like Z               | 2,8 34,2 64,4 56,30 30,62 4,98 4,98 40,94 80,94
2 1    wavy foot            | 6,24 28,2 56,10 56,38 34,66 6,92 16,84 44,90 76,98
2 2.5  loop at the foot     | 6,22 30,1 58,12 56,42 38,72 14,96 2,86 16,72 44,86 82,92
2 1    large loop           | 10,20 34,1 60,12 58,44 42,78 14,98 2,82 18,66 48,76 84,80

3 3    round                | 6,12 32,0 58,12 54,34 26,46 26,46 60,58 66,82 36,100 2,90
3 1    flat-topped          | 4,6 30,2 62,2 46,24 24,42 24,42 58,54 66,80 36,100 0,92
3 1    shallow middle       | 6,10 34,0 58,12 54,30 40,44 40,46 56,58 60,80 34,100 2,94
3 0.6  loop in the middle   | 8,12 34,0 60,12 52,36 24,52 20,46 48,46 66,70 40,98 2,92

4 2    open, rounded        | 14,6 8,30 8,54 30,58 66,50 | 64,2 60,35 56,68 54,100
4 3    open, with corner    | 24,2 12,32 2,60 2,60 74,56 | 58,14 52,44 46,72 42,100
4 2    bar ends at the stem | 8,8 6,34 12,54 34,54 58,46 | 64,0 60,35 56,68 52,100
4 1    closed               | 52,0 26,32 0,64 0,64 76,62 | 54,0 53,35 52,68 52,100
4 1    in one stroke        | 10,4 6,30 14,50 38,48 60,24 66,4 66,4 62,50 58,100

5 2    hat put on           | 24,4 20,24 16,44 16,44 44,38 62,60 48,92 22,100 0,92 | 24,4 48,2 76,0
5 1.5  hat stands off       | 26,12 22,28 18,46 18,46 44,46 56,66 44,92 20,100 0,94 | 30,8 56,4 88,0
5 2    in one stroke        | 72,0 48,2 24,4 24,4 14,44 14,44 44,40 62,62 46,92 22,100 0,90
5 1.5  like an S            | 64,4 44,0 24,8 16,20 16,36 28,44 46,52 54,70 44,92 22,100 0,92

6 3    slanting stem        | 52,0 28,22 8,55 8,85 30,99 54,84 50,62 30,60 10,80
6 2    bent stem            | 60,4 34,8 8,40 6,80 32,99 62,84 58,58 34,52 10,68
6 1    like a b             | 12,0 6,26 2,58 6,88 30,99 52,86 50,66 30,60 8,74
6 0.6  end crosses the stem | 56,0 30,18 10,52 12,84 34,98 68,86 66,66 36,64 0,80

7 4    plain                | 2,10 32,7 66,2 66,2 48,34 34,68 26,100
7 2    rounded              | 2,14 26,4 54,4 62,16 52,44 40,72 34,100
7 1.5  serif                | 2,26 6,8 6,8 34,6 64,2 64,2 48,34 38,68 32,100
7 1.2  crossed              | 4,8 34,5 66,2 66,2 48,34 36,68 28,100 | 18,54 44,50 70,48

8 4    begun top right      | 58,10 36,0 12,10 14,32 38,52 54,74 40,97 12,97 2,78 22,54 48,32 56,10
8 1.5  open top right       | 66,14 36,2 8,14 14,34 38,52 52,74 38,97 12,97 4,78 26,54 52,32 76,12
8 1    begun in the middle  | 34,48 10,32 10,8 36,0 58,10 54,34 32,50 6,68 6,94 34,100 60,88 54,62 34,48

9 3    straight stem        | 54,8 32,0 8,16 8,40 32,44 52,26 56,6 56,6 50,50 42,100
9 1.5  stem bends in        | 58,10 34,0 8,14 8,38 32,44 54,28 58,10 60,36 52,74 24,100
9 1    tail                 | 56,10 34,0 8,14 10,38 34,42 54,26 56,10 56,50 46,92 8,94
9 1.5  flat top, stem leans | 60,6 30,2 4,22 6,44 28,44 54,20 62,6 56,30 48,64 40,100
)";

std::string trimmed(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(' ');
    const std::size_t end = text.find_last_not_of(' ');
    return begin == std::string::npos ? "" : text.substr(begin, end + 1 - begin);
}

std::vector<SkeletonPoint> parse_stroke(const std::string& source) {
    std::istringstream stream(source);
    std::vector<SkeletonPoint> points;
    SkeletonPoint point{};
    char comma = 0;
    while (stream >> point.x >> comma >> point.y) points.push_back(point);
    require(stream.eof() && points.size() >= 2,
            "skeleton: a stroke should read \"x,y x,y ...\", not \"", source, "\"");
    return points;
}

Skeleton parse_row(const std::string& row) {
    std::istringstream stream(row);
    Skeleton skeleton{};
    stream >> skeleton.digit >> skeleton.share;
    std::string part;
    std::getline(stream, part, '|');
    skeleton.name = trimmed(part);
    while (std::getline(stream, part, '|')) skeleton.strokes.push_back(parse_stroke(part));
    require(skeleton.share > 0 && !skeleton.strokes.empty(), "skeleton: row \"", row,
            "\" is incomplete");
    return skeleton;
}

}  // namespace

const std::vector<Skeleton>& skeletons() {
    static const std::vector<Skeleton> parsed = [] {
        std::vector<Skeleton> all;
        std::istringstream stream(table);
        for (std::string row; std::getline(stream, row);) {
            if (!row.empty()) all.push_back(parse_row(row));
        }
        return all;
    }();
    return parsed;
}

}  // namespace digits
