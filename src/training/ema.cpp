#include "training/ema.h"

#include <algorithm>

#include "util/parallel.h"

namespace digits {

void update_ema(Network& ema, const Network& network, double decay, std::size_t step) {
    require(step > 0 && decay >= 0.0 && decay < 1.0, "update_ema: the decay is ", decay,
            " at step ", step, "; expected a decay in [0, 1) and a step of at least 1");
    const double share = std::max(1.0 - decay, 1.0 / static_cast<double>(step));
    const auto old_share = static_cast<float>(1.0 - share), new_share = static_cast<float>(share);
    const std::vector<Parameter*> means = ema.parameters();
    const std::vector<const Parameter*> parameters = network.parameters();
    require(means.size() == parameters.size(), "update_ema: the network has ", parameters.size(),
            " parameters but its average has ", means.size());
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        Matrix& mean = means[p]->value;
        const Matrix& value = parameters[p]->value;
        require(have_same_shape(mean, value), "update_ema: ", means[p]->name, " is ", shape(value),
                " but its average is ", shape(mean));
        float* const to = mean.data();
        const float* const from = value.data();
        constexpr std::size_t grain = 16384;  // minimum number of elements per thread
        parallel_for(0, value.size(), grain, [=](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                to[i] = old_share * to[i] + new_share * from[i];
            }
        });
    }
}

}  // namespace digits
