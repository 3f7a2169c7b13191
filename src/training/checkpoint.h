// A training on the disk: checkpoint.safetensors, from which it can go on after anything happened.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "formats/safetensors.h"
#include "training/trainer.h"

namespace digits {

// Everything in the state, to the last bit: parameters, what the optimizer remembers, the random
// sequence, the order of the images and the place in it, the history, the best network so far.
// `notes` become metadata, beside a hash of the tensors. An older file of that name stays until the
// new one is on the disk. Throws std::runtime_error when it cannot be written.
void write_checkpoint(const std::filesystem::path& path, const TrainingState& state,
                      const std::map<std::string, std::string>& notes);

// Takes over what such a file says. `state` must be that of start_training() with the settings of
// the training, and stays as it was when this throws: std::runtime_error that names the file and
// says what does not fit.
void read_checkpoint(const TensorFile& file, TrainingState& state);

// How many bytes a checkpoint may take, at the most, after so many steps.
std::size_t checkpoint_size(const TrainingState& state, std::size_t steps);

}  // namespace digits
