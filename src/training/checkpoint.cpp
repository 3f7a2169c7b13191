#include "training/checkpoint.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "formats/json.h"
#include "util/hash.h"
#include "util/require.h"
#include "util/sizes.h"

namespace digits {
namespace {

// Reads and validates the tensors of a checkpoint. All functions throw a std::runtime_error that
// names the file and the tensor.
class CheckpointReader {
public:
    explicit CheckpointReader(const TensorFile& file) : file_(file) {}

    bool has(const std::string& name) const { return find(name) != nullptr; }

    template <class Value>
    std::vector<Value> values(const std::string& name, std::size_t rows,
                              std::size_t columns) const {
        const Tensor& tensor = require_tensor(name);
        if (tensor.bytes.size() / sizeof(Value) != checked_product(rows, columns, "checkpoint")) {
            refuse(name, " is ", shape_text(tensor.shape), ", expected ", rows, "x", columns);
        }
        return values_of<Value>(tensor);
    }

    void matrix(const std::string& name, Matrix& matrix) const {
        std::ranges::copy(values<float>(name, matrix.rows(), matrix.columns()), matrix.data());
    }

    template <class Value>
    std::vector<std::vector<Value>> rows(const std::string& name, std::size_t columns) const {
        const Tensor& tensor = require_tensor(name);
        const std::size_t count = tensor.bytes.size() / sizeof(Value) / columns;
        const std::vector<Value> all = values<Value>(name, count, columns);
        std::vector<std::vector<Value>> rows;
        for (auto row = all.begin(); row != all.end();
             row += static_cast<std::ptrdiff_t>(columns)) {
            rows.emplace_back(row, row + static_cast<std::ptrdiff_t>(columns));
        }
        return rows;
    }

    template <class... Parts>
    [[noreturn]] void refuse(const Parts&... what) const {
        fail(file_.name, ": ", what..., "; is it a checkpoint of this training?");
    }

private:
    // Version 1.0 called "layer1" "dense1" and "ema." "average.": its checkpoints can be resumed.
    const Tensor* find(std::string name) const {
        if (const Tensor* const tensor = file_.find(name)) return tensor;
        if (name.starts_with("ema.")) name.replace(0, 4, "average.");
        const std::size_t layer = name.find(".layer");
        if (layer != std::string::npos) name.replace(layer, 6, ".dense");
        return file_.find(name);
    }

    const Tensor& require_tensor(const std::string& name) const {
        const Tensor* const tensor = find(name);
        if (!tensor) refuse("has no tensor ", name);
        return *tensor;
    }

    const TensorFile& file_;
};

constexpr const char* hash_key = "tensors_hash";

// Name prefixes of the optimizer's two lists of matrices.
constexpr const char* velocity_prefix = "optimizer.velocity.";
constexpr const char* square_prefix = "optimizer.square.";

// Records are stored as rows of doubles, which represent integers exactly up to 2^53.
std::vector<double> to_row(const StepRecord& record) {
    return {static_cast<double>(record.step), static_cast<double>(record.epoch),
            record.learning_rate, record.loss, record.accuracy};
}

std::vector<double> to_row(const EpochRecord& record) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    return {static_cast<double>(record.epoch),
            static_cast<double>(record.steps),
            record.learning_rate,
            record.train_loss,
            record.train_accuracy,
            record.validation_loss.value_or(none),
            record.validation_accuracy.value_or(none),
            static_cast<double>(record.images),
            record.seconds};
}

template <class Record>
Tensor records_tensor(const std::string& name, std::span<const Record> records) {
    std::vector<double> values;
    for (const Record& record : records) {
        const std::vector<double> row = to_row(record);
        values.insert(values.end(), row.begin(), row.end());
    }
    return make_tensor(name, {records.size(), to_row(Record{}).size()},
                       std::span<const double>(values));
}

Tensor numbers_tensor(const std::string& name, const std::vector<std::uint64_t>& numbers) {
    return make_tensor(name, {numbers.size()}, std::span<const std::uint64_t>(numbers));
}

// A row for each validation: the epoch, and the counts of its confusion matrix.
Tensor validations_tensor(std::span<const EpochConfusion> validations, std::size_t classes) {
    std::vector<std::uint64_t> numbers;
    for (const auto& [epoch, confusion] : validations) {
        numbers.push_back(epoch);
        for (std::size_t i = 0; i < classes * classes; ++i) {
            numbers.push_back(confusion(i / classes, i % classes));
        }
    }
    return make_tensor("history.validations", {validations.size(), 1 + classes * classes},
                       std::span<const std::uint64_t>(numbers));
}

Tensor matrix_tensor(const std::string& name, const Matrix& matrix) {
    return make_tensor(name, {matrix.rows(), matrix.columns()}, matrix.values());
}

std::string hash_of(const std::vector<Tensor>& tensors) {
    // Sorted by name, because write_safetensors() may store the tensors in a different order.
    std::vector<const Tensor*> order;
    for (const Tensor& tensor : tensors) order.push_back(&tensor);
    std::ranges::sort(order, {}, [](const Tensor* tensor) { return tensor->name; });
    Hash hash;
    for (const Tensor* const tensor : order) hash.add(tensor->bytes);
    return hash.to_text();
}

std::size_t to_count(const CheckpointReader& reader, double number) {
    constexpr double largest = 9007199254740992.0;  // 2^53
    if (!(number >= 0.0 && number <= largest)) {
        reader.refuse("expected a count from 0 to 2^53, found ", number);
    }
    return static_cast<std::size_t>(number);
}

StepRecord step_record(const CheckpointReader& reader, const std::vector<double>& row) {
    return {to_count(reader, row[0]), to_count(reader, row[1]), row[2], row[3], row[4]};
}

EpochRecord epoch_record(const CheckpointReader& reader, const std::vector<double>& row) {
    const auto optional = [](double value) {
        return std::isnan(value) ? std::nullopt : std::optional(value);
    };
    return {to_count(reader, row[0]),
            to_count(reader, row[1]),
            row[2],
            row[3],
            row[4],
            optional(row[5]),
            optional(row[6]),
            to_count(reader, row[7]),
            row[8]};
}

void add_network(std::vector<Tensor>& tensors, const std::string& prefix, const Network& network) {
    for (const Parameter* const parameter : network.parameters()) {
        tensors.push_back(matrix_tensor(prefix + parameter->name, parameter->value));
    }
}

// Optional copies of the network in a state, next to the network itself.
constexpr const char* best_prefix = "best_network.";
constexpr const char* ema_prefix = "ema.";

void read_network(const CheckpointReader& reader, const std::string& prefix, Network& network) {
    for (Parameter* const parameter : network.parameters()) {
        reader.matrix(prefix + parameter->name, parameter->value);
    }
}

// One of the optional copies, if the file contains it.
std::optional<Network> read_optional_network(const CheckpointReader& reader,
                                             const std::string& prefix, const Network& network) {
    if (!reader.has(prefix + network.parameters().front()->name)) return {};
    std::optional<Network> copy = network;
    read_network(reader, prefix, *copy);
    return copy;
}

OptimizerState read_optimizer(const CheckpointReader& reader, const Network& network) {
    OptimizerState state;
    state.steps =
        static_cast<std::size_t>(reader.values<std::uint64_t>("optimizer.steps", 1, 1)[0]);
    if (state.steps == 0) return state;
    for (const Parameter* const parameter : network.parameters()) {
        for (auto [prefix, list] : {std::pair(velocity_prefix, &state.velocity),
                                    std::pair(square_prefix, &state.square)}) {
            Matrix matrix;
            if (reader.has(prefix + parameter->name)) {
                matrix = Matrix(parameter->value.rows(), parameter->value.columns());
                reader.matrix(prefix + parameter->name, matrix);
            }
            list->push_back(std::move(matrix));
        }
    }
    return state;
}

std::vector<EpochConfusion> read_validations(const CheckpointReader& reader, std::size_t classes) {
    std::vector<EpochConfusion> validations;
    // Checkpoints of earlier versions have none.
    if (!reader.has("history.validations")) return validations;
    for (const auto& row :
         reader.rows<std::uint64_t>("history.validations", 1 + classes * classes)) {
        ConfusionMatrix confusion(classes);
        for (std::size_t i = 0; i < classes * classes; ++i) {
            confusion.add(i / classes, i % classes, static_cast<std::size_t>(row[1 + i]));
        }
        validations.push_back({static_cast<std::size_t>(row[0]), std::move(confusion)});
    }
    return validations;
}

void require_undamaged(const TensorFile& file, const CheckpointReader& reader) {
    const auto hash = file.metadata.find(hash_key);
    if (hash == file.metadata.end()) reader.refuse("its metadata has no ", hash_key);
    if (hash->second != hash_of(file.tensors))
        reader.refuse("it is damaged: its tensors do not match ", hash_key);
}

void require_consistent(const CheckpointReader& reader, const TrainingState& state) {
    const std::size_t steps = state.history.steps.size(), epochs = state.history.epochs.size();
    const std::size_t images = state.epoch.images, batch = state.order.batch_size();
    const bool is_between_batches = images % batch == 0 && images < state.order.order().size();
    if (state.optimizer.state().steps != steps || !is_between_batches ||
        state.best.epoch > epochs || (epochs > 0 && state.best.epoch == 0)) {
        reader.refuse("its counts are inconsistent: ", steps, " steps in the history, ",
                      state.optimizer.state().steps, " in the optimizer; ", images,
                      " images into an epoch with batches of ", batch, "; the best of ", epochs,
                      " epochs is ", state.best.epoch);
    }
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const TrainingState& state,
                      const std::map<std::string, std::string>& notes) {
    TensorFile file{path.string(), notes, {}};
    std::vector<Tensor>& tensors = file.tensors;
    add_network(tensors, "network.", state.network);
    if (state.best_network) add_network(tensors, best_prefix, *state.best_network);
    if (state.ema) add_network(tensors, ema_prefix, *state.ema);
    const OptimizerState& optimizer = state.optimizer.state();
    const std::vector<const Parameter*> parameters = state.network.parameters();
    for (std::size_t p = 0; p < optimizer.velocity.size(); ++p) {
        for (auto [prefix, list] : {std::pair(velocity_prefix, &optimizer.velocity),
                                    std::pair(square_prefix, &optimizer.square)}) {
            const Matrix& matrix = (*list)[p];
            if (matrix.size() == 0) continue;
            tensors.push_back(matrix_tensor(prefix + parameters[p]->name, matrix));
        }
    }
    tensors.push_back(numbers_tensor("optimizer.steps", {optimizer.steps}));
    tensors.push_back(numbers_tensor("random", {state.random.state()}));
    const auto order = state.order.order();
    tensors.push_back(numbers_tensor("order", {order.begin(), order.end()}));
    tensors.push_back(records_tensor<StepRecord>("history.steps", state.history.steps));
    tensors.push_back(records_tensor<EpochRecord>("history.epochs", state.history.epochs));
    tensors.push_back(validations_tensor(state.history.validations, state.network.outputs()));
    tensors.push_back(records_tensor<EpochRecord>("epoch", std::span(&state.epoch, 1)));
    tensors.push_back(records_tensor<EpochRecord>("best", std::span(&state.best, 1)));
    file.metadata[hash_key] = hash_of(tensors);
    write_safetensors(path, file);
}

void read_checkpoint(const TensorFile& file, TrainingState& state) {
    const CheckpointReader reader(file);
    require_undamaged(file, reader);

    TrainingState restored = state;
    read_network(reader, "network.", restored.network);
    restored.best_network = read_optional_network(reader, best_prefix, restored.network);
    restored.ema = read_optional_network(reader, ema_prefix, restored.network);
    restored.optimizer.set_state(read_optimizer(reader, restored.network));
    restored.random.set_state(reader.values<std::uint64_t>("random", 1, 1)[0]);
    const auto order = reader.values<std::uint64_t>("order", 1, state.order.order().size());
    try {
        restored.order.set_order({order.begin(), order.end()});
    } catch (const std::invalid_argument& error) {
        reader.refuse(error.what());
    }
    for (const auto& row : reader.rows<double>("history.steps", to_row(StepRecord{}).size())) {
        restored.history.steps.push_back(step_record(reader, row));
    }
    const std::size_t width = to_row(EpochRecord{}).size();
    for (const auto& row : reader.rows<double>("history.epochs", width)) {
        restored.history.epochs.push_back(epoch_record(reader, row));
    }
    restored.history.validations = read_validations(reader, restored.network.outputs());
    restored.epoch = epoch_record(reader, reader.values<double>("epoch", 1, width));
    restored.best = epoch_record(reader, reader.values<double>("best", 1, width));
    require_consistent(reader, restored);
    state = std::move(restored);
}

bool is_checkpoint(const TensorFile& file) {
    return file.find("optimizer.steps") && file.metadata.contains(hash_key);
}

TensorFile best_network_file(const TensorFile& checkpoint) {
    const CheckpointReader reader(checkpoint);
    require_undamaged(checkpoint, reader);
    TensorFile model{checkpoint.name, {}, {}};
    const auto settings = checkpoint.metadata.find("settings");
    if (settings == checkpoint.metadata.end()) reader.refuse("its metadata has no settings");
    const Json json = read_json(settings->second, checkpoint.name + ": its settings");
    const Json *const activation = json.find("activation"), *const deskew = json.find("deskew");
    if (activation && activation->string()) model.metadata["activation"] = *activation->string();
    if (deskew && deskew->to_line() == "true") model.metadata["deskew"] = "yes";
    for (const char* const key : {"image_size", "image_layout"}) {
        const auto note = checkpoint.metadata.find(key);
        if (note != checkpoint.metadata.end()) model.metadata.insert(*note);
    }
    model.metadata["input_scaling"] = "byte/255";

    std::string prefix = "network.";
    // Those that version 1.0 wrote, too.
    for (const std::string& copy :
         {std::string("average."), std::string(ema_prefix), std::string(best_prefix)}) {
        const bool is_there = std::ranges::any_of(checkpoint.tensors, [&](const Tensor& tensor) {
            return tensor.name.starts_with(copy);
        });
        if (is_there) prefix = copy;
    }
    for (const Tensor& tensor : checkpoint.tensors) {
        if (!tensor.name.starts_with(prefix)) continue;
        Tensor copy = tensor;
        copy.name.erase(0, prefix.size());
        // A weight (I, O), which is what other programs call a kernel.
        const std::size_t part = copy.name.rfind("weight");
        if (part != std::string::npos) copy.name.replace(part, std::string::npos, "kernel");
        model.tensors.push_back(std::move(copy));
    }
    const auto best = reader.values<double>("best", 1, to_row(EpochRecord{}).size());
    const auto steps = reader.values<std::uint64_t>("optimizer.steps", 1, 1)[0];
    model.metadata[progress_key] =
        prefix == best_prefix ? str_cat("of epoch ", best[0]) : str_cat("after step ", steps);
    return model;
}

std::size_t checkpoint_size(const TrainingState& state, std::size_t steps) {
    // The network, the best one, the EMA, and the optimizer's two lists.
    constexpr std::size_t networks = 5;
    const std::size_t classes = state.network.outputs();
    const std::size_t epochs = steps / state.order.batches() + 1;
    return sizeof(std::uint64_t) * (1 + classes * classes) * epochs +
           networks * parameter_count(state.network) * sizeof(float) +
           sizeof(std::uint64_t) * state.order.order().size() +
           sizeof(double) * to_row(StepRecord{}).size() * steps + 100'000;
}

}  // namespace digits
