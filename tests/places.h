// Where the tests find the sources, and the programs that they test. Asked when they run and not
// when they are compiled, so that the tests of a moved or copied repository test that one.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace digits::testing {

// The path of the test program, as it was started; set by run_tests().
inline std::string test_program;

// The root of the repository: the current folder, or one that it is in.
inline std::filesystem::path source_folder() {
    const std::filesystem::path start = std::filesystem::current_path();
    for (std::filesystem::path folder = start;; folder = folder.parent_path()) {
        if (std::filesystem::exists(folder / "tests" / "places.h")) return folder;
        if (folder == folder.parent_path()) break;
    }
    // Not an exception: some tests ask before main() could catch it.
    std::fprintf(stderr, "tests: expected to be started in the repository, but %s is not in it\n",
                 start.string().c_str());
    std::exit(2);
}

// Names that begin with a dot are not sources but what editors and macOS leave beside them.
inline bool is_hidden(const std::filesystem::path& path) {
    return path.filename().string().starts_with(".");
}

// The folder of the test program. The program `digits` and the folder "chapters" are beside it.
inline std::filesystem::path build_folder() {
    return std::filesystem::absolute(test_program).parent_path();
}

}  // namespace digits::testing
