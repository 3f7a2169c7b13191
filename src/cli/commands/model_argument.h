// The MODEL of a command line: a model file, a checkpoint, or the folder of a training.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/options/train_options.h"
#include "data/input_scaling.h"
#include "training/model.h"

namespace digits {

// The help for MODEL.
inline constexpr const char* model_help =
    "MODEL is the folder of a training, such as runs/latest, which is the default, or a file, such "
    "as runs/latest/model.safetensors. While a training is not finished, its checkpoint gives the "
    "best network so far. ";

// --input-scaling
Option input_scaling_option(std::optional<InputScaling>& scaling);

// Reads models as read_model() does, and prints on standard error what was assumed. `scaling` is
// for those whose file does not say how pixels become inputs. Throws UsageError if it is given and
// all of them do.
std::vector<Model> read_model_arguments(std::span<const std::string> arguments,
                                        const std::optional<InputScaling>& scaling);

// Whether this is an image, as the first bytes of its file tell; of any format.
bool looks_like_image(std::span<const std::uint8_t> bytes);

// Whether this is a folder, or a file that begins as a safetensors file does.
bool looks_like_model(const std::string& argument);

// Prints "digits: note: ..." on standard error.
void print_note(const std::string& words);

}  // namespace digits
