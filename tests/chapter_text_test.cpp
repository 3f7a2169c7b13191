// Tests of the Markdown checks that chapters_test.cpp uses, on broken excerpts.
#include "chapter_text.h"

#include <string>
#include <vector>

#include "check.h"

namespace digits {
namespace {

using testing::check;
using testing::check_equal;
using testing::fences_of;
using testing::line_matches;
using testing::output_matches;
using testing::quotation_complaint;

using Lines = std::vector<std::string>;

const Lines file{"int main() {", "    int a = 1;", "    int b = 2;", "    return a + b;", "}"};

TEST(a_quotation_may_begin_anywhere_and_be_indented_less) {
    check_equal(quotation_complaint({"int a = 1;", "int b = 2;"}, file), "");
    check_equal(quotation_complaint({"    return a + b;", "}"}, file), "");
}

TEST(a_quotation_with_a_changed_line_is_detected) {
    check_equal(quotation_complaint({"int a = 1;", "int b = 3;"}, file), "int a = 1;");
    check_equal(quotation_complaint({"return a - b;"}, file), "return a - b;");
}

TEST(a_quotation_must_mark_omitted_lines) {
    check_equal(quotation_complaint({"int a = 1;", "return a + b;"}, file), "int a = 1;");
    check_equal(quotation_complaint({"int a = 1;", "// ...", "return a + b;"}, file), "");
}

TEST(a_quotation_keeps_the_order_of_the_file) {
    check_equal(quotation_complaint({"int b = 2;", "// ...", "int a = 1;"}, file), "int a = 1;");
    check_equal(quotation_complaint({"}", "int main() {"}, file), "}");
}

TEST(dots_in_a_line_match_any_characters) {
    check(line_matches("loss 0.…, done", "loss 0.1234, done"));
    check(line_matches("…", ""));
    check(!line_matches("loss 0.…, done", "loss 1.1234, done"));
    check(!line_matches("loss 0.12", "loss 0.123"));
    check(line_matches("a …, …!", "a 1, 2, 3!"));
    check(!line_matches("a … a", "a a"));
    const std::string many = "………………………………………………………………", line(100, 'x');
    check(line_matches(many, line));
    check(!line_matches(many + "y", line));  // without exponential backtracking
}

TEST(a_line_of_dots_matches_any_number_of_lines) {
    check(output_matches({"a", "…", "d"}, {"a", "b", "c", "d"}));
    check(output_matches({"a", "…", "b"}, {"a", "b"}));
    check(!output_matches({"a", "…", "d"}, {"a", "b", "c"}));
    check(!output_matches({"a"}, {"a", "b"}));
    check(!output_matches({"a", "b"}, {"a"}));
}

TEST(fences_have_an_info_string_and_a_line_number) {
    const auto fences =
        fences_of("words\n```cpp src/a.h\nint a;\n```\nmore\n```console\n$ b\n```\n");
    check_equal(fences.size(), 2u);
    check_equal(fences[0].info, "cpp src/a.h");
    check_equal(fences[0].line, 2u);
    check_equal(fences[0].lines[0], "int a;");
    check_equal(fences[1].lines[0], "$ b");
}

TEST(anchors_are_those_of_github_and_code_contains_no_links) {
    const std::string text =
        "# One: a *step*\n```\n# no heading [a](b)\n```\n## What can go wrong?\n[x](y.md#z) "
        "`[](int) {}`";
    check(testing::anchors_of(text) == Lines{"one-a-step", "what-can-go-wrong"});
    check(testing::links_of(text) == Lines{"y.md#z"});
}

TEST(formulas_that_markdown_would_change_are_detected) {
    using testing::formula_complaint;
    check_equal(formula_complaint("where $x_i \\cdot w$ and $z$"), "");
    check_equal(formula_complaint("a price \\, no formula"), "");
    check_equal(formula_complaint("$X\\ (2, 3)$"), "has a backslash that Markdown removes");
    check_equal(formula_complaint("$x + "), "has an unterminated formula");
    check_equal(formula_complaint("$$x$$"), "has $$: write ```math");
}

TEST(new_files_are_listed_in_one_paragraph) {
    check(testing::new_files_of("# T\n\nNew files: `a.h`,\n[`b.h`](b.h).\n\nThen `c.h`.\n") ==
          Lines{"a.h", "b.h"});
    check(testing::new_files_of("nothing new").empty());
}

TEST(includes_resolve_to_the_book_the_chapter_or_the_library) {
    using testing::included_file;
    check_equal(included_file("#include \"../book.h\"", "chapters/01-a"), "chapters/book.h");
    check_equal(included_file("#include \"own.h\"", "chapters/01-a"), "chapters/01-a/own.h");
    check_equal(included_file("#include \"linalg/gemm.h\"", "chapters/01-a"), "src/linalg/gemm.h");
    check_equal(included_file("#include <vector>", "chapters/01-a"), "");
}

TEST(code_is_not_counted_as_words) {
    check_equal(testing::words_of("one two\n```\nthree\n```\nfour"), 3u);
}

}  // namespace
}  // namespace digits
