// Training steps after the first do not allocate memory: all buffers are reused.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <vector>

#include "bars.h"
#include "check.h"
#include "util/parallel.h"

namespace {

std::atomic<std::size_t> allocations = 0;

}  // namespace

// Replaces global operator new to count every allocation of the test program.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
// std::stable_sort() uses this one for its buffer.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

// A Matrix allocates memory aligned to cache lines. Windows has no std::aligned_alloc(), so this
// allocates one line more, and stores the start of the block in front of the pointer it returns.
void* operator new(std::size_t size, std::align_val_t alignment) {
    ++allocations;
    const std::size_t line = static_cast<std::size_t>(alignment);
    char* const begin = static_cast<char*>(std::malloc(line + size));
    if (begin == nullptr) throw std::bad_alloc();
    void* const memory = begin + (line - reinterpret_cast<std::uintptr_t>(begin) % line);
    static_cast<void**>(memory)[-1] = begin;
    return memory;
}
void operator delete(void* memory, std::align_val_t) noexcept {
    if (memory != nullptr) std::free(static_cast<void**>(memory)[-1]);
}
void operator delete(void* memory, std::size_t, std::align_val_t alignment) noexcept {
    operator delete(memory, alignment);
}

namespace digits {
namespace {

using testing::bars;
using testing::check_equal;
using testing::quick_settings;
using testing::small_network;

// The number of allocations from the end of each step to the end of the next.
std::vector<std::size_t> allocations_between_steps(OptimizerKind optimizer) {
    Network network = small_network(1, 0.25);
    Random random(1);
    TrainerSettings settings = quick_settings();
    settings.optimizer.kind = optimizer;
    settings.schedule.learning_rate = 0.01;
    settings.batch_size = 64;
    settings.epochs = 1;
    std::vector<std::size_t> counts;
    counts.reserve(100);
    Observer observer;
    observer.on_step = [&](const StepRecord&) { counts.push_back(allocations); };
    train(network, bars(500, 1), nullptr, settings, random, observer);
    for (std::size_t i = counts.size(); i-- > 1;) counts[i] -= counts[i - 1];
    counts.erase(counts.begin());
    return counts;
}

TEST(only_the_first_step_allocates) {
    // With one thread: other threads allocate their buffers when they first join in, at any step.
    set_thread_count(1);
    for (const OptimizerKind optimizer :
         {OptimizerKind::sgd, OptimizerKind::nesterov, OptimizerKind::adam}) {
        const std::vector<std::size_t> counts = allocations_between_steps(optimizer);
        check_equal(counts.size(), 7u);  // 500 images are 8 batches, the last one shorter
        for (const std::size_t count : counts) check_equal(count, 0u);
    }
    set_thread_count(0);
}

}  // namespace
}  // namespace digits
