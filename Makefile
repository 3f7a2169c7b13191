# Digit by Digit. `make` builds the program, `make help` says what else there is.
# All it takes is a C++20 compiler and make: GNU make 3.81 or newer, or BSD make.

# Settings to change: `make CXX=clang++`, `make ARCH=x86-64-v2`, `make CXXFLAGS='-O2 -g'`.
BUILD    = build
# Only where make does not predefine them, as with make -R.
CXX     ?= c++
AR      ?= ar
CXXFLAGS = -O3 -DNDEBUG
# Options for the programs of the chapters: `make chapter-04 DATA='--data drawn'`.
DATA     =
# The processor to compile for. Empty: any processor of this architecture.
ARCH     = native
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
           -Wdouble-promotion -Wold-style-cast

# Shell commands that list the source files of src, tests and chapters, so that a new file needs no
# line here. GNU make 4 and BSD make run them at "!="; GNU make 3.81, which macOS has, does not know
# "!=" and runs them at "?=", where the variable is still empty only there.
# Names that begin with a dot are not sources but what editors and macOS leave beside them.
list_library  = find src -name '*.cpp' ! -path '*/.*' ! -path 'src/cli/*' | sort
list_program  = find src/cli -name '*.cpp' ! -path '*/.*' ! -name main.cpp ! -name processor_check.cpp | sort
list_check    = find src/cli -name processor_check.cpp
list_tests    = find tests \( -name '*_test.cpp' -o -name check.cpp \) ! -path '*/.*' | sort
list_chapters = find chapters -name main.cpp ! -path '*/.*' 2>/dev/null | sort
list_numbers  = $(list_chapters) | sed 's|chapters/\([0-9]*\).*|chapter-\1|'
# "native" only if the assembler, which may be older than the compiler, knows its instructions, too.
find_arch     = case '$(ARCH)' in \
    native) for flag in -march=native -mcpu=native; do \
                echo '$(vector_code)' | $(CXX) $$flag -O3 -c -x c++ - -o /dev/null 2>/dev/null && \
                    echo $$flag && break; \
            done ;; \
    ?*) echo '-march=$(ARCH)' ;; \
    esac; true
vector_code   = typedef float V __attribute__((vector_size(64))); \
    void fma(V* a, V* b) { *a = *a * *b + *a; *b = *a < *b ? *a : *b; } \
    void loop(float* a, const unsigned char* b, unsigned* c) { \
        for (int i = 0; i < 999; ++i) { a[i] += b[i]; c[i] += b[i] * b[i]; if (a[i] > 0) a[i] *= 2; } }
count_cores   = nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2
find_light    = for flag in $(CXXFLAGS); do case $$flag in -O*) level=$$flag ;; esac; done; \
    [ "$$level" != -O3 ] || echo -O1
# The macros that the compiler defines say what it is and what "native" means on this machine.
hash_compile  = { printf '%s\n' $(compile); $(compile) -dM -E -x c++ /dev/null 2>/dev/null; } | \
    cksum | cut -d ' ' -f 1

cores!=    $(count_cores)
cores?=    $(shell $(count_cores))
library!=  $(list_library)
library?=  $(shell $(list_library))
program!=  $(list_program)
program?=  $(shell $(list_program))
check!=    $(list_check)
check?=    $(shell $(list_check))
tests!=    $(list_tests)
tests?=    $(shell $(list_tests))
chapters!= $(list_chapters)
chapters?= $(shell $(list_chapters))
numbers!=  $(list_numbers)
numbers?=  $(shell $(list_numbers))
arch!=     $(find_arch)
arch?=     $(shell $(find_arch))
light!=    $(find_light)
light?=    $(shell $(find_light))
# Without errno to set, a square root is one vector instruction. "%=%" joins flags of several lines.
compile =  $(CXX) -std=c++20 $(CXXFLAGS:%=%) -fno-math-errno $(arch) -pthread -Isrc $(WARNINGS)
compile_for_every_processor = $(CXX) -std=c++20 $(CXXFLAGS:%=%) -pthread -Isrc $(WARNINGS)
hash!=     $(hash_compile)
hash?=     $(shell $(hash_compile))

objects          = $(BUILD)/objects
library_objects  = $(library:%.cpp=$(objects)/%.o)
program_objects  = $(program:%.cpp=$(objects)/%.o)
main_object      = $(objects)/src/cli/main.o
check_object     = $(check:%.cpp=$(objects)/%.o)
test_objects     = $(tests:%.cpp=$(objects)/%.o)
chapter_objects  = $(chapters:%.cpp=$(objects)/%.o)
chapter_programs = $(chapters:%.cpp=$(BUILD)/%)
fuzz_names       = safetensors json idx gzip png netpbm options
fuzz_targets     = $(fuzz_names:%=$(BUILD)/%)

# Compile on all cores unless -j says how many: GNU make reads the first line, BSD make the second.
# Jobs that BSD make runs in parallel have no terminal, so `run` builds first and then runs alone.
MAKEFLAGS += $(if $(filter 0,$(MAKELEVEL)),-j$(cores))
.MAKEFLAGS: ${"${.TARGETS:Mrun}":?:-j${.MAKE.JOBS:U${cores}}}
.MAKE.JOB.PREFIX =

.SUFFIXES:
.PHONY: all run mnist test reproduce records fuzz fuzz-targets compare-blas chapters $(numbers) figures debug \
    asan tsan format clean help

all: $(BUILD)/digits        ## build the program, build/digits, and the library (the default)

run:                        ## train a network that reads digits
	@$(MAKE) -s $(BUILD)/digits
	@$(BUILD)/digits train

mnist:                      ## download the MNIST digits to data/mnist
	@sh data/get-mnist.sh

test: $(BUILD)/digits_tests $(BUILD)/digits $(chapter_programs) ## run the tests; SUITE=gemm only tests/gemm_test.cpp
	@sh tests/run_suites.sh $(BUILD)/digits_tests $(SUITE)

reproduce: $(BUILD)/digits  ## repeat the published experiments on MNIST and write their table
	@$(BUILD)/digits reproduce --into chapters/experiments.md --into README.md

records: $(BUILD)/digits    ## train the best networks on MNIST, in half an hour or more, and write their table
	@$(BUILD)/digits records --into chapters/experiments.md --into README.md

compare-blas: $(BUILD)/compare_blas $(BUILD)/digits ## compare the speed with OpenBLAS, BLIS and NumPy
	@$(BUILD)/compare_blas
	@if [ -d data/mnist ]; then python3 tests/compare_numpy.py data/mnist; \
	else echo 'No data/mnist, so no comparison with NumPy: make mnist fetches it.'; fi

chapters: $(chapter_programs) ## run the programs of all chapters; chapter-01 only the first
	@for program in $(chapter_programs); do echo "== $$program"; $$program $(DATA) || exit 1; done

$(numbers):
	@$(MAKE) -s $(BUILD)/$$(echo chapters/$(@:chapter-%=%)-*)/main
	@$(BUILD)/chapters/$(@:chapter-%=%)-*/main $(DATA)

figures: $(chapter_programs) ## redraw the figures of all chapters
	@for program in $(chapter_programs); do $$program --data drawn --figures || exit 1; done

debug:                      ## build build/debug/digits for a debugger: no optimization
	@$(MAKE) -s BUILD=$(BUILD)/debug CXXFLAGS='-O0 -g' all

SANITIZE = -O1 -g1 -fno-sanitize-recover=all
asan:                       ## run the tests with the address and undefined-behaviour sanitizers
	@$(MAKE) -s BUILD=$(BUILD)/asan CXXFLAGS='$(SANITIZE) -fsanitize=address,undefined' test

tsan:                       ## run the tests with the thread sanitizer
	@$(MAKE) -s BUILD=$(BUILD)/tsan CXXFLAGS='$(SANITIZE) -fsanitize=thread' test

FUZZ_CXX  = clang++
FUZZ_RUNS = 20000
fuzz:                       ## fuzz the file and option parsers; needs Clang
	@$(MAKE) -s BUILD=$(BUILD)/fuzz CXX=$(FUZZ_CXX) fuzz-targets \
	    CXXFLAGS='$(SANITIZE) -fsanitize=fuzzer-no-link,address,undefined'
	@for target in $(fuzz_names); do corpus=$(BUILD)/fuzz/corpus/$$target; mkdir -p $$corpus; \
	    $(BUILD)/fuzz/$$target -runs=$(FUZZ_RUNS) -max_len=4096 -malloc_limit_mb=64 -timeout=10 \
	        -max_total_time=600 -print_final_stats=1 -artifact_prefix=$(BUILD)/fuzz/$$target- \
	        $$corpus tests/fuzz/corpus/$$target 2>$(BUILD)/fuzz/$$target.log || \
	        { tail -n 40 $(BUILD)/fuzz/$$target.log; exit 1; }; \
	    echo "$$target: $$(awk '/executed_units/ { print $$2 }' $(BUILD)/fuzz/$$target.log) runs"; \
	done

format:                     ## format the sources with clang-format
	@find src tests chapters \( -name '*.h' -o -name '*.cpp' \) ! -path '*/.*' -print | xargs clang-format -i

clean:                      ## delete everything that was built
	rm -rf $(BUILD)

help:                       ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# The name of this file has a hash of the compiler, its flags and the processor. If one of them
# changes, the file is missing, and everything is recompiled.
flags     = $(BUILD)/flags-$(hash)
probe     = -w -c tests/cxx20_probe.cpp -o $(BUILD)/probe.o
$(flags):
	@mkdir -p $(BUILD)
	@$(compile) $(probe) 2>$(BUILD)/probe.log || { \
	    if $(CXX) -std=c++20 $(probe) 2>/dev/null; then \
	        echo "make: these flags do not work:" $(compile) >&2; \
	    else \
	        found=$$($(CXX) --version 2>/dev/null | head -n 1); \
	        echo "make: a C++20 compiler is needed, such as GCC 11 or Clang 13, but" $(CXX) \
	            "is $${found:-not installed}. Name another with: make CXX=..." >&2; \
	    fi; \
	    sed -n '/error/{p;q;}' $(BUILD)/probe.log >&2; exit 1; }
	@rm -rf $(objects) $(BUILD)/flags-* $(BUILD)/probe.*
	@echo $(compile) | tee $@

# The standard headers, parsed once for all sources: that nearly halves the time of a first build. A
# compiler that cannot keep them parsed reads them anew each time.
std_headers = algorithm array charconv cmath cstdint cstdio filesystem functional map memory numeric \
              optional span stdexcept string string_view utility variant vector
std         = $(BUILD)/std.h
$(std): $(flags)
	@printf '#include <%s>\n' $(std_headers) >$@
	@$(compile) -x c++-header $@ -o $@.gch 2>/dev/null || rm -f $@.gch

# With fused multiply-add, a*b + c is rounded once instead of twice, and results depend on the
# machine. Only the matrix product in gemm*.cpp is worth that: 99 instead of 69 GFLOP/s on one core
# with AVX-512.
contract = $(contract_or_name:%.o=off)
contract_or_name = $(@F:gemm%.o=fast)

# Nothing in the command line, the reports, the plots and the tests takes time: -O1 instead of -O3 makes
# the first build a tenth, and that of the tests a third shorter. Other levels than -O3 stay as they are.
level   = $(level_1:$(objects)/%=)
level_1 = $(level_2:$(objects)/src/cli/%=$(light))
level_2 = $(level_3:$(objects)/src/report/%=$(light))
level_3 = $(@:$(objects)/src/plot/%=$(light))

# The compiler lists the headers of each source in a .d file: an edited header recompiles it. The
# file appears when it is complete, because another make may be reading it.
source = $(@:$(objects)/%.o=%.cpp)
depend = -MMD -MP -MT $@ -MF $@.new
listed = && mv $@.new $@.d

$(library_objects) $(program_objects) $(main_object): $(std)
	@mkdir -p $(@D) && echo "  $(source)"
	@$(compile) $(level) -include $(std) -ffp-contract=$(contract) $(depend) -c $(source) -o $@ $(listed)

$(test_objects): $(std)
	@mkdir -p $(@D) && echo "  $(source)"
	@$(compile) $(light) -include $(std) -ffp-contract=off $(depend) -c $(source) -o $@ $(listed)

# It says at the start that this is another processor than the one the rest was compiled for.
$(check_object): $(flags)
	@mkdir -p $(@D) && echo "  $(source)"
	@$(compile_for_every_processor) $(depend) -c $(source) -o $@ $(listed)

compiled = $(check_object) $(library_objects) $(program_objects) $(main_object) $(test_objects) $(chapter_objects)
-include $(compiled:%=%.d)

$(BUILD)/libdigits.a: $(library_objects)
	@rm -f $@ && $(AR) rcs $@ $(library_objects)

$(BUILD)/digits: $(main_object) $(program_objects) $(check_object) $(BUILD)/libdigits.a
	@$(compile) $(main_object) $(program_objects) $(check_object) $(BUILD)/libdigits.a -o $@

$(BUILD)/digits_tests: $(test_objects) $(program_objects) $(check_object) $(BUILD)/libdigits.a
	@$(compile) $(test_objects) $(program_objects) $(check_object) $(BUILD)/libdigits.a -o $@

# BLAS libraries are not linked but loaded at run time, if they are there.
$(BUILD)/compare_blas: tests/compare_blas.cpp $(BUILD)/libdigits.a
	@$(compile) tests/compare_blas.cpp $(BUILD)/libdigits.a -ldl -o $@

fuzz-targets: $(fuzz_targets)
$(fuzz_targets): $(flags) $(program_objects) $(BUILD)/libdigits.a
	@echo "  tests/fuzz/$(@F).cpp"
	@$(compile) -fsanitize=fuzzer -I. tests/fuzz/$(@F).cpp $(program_objects) \
	    $(BUILD)/libdigits.a -o $@

# Chapter 7 has a matrix product of its own, which may fuse multiply-adds, too.
chapter_contract = $(chapter_or_contract:$(objects)/%=off)
chapter_or_contract = $(@:$(objects)/chapters/07-fast/main.o=fast)

$(chapter_objects): $(std)
	@mkdir -p $(@D) && echo "  $(source)"
	@$(compile) -include $(std) -ffp-contract=$(chapter_contract) $(depend) -MT $(@:$(objects)/%.o=$(BUILD)/%) \
	    -c $(source) -o $@ $(listed)

# Each is linked from its own object: a chapter compiles alone, and after an edit of the library it
# is only linked again.
$(chapter_programs): $(check_object) $(BUILD)/libdigits.a
	@mkdir -p $(@D)
	@$(MAKE) -s $(@:$(BUILD)/%=$(objects)/%.o)
	@$(compile) $(@:$(BUILD)/%=$(objects)/%.o) $(check_object) $(BUILD)/libdigits.a -o $@
