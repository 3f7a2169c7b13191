// Every file that the program writes has the same bytes on every machine, whatever the order of
// bytes and the width of numbers there: here are their hashes.
#include <filesystem>

#include "bars.h"
#include "check.h"
#include "cli/run/run_folder.h"
#include "data/synthetic/synthesize.h"
#include "formats/idx.h"
#include "formats/png_writer.h"
#include "plot/plot.h"
#include "temporary_folder.h"
#include "training/checkpoint.h"
#include "training/model_file.h"
#include "util/hash.h"

namespace digits {
namespace {

using testing::check_equal;
using testing::quick_settings;
using testing::read_bytes;
using testing::small_network;
using testing::TemporaryFolder;

std::string hash_of(const std::filesystem::path& path) {
    Hash hash;
    hash.add(read_bytes(path));
    return hash.to_text();
}

TEST(drawn_digits_are_the_same_files_everywhere) {
    const TemporaryFolder folder;
    const Dataset digits = synthesize(20, 3);
    save_folder(folder / "a", {digits, digits});
    check_equal(hash_of(folder / "a" / "train-images-idx3-ubyte"), "09c42d82fb190f05");
    check_equal(hash_of(folder / "a" / "t10k-labels-idx1-ubyte"), "67a1390289bcaf6e");
    write_png(folder / "page.png", image_grid(digits, std::vector<std::size_t>{0, 1, 2}, 2));
    check_equal(hash_of(folder / "page.png"), "3b9a68b36017b4fa");
    check_equal(data_hash(digits), "34a26cc380b3ec12");
}

TEST(models_and_checkpoints_are_the_same_files_everywhere) {
    const TemporaryFolder folder;
    const Network network = small_network(5);
    write_model(folder / "model", {network, 4, 4, {"0", "1", "2", "3"}, {{"seed", "5"}}});
    check_equal(hash_of(folder / "model"), "2d5d7e5d9218f746");
    // Before the first step: how a step is rounded is up to the machine.
    TrainingState state = start_training(network, 50, quick_settings(), Random(5));
    state.order.shuffle(state.random);
    state.history.steps.push_back({1, 1, 0.1, 2.0 / 3.0, 0.25});
    state.history.epochs.push_back({1, 1, 0.1, 1e-300, 0.5, 0.1, {}, 50, 0.0625});
    state.best = state.history.epochs[0];
    write_checkpoint(folder / "checkpoint", state, {{"arguments", "[]"}});
    check_equal(hash_of(folder / "checkpoint"), "f67915ced08f48e1");
    write_history(folder.path(), state.history);
    check_equal(hash_of(folder / "history.csv"), "46da4e318198aba5");
    check_equal(hash_of(folder / "steps.csv"), "b3bf002081ad6f58");
}

}  // namespace
}  // namespace digits
