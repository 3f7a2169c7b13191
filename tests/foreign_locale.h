// A locale that writes 1.234,5 for 1234.5, for the time of a test or for the whole test program.
#pragma once

#include <clocale>
#include <cstdlib>
#include <locale>
#include <string>

namespace digits::testing {

// A decimal comma, and points between the thousands: no installed locale is needed.
class CommaAndPoint : public std::numpunct<char> {
protected:
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
};

// The locale of the streams and the other features of C++.
inline void set_foreign_cpp_locale() {
    std::locale::global(std::locale(std::locale::classic(), new CommaAndPoint));
}

// The locale of C, which strtod() and printf() obey. Returns false if none with a decimal comma is
// installed. In the Turkish one, the capital of "i" is not "I".
inline bool set_foreign_c_locale() {
    for (const char* name : {"tr_TR.UTF-8", "de_DE.UTF-8", "fr_FR.UTF-8", "German_Germany.1252"}) {
        if (std::setlocale(LC_ALL, name) == nullptr) continue;
#ifdef LC_MESSAGES  // of POSIX; tests compare the words of the system, too
        std::setlocale(LC_MESSAGES, "C");
#endif
        return true;
    }
    return false;
}

// Restores both when the test ends.
class LocaleRestorer {
public:
    LocaleRestorer() = default;
    ~LocaleRestorer() {
        std::locale::global(cpp_);
        std::setlocale(LC_ALL, c_.c_str());
    }
    LocaleRestorer(const LocaleRestorer&) = delete;
    LocaleRestorer& operator=(const LocaleRestorer&) = delete;

private:
    std::locale cpp_;
    std::string c_ = std::setlocale(LC_ALL, nullptr);
};

}  // namespace digits::testing
