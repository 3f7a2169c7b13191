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

// An upper bound of the size of a checkpoint after `steps` steps, in bytes.
std::size_t checkpoint_size(const TrainingState& state, std::size_t steps);

}  // namespace digits
