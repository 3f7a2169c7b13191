// Checkpoints: the complete state of a training in a file, from which it can be resumed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "formats/safetensors.h"
#include "training/trainer.h"

namespace digits {

// Writes the whole state, to the last bit: parameters, optimizer state, random generator, the order
// of the images and the position in it, the history, the EMA and the best network so far. `notes`
// become metadata, next to a hash of the tensors. An existing file is replaced only when the new
// one is safely on the disk. Throws std::runtime_error if the file cannot be written.
void write_checkpoint(const std::filesystem::path& path, const TrainingState& state,
                      const std::map<std::string, std::string>& notes);

// Restores the state from such a file. `state` must come from start_training() with the settings of
// that training. Throws a std::runtime_error that names the file and says what does not fit;
// `state` is then unchanged.
void read_checkpoint(const TensorFile& file, TrainingState& state);

// The metadata key that best_network_file() adds: "of epoch 3" or "after step 500".
inline constexpr const char* progress_key = "progress";

// Whether the file was written by write_checkpoint().
bool is_checkpoint(const TensorFile& file);

// The best network so far (without validation or before the end of the first epoch, the current
// one, or its EMA) in the form of a model file, which read_model() continues to read. What the
// tensors do not say comes from the notes of `digits train`: "settings", and "image_size" and
// "image_layout" if they are there. Throws std::runtime_error if the file is damaged or has no such
// notes.
TensorFile best_network_file(const TensorFile& checkpoint);

// An upper bound of the size of a checkpoint after `steps` steps, in bytes.
std::size_t checkpoint_size(const TrainingState& state, std::size_t steps);

}  // namespace digits
