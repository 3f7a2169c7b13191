// Tests of data/get-mnist.sh with local folders as mirrors and small files in place of MNIST: a
// copy of the script is run in which the checksums of MNIST are replaced by those of these files.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>

#include "check.h"
#include "gzip_writer.h"
#include "places.h"
#include "temporary_folder.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::from_text;
using testing::read_text;
using testing::stored_gzip_file;
using testing::TemporaryFolder;
using testing::write_bytes;
using testing::write_text;
namespace fs = std::filesystem;

struct File {
    std::string name;
    std::string sha256;
    std::string content;
    std::string sha256_of_content;
};

const std::array<File, 4> files = {{
    {"train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
     "file 1\n", "5f5d584c5857d85af911ade1b2ae7cb593c17654282091f3ace31efd9e951360"},
    {"train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
     "file 2\n", "0b7e1391e807365614c548fd10a4a543cf0654268529f3fe768ed7042624c006"},
    {"t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
     "file 3\n", "b90ae9387f8c3b679f6bbd62649e3b0649fd2f5ab82cc174af8977671367f761"},
    {"t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
     "file 4\n", "76f61e3503f81ffc8ccff1db16486d49a5f602267027e5ae85ae17d0c5e041b1"},
}};

// A folder "data" with the copy of the script and a folder "mirror", in a parent folder whose name
// breaks scripts that do not quote their variables.
class Sandbox {
public:
    Sandbox() {
        if (std::system("gzip --version >/dev/null 2>&1") != 0) {
            testing::skip("there is no shell or no gzip here");
        }
        fs::create_directories(data());
        fs::create_directories(mirror());
        std::string text = read_text(testing::source_folder() / "data" / "get-mnist.sh");
        for (const File& file : files) {
            const std::size_t place = text.find(file.sha256);
            require(place != std::string::npos, "get-mnist.sh: found no checksum of ", file.name);
            text.replace(place, file.sha256.size(), file.sha256_of_content);
            write_bytes(mirror() / (file.name + ".gz"), stored_gzip_file(from_text(file.content)));
        }
        write_text(data() / "get-mnist.sh", text);
    }

    fs::path data() const { return folder_ / "some $folder" / "data"; }
    fs::path mirror() const { return folder_ / "some $folder" / "mirror"; }
    fs::path mnist(const File& file) const { return data() / "mnist" / file.name; }

    // Runs the script. Returns whether it succeeded; its messages are in output().
    bool run() const {
        const std::string command = "MNIST_URL='file://" + mirror().string() + "' sh '" +
                                    (data() / "get-mnist.sh").string() + "' >'" +
                                    (folder_ / "output").string() + "' 2>&1";
        return std::system(command.c_str()) == 0;
    }

    std::string output() const { return read_text(folder_ / "output"); }

    bool is_complete() const {
        return std::all_of(files.begin(), files.end(), [&](const File& file) {
            return fs::exists(mnist(file)) && read_text(mnist(file)) == file.content;
        });
    }

    // The number of entries of data/: the script itself and what it created.
    std::size_t entries() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(data()), fs::directory_iterator()));
    }

private:
    TemporaryFolder folder_;
};

TEST(all_four_files_are_downloaded_and_decompressed) {
    const Sandbox sandbox;
    check(sandbox.run());
    check(sandbox.is_complete());
    check_equal(sandbox.entries(), 2u);  // the script and mnist/: no temporary files
    check_contains(sandbox.output(), "get-mnist: MNIST is in ");
}

TEST(valid_files_are_not_downloaded_again) {
    const Sandbox sandbox;
    check(sandbox.run());
    fs::remove(sandbox.mirror() / (files[0].name + ".gz"));
    write_text(sandbox.mnist(files[2]), "something else");
    check(sandbox.run());
    check(sandbox.is_complete());
    fs::remove_all(sandbox.mirror());
    check(sandbox.run());
    check_contains(sandbox.output(), "already");
}

TEST(a_mirror_without_one_of_the_files_leaves_no_partial_download) {
    const Sandbox sandbox;
    fs::remove(sandbox.mirror() / (files[3].name + ".gz"));
    check(!sandbox.run());
    check_contains(sandbox.output(), "error: no mirror gave all four files");
    check_contains(sandbox.output(), "MNIST_URL=");
    check_equal(sandbox.entries(), 1u);
}

TEST(wrong_content_is_detected) {
    const Sandbox sandbox;
    write_bytes(sandbox.mirror() / (files[1].name + ".gz"), stored_gzip_file(from_text("else")));
    check(!sandbox.run());
    check_contains(sandbox.output(), "is not MNIST: wrong SHA-256");
    check_equal(sandbox.entries(), 1u);
}

TEST(damaged_files_are_detected) {
    const Sandbox sandbox;
    write_text(sandbox.mirror() / (files[1].name + ".gz"), "<html>Please log in</html>");
    check(!sandbox.run());
    check_contains(sandbox.output(), "it cannot be unpacked");
    check_equal(sandbox.entries(), 1u);
}

TEST(a_folder_in_the_place_of_a_file_is_refused) {
    const Sandbox sandbox;
    fs::create_directories(sandbox.mnist(files[2]));
    check(!sandbox.run());
    check_contains(sandbox.output(), "t10k-images-idx3-ubyte is a folder, where the file of");
    check(fs::is_empty(sandbox.mnist(files[2])));
    fs::remove_all(sandbox.data() / "mnist");
    write_text(sandbox.data() / "mnist", "in the way");
    check(!sandbox.run());
    check_contains(sandbox.output(), "mnist is a file, where a folder belongs");
}

TEST(a_failure_leaves_existing_files_unchanged) {
    const Sandbox sandbox;
    check(sandbox.run());
    write_text(sandbox.mnist(files[1]), "precious");
    fs::remove_all(sandbox.mirror());
    check(!sandbox.run());
    check_equal(read_text(sandbox.mnist(files[1])), "precious");
    check_equal(read_text(sandbox.mnist(files[0])), files[0].content);
    check_equal(sandbox.entries(), 2u);
}

}  // namespace
}  // namespace digits
