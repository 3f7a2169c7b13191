#include "util/system_info.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "util/require.h"

#ifdef __linux__
#include <sched.h>
#endif
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif
#if defined(__APPLE__) || defined(__FreeBSD__)
#include <sys/sysctl.h>
#endif

namespace digits {
namespace {

// The whole text of a small file, or "" if it cannot be read: files in /proc say that their size is
// 0.
std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> split_at(std::string_view text, std::string_view separators) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; (at = text.find_first_not_of(separators, at)) != text.npos;) {
        const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
        parts.emplace_back(text.substr(at, end - at));
        at = end;
    }
    return parts;
}

// Without control characters, such as the NUL that ends the texts of a device tree, and without
// spaces at the ends.
std::string tidied(std::string text) {
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    text.erase(0, text.find_first_not_of(' '));
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

template <class Number>
std::optional<Number> number_in(std::string_view word, int base = 10) {
    Number number = 0;
    const auto [stopped, error] =
        std::from_chars(word.data(), word.data() + word.size(), number, base);
    if (error != std::errc{} || stopped != word.data() + word.size()) return std::nullopt;
    return number;
}

// The values of a key in /proc/cpuinfo, which has lines such as "model name : Intel Xeon", each
// once and in their order.
std::vector<std::string> values_of(const std::vector<std::string>& lines, std::string_view key) {
    std::vector<std::string> values;
    for (const std::string& line : lines) {
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos || tidied(line.substr(0, colon)) != key) continue;
        std::string value = tidied(line.substr(colon + 1));
        const bool is_new = std::ranges::find(values, value) == values.end();
        if (is_new && !value.empty()) values.push_back(std::move(value));
    }
    return values;
}

// 64-bit ARM processors give two numbers instead of a name: who designed the core, and which of
// the designs it is. These are the common ones, from Linux (arch/arm64/include/asm/cputype.h) and
// from the manuals of the cores (register MIDR_EL1).
struct ArmName {
    std::uint32_t implementer;
    std::uint32_t part;
    std::string_view name;
};
constexpr std::uint32_t any_part = 0xffff;
constexpr ArmName arm_names[] = {
    {0x41, 0xc07, "Cortex-A7"},     {0x41, 0xc09, "Cortex-A9"},     {0x41, 0xc0f, "Cortex-A15"},
    {0x41, 0xd03, "Cortex-A53"},    {0x41, 0xd04, "Cortex-A35"},    {0x41, 0xd05, "Cortex-A55"},
    {0x41, 0xd07, "Cortex-A57"},    {0x41, 0xd08, "Cortex-A72"},    {0x41, 0xd09, "Cortex-A73"},
    {0x41, 0xd0a, "Cortex-A75"},    {0x41, 0xd0b, "Cortex-A76"},    {0x41, 0xd0c, "Neoverse-N1"},
    {0x41, 0xd0d, "Cortex-A77"},    {0x41, 0xd40, "Neoverse-V1"},   {0x41, 0xd41, "Cortex-A78"},
    {0x41, 0xd44, "Cortex-X1"},     {0x41, 0xd46, "Cortex-A510"},   {0x41, 0xd47, "Cortex-A710"},
    {0x41, 0xd48, "Cortex-X2"},     {0x41, 0xd49, "Neoverse-N2"},   {0x41, 0xd4a, "Neoverse-E1"},
    {0x41, 0xd4b, "Cortex-A78C"},   {0x41, 0xd4d, "Cortex-A715"},   {0x41, 0xd4e, "Cortex-X3"},
    {0x41, 0xd4f, "Neoverse-V2"},   {0x41, 0xd80, "Cortex-A520"},   {0x41, 0xd81, "Cortex-A720"},
    {0x41, 0xd82, "Cortex-X4"},     {0x41, 0xd84, "Neoverse-V3"},   {0x41, 0xd8e, "Neoverse-N3"},
    {0x43, 0x0a1, "ThunderX"},      {0x43, 0x0af, "ThunderX2"},     {0x46, 0x001, "A64FX"},
    {0x48, 0xd01, "Kunpeng-920"},   {0x4e, 0x004, "Carmel"},        {0x50, 0x000, "X-Gene"},
    {0x51, 0x001, "Oryon"},         {0x51, 0x800, "Kryo 2xx Gold"}, {0x51, 0x802, "Kryo 3xx Gold"},
    {0x51, 0x804, "Kryo 4xx Gold"}, {0x61, 0x022, "M1 Icestorm"},   {0x61, 0x023, "M1 Firestorm"},
    {0x61, 0x032, "M2 Blizzard"},   {0x61, 0x033, "M2 Avalanche"},  {0xc0, 0xac3, "Ampere-1"},
    {0xc0, 0xac4, "Ampere-1A"},     {0x41, any_part, "Arm"},        {0x42, any_part, "Broadcom"},
    {0x43, any_part, "Cavium"},     {0x46, any_part, "Fujitsu"},    {0x48, any_part, "HiSilicon"},
    {0x4e, any_part, "NVIDIA"},     {0x50, any_part, "APM"},        {0x51, any_part, "Qualcomm"},
    {0x53, any_part, "Samsung"},    {0x61, any_part, "Apple"},      {0x6d, any_part, "Microsoft"},
    {0x70, any_part, "Phytium"},    {0xc0, any_part, "Ampere"}};

std::string_view arm_name(std::uint32_t implementer, std::uint32_t part) {
    for (const ArmName& known : arm_names) {
        if (known.implementer == implementer && known.part == part) return known.name;
    }
    return "";
}

// "Arm Cortex-A76 + Cortex-A55": all kinds of cores of an ARM processor; "" for other processors.
std::string arm_cores(const std::vector<std::string>& lines) {
    const auto number = [](const std::string& hexadecimal) {
        return number_in<std::uint32_t>(hexadecimal.substr(hexadecimal.starts_with("0x") ? 2 : 0),
                                        16)
            .value_or(0);
    };
    std::string names;
    for (const std::string& implementer : values_of(lines, "CPU implementer")) {
        const std::string_view designer = arm_name(number(implementer), any_part);
        names += str_cat(names.empty() ? "" : " + ",
                         designer.empty() ? str_cat("ARM implementer ", implementer) : designer);
        const char* separator = " ";
        for (const std::string& part : values_of(lines, "CPU part")) {
            const std::string_view core = arm_name(number(implementer), number(part));
            names += str_cat(separator, core.empty() ? str_cat("part ", part) : core);
            separator = " + ";
        }
    }
    return names;
}

std::string name_in_proc(const std::filesystem::path& root) {
    const std::vector<std::string> lines = split_at(text_of(root / "proc/cpuinfo"), "\n");
    // The keys of x86, LoongArch, MIPS, POWER and RISC-V.
    for (const char* key : {"model name", "Model Name", "cpu model", "cpu", "uarch"}) {
        // 32-bit ARM has a "model name" that all of its processors share, next to the numbers.
        const std::vector<std::string> values = values_of(lines, key);
        if (!values.empty() && values_of(lines, "CPU part").empty()) return values[0];
    }
    std::string name = arm_cores(lines);
    std::vector<std::string> boards{tidied(text_of(root / "sys/firmware/devicetree/base/model"))};
    for (const char* key : {"Model", "Hardware", "machine", "model name", "vendor_id"}) {
        for (const std::string& value : values_of(lines, key)) boards.push_back(value);
    }
    const auto board = std::ranges::find_if(boards, [](const auto& b) { return !b.empty(); });
    if (board != boards.end()) name += (name.empty() ? "" : ", ") + *board;
    return name;
}

// What the processor or a system without /proc answers.
std::string name_by_query() {
#if defined(__x86_64__) || defined(__i386__)
    // The three leaves after 0x80000001 have 16 characters each.
    constexpr unsigned first = 0x80000002, last = 0x80000004;
    std::string name;
    for (unsigned leaf = first; leaf <= last; ++leaf) {
        unsigned words[4] = {};
        if (__get_cpuid(leaf, &words[0], &words[1], &words[2], &words[3]) == 0) break;
        name.append(reinterpret_cast<const char*>(words), sizeof words);
    }
    if (!tidied(name).empty()) return tidied(name);
#endif
#if defined(__APPLE__) || defined(__FreeBSD__)
    for (const char* key : {"machdep.cpu.brand_string", "hw.model"}) {
        char text[256] = {};
        std::size_t size = sizeof text - 1;
        if (sysctlbyname(key, text, &size, nullptr, 0) == 0 && text[0] != '\0') return tidied(text);
    }
#endif
    const char* const windows = std::getenv("PROCESSOR_IDENTIFIER");
    return windows ? tidied(windows) : "";
}

// One line of /proc/self/mountinfo: `folder` of a file system appears at `point`.
struct Mount {
    std::string folder;
    std::filesystem::path point;
};

// The mount that has the control groups of CPU time, in the given version of their interface:
// "36 32 0:31 / /sys/fs/cgroup/cpu rw,nosuid - cgroup cgroup rw,cpu"
std::optional<Mount> cpu_mount(const std::filesystem::path& root, bool version_2) {
    for (const std::string& line : split_at(text_of(root / "proc/self/mountinfo"), "\n")) {
        const std::vector<std::string> words = split_at(line, " ");
        const auto dash = std::ranges::find(words, "-");
        if (words.size() < 5 || words.end() - dash < 4) continue;
        const std::vector<std::string> controllers = split_at(dash[3], ",");
        const bool has_cpu = std::ranges::find(controllers, "cpu") != controllers.end();
        if (version_2 ? dash[1] != "cgroup2" : dash[1] != "cgroup" || !has_cpu) continue;
        return Mount{words[3], root / std::filesystem::path(words[4]).relative_path()};
    }
    return std::nullopt;
}

// The path of this process's group, from /proc/self/cgroup: "0::/user.slice", or "4:cpu,cpuacct:/".
std::string cpu_group(const std::filesystem::path& root, bool version_2) {
    for (const std::string& line : split_at(text_of(root / "proc/self/cgroup"), "\n")) {
        const std::size_t first = line.find(':'), second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const std::vector<std::string> controllers =
            split_at(line.substr(first + 1, second - first - 1), ",");
        const bool has_cpu = std::ranges::find(controllers, "cpu") != controllers.end();
        if (version_2 ? controllers.empty() : has_cpu) return line.substr(second + 1);
    }
    return "/";
}

// The quota of one group alone.
std::optional<double> quota_of(const std::filesystem::path& group, bool version_2) {
    std::vector<std::string> words;  // the quota and the period, both in microseconds
    if (version_2) {
        words = split_at(text_of(group / "cpu.max"), " \n");
    } else {
        words = split_at(text_of(group / "cpu.cfs_quota_us"), "\n");
        for (std::string& word : split_at(text_of(group / "cpu.cfs_period_us"), "\n")) {
            words.push_back(std::move(word));
        }
    }
    if (words.size() != 2) return std::nullopt;
    // No number, "max" or -1 mean that there is no limit.
    const auto quota = number_in<std::int64_t>(words[0]),
               period = number_in<std::int64_t>(words[1]);
    if (!quota || *quota <= 0 || !period || *period <= 0) return std::nullopt;
    return static_cast<double>(*quota) / static_cast<double>(*period);
}

}  // namespace

std::string cpu_name(const std::filesystem::path& root) {
    std::string name = name_in_proc(root);
    if (name.empty()) name = name_by_query();
    return name.empty() ? "unknown processor" : name;
}

std::optional<std::size_t> cores_in_affinity_mask() {
#ifdef __linux__
    // The mask has to be as large as that of the kernel, whose size nothing tells.
    for (std::size_t cores = 1024; cores <= std::size_t{1} << 20; cores *= 2) {
        std::vector<unsigned long> mask(CPU_ALLOC_SIZE(cores) / sizeof(unsigned long));
        const std::size_t size = mask.size() * sizeof(unsigned long);
        auto* const set = reinterpret_cast<cpu_set_t*>(mask.data());
        if (sched_getaffinity(0, size, set) != 0) continue;
        return static_cast<std::size_t>(CPU_COUNT_S(size, set));
    }
#endif
    return std::nullopt;
}

std::optional<double> cpu_quota(const std::filesystem::path& root) {
    std::optional<double> smallest;
    for (const bool version_2 : {true, false}) {
        const std::optional<Mount> mount = cpu_mount(root, version_2);
        if (!mount) continue;
        // In a container, the mount starts at the container's group, and the path may start above.
        // A path through ".." leads to groups that cannot be seen from here.
        std::string path = cpu_group(root, version_2) + "/";
        if (path.starts_with(mount->folder + "/")) path.erase(0, mount->folder.size());
        if (path.find("/../") != std::string::npos) path.clear();
        std::filesystem::path group = mount->point;
        std::vector<std::filesystem::path> groups{group};
        for (const std::string& name : split_at(path, "/")) groups.push_back(group /= name);
        for (const std::filesystem::path& each : groups) {
            const std::optional<double> quota = quota_of(each, version_2);
            if (quota && (!smallest || *quota < *smallest)) smallest = quota;
        }
    }
    return smallest;
}

std::size_t usable_cores(std::size_t installed) {
    std::size_t cores = installed;
    if (const auto allowed = cores_in_affinity_mask()) cores = std::min(cores, *allowed);
    if (const auto quota = cpu_quota()) {
        cores = std::min(cores, static_cast<std::size_t>(std::ceil(*quota)));
    }
    return std::max<std::size_t>(1, cores);
}

// Constant, so that it is there before any code runs.
constinit const InstructionSets compiled_for = {
#ifdef __SSE3__
    .sse3 = true,
#endif
#ifdef __SSSE3__
    .ssse3 = true,
#endif
#ifdef __SSE4_1__
    .sse4_1 = true,
#endif
#ifdef __POPCNT__
    .popcnt = true,
#endif
#ifdef __SSE4_2__
    .sse4_2 = true,
#endif
#ifdef __AVX__
    .avx = true,
#endif
#ifdef __XOP__
    .xop = true,
#endif
#ifdef __FMA4__
    .fma4 = true,
#endif
#ifdef __BMI__
    .bmi = true,
#endif
#ifdef __BMI2__
    .bmi2 = true,
#endif
#ifdef __FMA__
    .fma = true,
#endif
#ifdef __AVX2__
    .avx2 = true,
#endif
#ifdef __AVX512VNNI__
    .avx512vnni = true,
#endif
#ifdef __AVX512VBMI2__
    .avx512vbmi2 = true,
#endif
#ifdef __AVX512VL__
    .avx512vl = true,
#endif
#ifdef __AVX512DQ__
    .avx512dq = true,
#endif
#ifdef __AVX512BW__
    .avx512bw = true,
#endif
#ifdef __AVX512F__
    .avx512f = true,
#endif
#ifdef __ARM_FEATURE_ATOMICS
    .atomics = true,
#endif
#ifdef __ARM_FEATURE_FP16_VECTOR_ARITHMETIC
    .half = true,
#endif
#ifdef __ARM_FEATURE_DOTPROD
    .dot_product = true,
#endif
#ifdef __ARM_FEATURE_SVE
    .sve = true,
#endif
};

std::string compiler_name() {
#if defined(__clang__)
    return str_cat("Clang ", __clang_major__);
#elif defined(__GNUC__)
    return str_cat("GCC ", __GNUC__);
#else
    return "unknown compiler";
#endif
}

}  // namespace digits
