#include "network/initializer.h"

#include <cmath>

namespace digits {
namespace {

void fill_normal(Matrix& weight, double deviation, Random& random) {
    for (float& value : weight.values()) value = static_cast<float>(deviation * random.normal());
}

}  // namespace

void initialize(Matrix& weight, const Initializer& initializer, Random& random) {
    const double inputs = static_cast<double>(weight.rows());
    const double outputs = static_cast<double>(weight.columns());
    switch (initializer.kind) {
        case InitializerKind::he:
            fill_normal(weight, std::sqrt(2.0 / inputs), random);
            break;
        case InitializerKind::xavier: {
            const double limit = std::sqrt(6.0 / (inputs + outputs));
            for (float& value : weight.values()) {
                value = static_cast<float>(random.uniform(-limit, limit));
            }
            break;
        }
        case InitializerKind::normal:
            fill_normal(weight, initializer.deviation, random);
            break;
        case InitializerKind::zeros:
            weight.fill(0.0f);
            break;
    }
}

}  // namespace digits
