// Tensors out of a checkpoint, each with the complaint when it is not as it must be.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "data/safetensors.h"
#include "math/matrix.h"
#include "math/require.h"

namespace digits {

// All throw std::runtime_error that names the file and the tensor.
class CheckpointReader {
public:
    explicit CheckpointReader(const TensorFile& file) : file_(file) {}

    bool has(const std::string& name) const { return file_.find(name) != nullptr; }

    template <class Value>
    std::vector<Value> values(const std::string& name, std::size_t rows,
                              std::size_t columns) const {
        const Tensor& tensor = need(name);
        if (tensor.bytes.size() / sizeof(Value) != rows * columns) {
            refuse(name, " is ", shape_text(tensor.shape), ", expected ", rows, "x", columns);
        }
        return values_of<Value>(tensor);
    }

    void matrix(const std::string& name, Matrix& matrix) const {
        std::ranges::copy(values<float>(name, matrix.rows(), matrix.columns()), matrix.data());
    }

    std::vector<std::vector<double>> rows(const std::string& name, std::size_t columns) const {
        const Tensor& tensor = need(name);
        const std::size_t count = tensor.bytes.size() / sizeof(double) / columns;
        const std::vector<double> all = values<double>(name, count, columns);
        std::vector<std::vector<double>> rows;
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
    const Tensor& need(const std::string& name) const {
        const Tensor* const tensor = file_.find(name);
        if (!tensor) refuse("has no tensor ", name);
        return *tensor;
    }

    const TensorFile& file_;
};

}  // namespace digits
