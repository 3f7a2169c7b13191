// Finding the four files of a data set, and replacing them.
#include "data/data_files.h"

#include <cstdlib>
#include <filesystem>
#include <iterator>

#include "check.h"
#include "formats/idx.h"
#include "gzip_writer.h"
#include "numbered_images.h"
#include "run_program.h"
#include "temporary_folder.h"
#include "util/file_lock.h"

namespace digits {
namespace {

using testing::Bytes;
using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_throws;
using testing::numbered;
using testing::TemporaryFolder;
using testing::write_text;
namespace fs = std::filesystem;

const std::vector<std::string> usual_names = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                              "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

std::string name_of(const fs::path& path) {
    return path.filename().string();
}

TEST(a_folder_of_the_name_of_a_file_is_not_that_file) {
    const TemporaryFolder folder;
    save_folder(folder.path(), {numbered(3, 2), numbered(2, 2)});
    // Kaggle's archive of MNIST unpacks to this.
    for (const std::string& name : usual_names) {
        std::string dotted = name;
        dotted[name.find("-idx")] = '.';
        fs::rename(folder / name, folder / dotted);
        fs::create_directory(folder / name);
        fs::copy(folder / dotted, folder / name / name);
    }
    check_equal(name_of(find_data_files(folder.path()).training.images), "train-images.idx3-ubyte");
    check_equal(load_folder(folder.path()).train.size(), 3u);
    for (const char* name : {"train-images.idx3-ubyte", "train-labels.idx1-ubyte",
                             "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"}) {
        fs::remove(folder / name);
    }
    check_equal(find_data_files(folder.path()).test.labels.string(),
                (folder / "t10k-labels-idx1-ubyte" / "t10k-labels-idx1-ubyte").string());
    check_equal(load_folder(folder.path()).test.size(), 2u);
    fs::remove(folder / "t10k-labels-idx1-ubyte" / "t10k-labels-idx1-ubyte");
    check_throws([&] { load_folder(folder.path()); },
                 "found no t10k-labels-idx1-ubyte, plain or .gz, except a folder of that name");
    check_throws(
        [&] {
            save_folder(folder.path(), {numbered(3, 2), numbered(2, 2)});
        },
        "train-images-idx3-ubyte: is a folder, where a file is to be written");
}

TEST(files_of_other_names_are_ignored) {
    const TemporaryFolder folder;
    save_folder(folder.path(), {numbered(3, 2), numbered(2, 2)});
    fs::create_symlink("nowhere", folder / "train-images.idx3-ubyte");
    fs::remove(folder / "train-images-idx3-ubyte");
    for (const char* name : {"._train-images-idx3-ubyte", "train-images-idx3-ubyte.part",
                             "train-images-idx3-ubyte (1)", "mytrain-images-idx3-ubyte",
                             "train-images-idx3-ubyte.new", "train-images-idx-ubyte"}) {
        write_text(folder / name, "no images");
    }
    check_throws([&] { load_folder(folder.path()); }, "found no train-images-idx3-ubyte");
}

// Gives the four files other names.
void rename_files(const TemporaryFolder& folder, const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        fs::rename(folder / usual_names[i], folder / names[i]);
    }
}

TEST(the_names_of_emnist_and_qmnist_are_known) {
    for (const std::vector<std::string>& names :
         {std::vector<std::string>{
              "emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters-train-labels-idx1-ubyte",
              "emnist-letters-test-images-idx3-ubyte", "emnist-letters-test-labels-idx1-ubyte"},
          {"qmnist-train-images-idx3-ubyte", "qmnist-train-labels-idx2-int",
           "qmnist-test-images-idx3-ubyte", "qmnist-test-labels-idx2-int"}}) {
        const TemporaryFolder folder;
        save_folder(folder.path(), {numbered(3, 2), numbered(2, 2)});
        rename_files(folder, names);
        write_text(folder / ("._" + names[0]), "not the images, but what macOS knows of them");
        const DataFiles files = find_data_files(folder.path());
        check_equal(name_of(files.training.images), names[0]);
        check_equal(name_of(files.training.labels), names[1]);
        check_equal(name_of(files.test.images), names[2]);
        check_equal(name_of(files.test.labels), names[3]);
        check_equal(load_folder(folder.path()).train.size(), 3u);
    }
}

TEST(one_of_several_data_sets_in_a_folder_is_chosen_by_its_prefix) {
    const TemporaryFolder folder;
    std::size_t count = 3;
    for (const std::string prefix : {"emnist-digits-", "emnist-letters-"}) {
        save_folder(folder.path(), {numbered(count, 2), numbered(2, 2)});
        rename_files(folder, {prefix + usual_names[0], prefix + usual_names[1],
                              prefix + usual_names[2], prefix + usual_names[3]});
        ++count;
    }
    check_throws([&] { load_folder(folder.path()); },
                 folder.path().string() +
                     ": holds several data sets, emnist-digits, emnist-letters; name one of them, "
                     "such as " +
                     (folder / "emnist-digits").string());
    check_equal(load_folder(folder / "emnist-digits").train.size(), 3u);
    check_equal(load_folder(folder / "emnist-letters").train.size(), 4u);
    check_equal(load_folder(folder / "emnist-letters").train.name,
                (folder / "emnist-letters").string());
    check_throws([&] { load_folder(folder / "emnist"); }, "emnist: found no such folder");
    // The usual names come first, and the sets are not mixed.
    save_folder(folder.path(), {numbered(7, 2), numbered(2, 2)});
    check_equal(load_folder(folder.path()).train.size(), 7u);
    fs::remove(folder / "t10k-labels-idx1-ubyte");
    check_throws([&] { load_folder(folder.path()); }, "found no t10k-labels-idx1-ubyte");
    fs::remove(folder / "emnist-letters-t10k-labels-idx1-ubyte");
    check_throws([&] { load_folder(folder / "emnist-letters"); },
                 "found no emnist-letters-t10k-labels-idx1-ubyte");
}

TEST(classes_are_named_by_the_mapping_of_emnist) {
    const TemporaryFolder folder;
    save_folder(folder.path(), {numbered(9, 4), numbered(5, 3)});
    check_equal(load_folder(folder.path()).train.class_name(3), "3");
    const auto mapping = folder / "emnist-letters-mapping.txt";
    write_text(mapping, "1 65 97\r\n2 66 98\n\n3\t228\n9 73");
    const TrainTest data = load_folder(folder.path());
    check(data.train.class_names == std::vector<std::string>{"0", "A", "B", "\xc3\xa4"});
    check(data.test.class_names == data.train.class_names);
    check_equal(concatenate(data).class_name(1), "A");
    check_equal(transposed(data.train).class_name(1), "A");
    check_equal(subset(data.train, std::vector<std::size_t>{1}).class_name(1), "A");
    for (const char* wrong : {"1 A", "one 65", "1", "1 27", "1 155", "1 55296", "1 99999999999"}) {
        write_text(mapping, str_cat("0 48\n", wrong, "\n"));
        check_throws([&] { load_folder(folder.path()); },
                     mapping.string() + ": line 2: expected a label and the code point");
    }
    // Of two files, neither is taken.
    write_text(folder / "emnist-digits-mapping.txt", "1 66");
    check(load_folder(folder.path()).train.class_names.empty());
}

TEST(only_the_files_of_one_part_need_to_be_there) {
    const TemporaryFolder folder;
    save_folder(folder.path(), {numbered(9, 4), numbered(5, 3)});
    fs::remove(folder / "train-labels-idx1-ubyte");
    check_equal(load_part(folder.path(), Part::test).classes, 3u);
    check_throws([&] { load_part(folder.path(), Part::training); },
                 "found no train-labels-idx1-ubyte");
}

bool is_half(const Dataset& data, std::size_t count) {
    return data.size() == count && testing::numbers_in(data).size() == count;
}

TEST(wherever_a_replacement_stops_the_folder_holds_the_old_data_or_the_new) {
    const TrainTest old_data{numbered(9, 4), numbered(5, 3)};
    const TrainTest new_data{numbered(9, 4, 100), numbered(5, 3, 50)};
    const auto first_pixel = [](const TemporaryFolder& folder) {
        const TrainTest data = load_folder(folder.path());
        check(is_half(data.train, 9) && is_half(data.test, 5));
        check_equal(data.train.image(0)[0] == 100, data.test.image(0)[0] == 50);
        return data.train.image(0)[0];
    };
    const TemporaryFolder complete;
    save_folder(complete.path(), new_data);
    for (std::size_t renamed = 0; renamed <= usual_names.size(); ++renamed) {
        for (const bool is_marked : {false, true}) {
            if (!is_marked && renamed > 0) continue;
            const TemporaryFolder folder;
            save_folder(folder.path(), old_data);
            for (std::size_t i = 0; i < usual_names.size(); ++i) {
                const std::string name = usual_names[i] + (i < renamed ? "" : ".new");
                fs::copy_file(complete / usual_names[i], folder / name,
                              fs::copy_options::overwrite_existing);
            }
            if (is_marked) write_text(folder / "new-files-are-complete", "");
            check_equal(first_pixel(folder), is_marked ? 100 : 0);
            // A later replacement that fails leaves this.
            check_throws([&] { replace_data_files(folder.path(), [](auto&) { fail("no"); }); },
                         "no");
            check_equal(first_pixel(folder), is_marked ? 100 : 0);
            // And whatever is there, the next replacement is complete and leaves four files.
            save_folder(folder.path(), {numbered(9, 4, 60), numbered(5, 3, 70)});
            check_equal(load_folder(folder.path()).train.image(0)[0], 60);
            check_equal(load_folder(folder.path()).test.image(0)[0], 70);
            check_equal(std::distance(fs::directory_iterator(folder.path()), {}), 4);
        }
    }
}

TEST(two_programs_do_not_write_a_data_set_into_one_folder) {
    const TemporaryFolder folder;
    const auto first_pixel = [&] { return load_folder(folder.path()).train.image(0)[0]; };
    save_folder(folder.path(), {numbered(9, 4, 0), numbered(5, 3, 0)});
    {
        const FileLock other(folder / "writing.lock", "the other one");
        check_throws(
            [&] {
                save_folder(folder.path(), {numbered(9, 4, 9), numbered(5, 3, 9)});
            },
            "another program is writing a data set there");
    }
    check_equal(first_pixel(), 0);
    save_folder(folder.path(), {numbered(9, 4, 9), numbered(5, 3, 9)});
    check_equal(first_pixel(), 9);
    check_equal(std::distance(fs::directory_iterator(folder.path()), {}), 4);
}

TEST(a_program_killed_in_the_middle_of_a_replacement_leaves_the_old_data_or_the_new) {
    if (std::system("strace -o /dev/null -e inject=rename:error=EPERM true >/dev/null 2>&1") != 0) {
        testing::skip("there is no strace here, or it may not trace");
    }
    const TemporaryFolder folder;
    const auto hash_of = [](const fs::path& path) {
        const TrainTest data = load_folder(path);
        return data_hash(data.train) + data_hash(data.test);
    };
    const auto synthesize = [&](const char* seed, const char* out, const std::string& before) {
        const std::string command = "cd '" + folder.path().string() + "' && " + before + " " +
                                    testing::digits_program() + " synthesize --count 14 --seed " +
                                    seed + " --out " + out + " >/dev/null 2>&1";
        return std::system(command.c_str());
    };
    check_equal(synthesize("1", "old", ""), 0);
    check_equal(synthesize("2", "new", ""), 0);
    const std::string before = hash_of(folder / "old"), after = hash_of(folder / "new");
    bool is_new = false;
    int killed = 0;
    int status = -1;
    for (int call = 1; call < 100 && status != 0; ++call) {
        fs::remove_all(folder / "data");
        fs::copy(folder / "old", folder / "data");
        // The sanitizer's search for leaks does not work in a traced program.
        status = synthesize("2", "data",
                            str_cat("ASAN_OPTIONS=detect_leaks=0 strace -f -o /dev/null -e "
                                    "inject=rename,renameat,renameat2,unlink,unlinkat:"
                                    "signal=KILL:when=",
                                    call));
        const std::string hash = hash_of(folder / "data");
        check(hash == before || hash == after);
        check(hash == after || !is_new);  // once new, never old again
        is_new = hash == after;
        killed += status != 0;
    }
    check_equal(status, 0);
    check(is_new);
    check(killed >= 9);  // four files, the marker, four renamings
}

}  // namespace
}  // namespace digits
