// After the first step of a training, no step asks for memory: everything is there and used again.
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

// Every `new` of the test program comes here and is counted.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
// std::stable_sort() asks for its buffer so.
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

// A Matrix asks for memory that starts on a cache line. Windows has no std::aligned_alloc(), so
// this takes a line more, and notes in front of what it returns where all of it begins.
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

// Allocations from the end of each step to the end of the next, with every optimizer in turn.
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

TEST(no_step_but_the_first_allocates) {
    // On one thread: others get their buffers when they first take part, whenever that is.
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
