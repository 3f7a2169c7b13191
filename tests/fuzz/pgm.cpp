// PGM files, and what `digits predict` makes of any picture.
#include "data/digit_form.h"
#include "data/picture_file.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    digits::testing::must_cope([&] {
        const digits::GreyPicture picture = digits::parse_pgm({data, size}, "fuzz");
        digits::digit_form(picture, 28, 28, "fuzz");
    });
    return 0;
}
