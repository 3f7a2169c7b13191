#include "util/random.h"

namespace digits {

double Random::uniform(double low, double high) {
    return low + (high - low) * uniform();
}

}  // namespace digits
