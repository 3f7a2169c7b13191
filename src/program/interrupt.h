// Ctrl-C and SIGTERM: noticed, so that a training can put its things in order before it ends.
#pragma once

namespace digits {

// While one of these lives, the first such signal is only noted; the second ends the program as it
// would without this. There may be one at a time.
class InterruptWatch {
public:
    InterruptWatch();
    ~InterruptWatch();
    InterruptWatch(const InterruptWatch&) = delete;
    InterruptWatch& operator=(const InterruptWatch&) = delete;

    // The signal that came, or 0.
    int signal() const;
};

// Writing beyond a limit on the size of files shall be an error that can be reported, not the end.
void ignore_file_size_signal();

}  // namespace digits
