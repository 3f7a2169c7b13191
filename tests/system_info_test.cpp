// What the system says about the processor and the cores that may be used, from made-up files.
#include "util/system_info.h"

#include <filesystem>

#include "check.h"
#include "temporary_folder.h"

#ifdef __linux__
#include <sched.h>
#endif

namespace digits {
namespace {

using namespace digits::testing;

// A folder that looks like the root of a file system.
class Root : public TemporaryFolder {
public:
    void add(const std::string& file, const std::string& text) const {
        std::filesystem::create_directories((path() / file).parent_path());
        write_text(path() / file, text);
    }
    std::string cpu(const std::string& info) const {
        add("proc/cpuinfo", info);
        return cpu_name(path());
    }
    // The quota, or -1 for none.
    double quota() const { return cpu_quota(path()).value_or(-1.0); }
};

constexpr const char* version_2_mount =
    "25 30 0:23 / /sys rw,nosuid - sysfs sysfs rw\n"
    "36 25 0:31 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
constexpr const char* version_1_mount =
    "33 32 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
    "36 32 0:31 / /sys/fs/cgroup/cpu,cpuacct rw shared:15 - cgroup cgroup rw,cpu,cpuacct\n";

TEST(x86_processors_have_a_name) {
    const Root root;
    check_equal(
        root.cpu("processor\t: 0\nmodel\t\t: 85\nmodel name\t: AMD EPYC 7763\nflags\t: fpu\n"
                 "\nprocessor\t: 1\nmodel name\t: AMD EPYC 7763\n"),
        "AMD EPYC 7763");
    check_equal(root.cpu("model name\t:   Intel(R)  CPU @ 2GHz  \n"), "Intel(R)  CPU @ 2GHz");
}

TEST(arm_processors_are_named_by_designer_and_part) {
    const Root root;
    check_equal(root.cpu("processor: 0\nCPU implementer: 0x41\nCPU part: 0xd0c\n"),
                "Arm Neoverse-N1");
    // Two kinds of cores.
    check_equal(root.cpu("CPU implementer\t: 0x41\nCPU part\t: 0xd05\n\n"
                         "CPU implementer\t: 0x41\nCPU part\t: 0xd0b\n"),
                "Arm Cortex-A55 + Cortex-A76");
    check_equal(root.cpu("CPU implementer\t: 0xc0\nCPU part\t: 0xac3\n"), "Ampere Ampere-1");
    check_equal(root.cpu("CPU implementer\t: 0x41\nCPU part\t: 0xfff\n"), "Arm part 0xfff");
    check_equal(root.cpu("CPU implementer\t: 0x99\nCPU part\t: 0x123\n"),
                "ARM implementer 0x99 part 0x123");
}

TEST(the_board_of_an_arm_processor_is_named_too) {
    const Root root;
    check_equal(root.cpu("CPU implementer\t: 0x41\nCPU part\t: 0xd08\n\n"
                         "Hardware\t: BCM2835\nModel\t\t: Raspberry Pi 4 Model B Rev 1.4\n"),
                "Arm Cortex-A72, Raspberry Pi 4 Model B Rev 1.4");
    check_equal(root.cpu("Processor\t: ARMv6\nHardware\t: BCM2708\n"), "BCM2708");
    // 32-bit ARM: the same "model name" for all.
    check_equal(root.cpu("model name\t: ARMv7 Processor rev 4 (v7l)\nCPU implementer\t: 0x41\n"
                         "CPU part\t: 0xd03\nHardware\t: BCM2835\n"),
                "Arm Cortex-A53, BCM2835");
    root.add("sys/firmware/devicetree/base/model", std::string("Radxa ROCK 5B\0", 14));
    check_equal(root.cpu("processor: 0\n"), "Radxa ROCK 5B");
}

TEST(other_processors_have_names_under_other_keys) {
    const Root root;
    check_equal(root.cpu("processor\t: 0\ncpu\t\t: POWER9, altivec supported\n"),
                "POWER9, altivec supported");
    check_equal(root.cpu("system type\t: MT7621\ncpu model\t\t: MIPS 1004Kc V2.15\n"),
                "MIPS 1004Kc V2.15");
    check_equal(root.cpu("hart\t: 1\nisa\t: rv64imafdc\nuarch\t: sifive,u74-mc\n"),
                "sifive,u74-mc");
    check_equal(root.cpu("vendor_id       : IBM/S390\n# processors    : 2\n"), "IBM/S390");
}

TEST(a_processor_without_any_file_still_has_a_name) {
    const Root root;
    check(!cpu_name(root.path()).empty());
    check(!cpu_name().empty());
}

TEST(without_control_groups_there_is_no_quota) {
    const Root root;
    check_equal(root.quota(), -1.0);
    root.add("proc/self/mountinfo", version_2_mount);
    check_equal(root.quota(), -1.0);
    root.add("proc/self/cgroup", "0::/\n");
    root.add("sys/fs/cgroup/cpu.max", "max 100000\n");
    check_equal(root.quota(), -1.0);
    root.add("sys/fs/cgroup/cpu.max", "not 1 number\n");
    check_equal(root.quota(), -1.0);
}

TEST(the_quota_of_version_2_is_the_smallest_of_the_group_and_those_around_it) {
    const Root root;
    root.add("proc/self/mountinfo", version_2_mount);
    root.add("proc/self/cgroup", "0::/user.slice/job 7\n");
    root.add("sys/fs/cgroup/user.slice/job 7/cpu.max", "400000 100000\n");
    check_equal(root.quota(), 4.0);
    root.add("proc/self/cgroup", "0::/user.slice/job\n");
    root.add("sys/fs/cgroup/user.slice/job/cpu.max", "400000 100000\n");
    check_equal(root.quota(), 4.0);
    root.add("sys/fs/cgroup/user.slice/cpu.max", "75000 50000\n");
    check_equal(root.quota(), 1.5);
    root.add("sys/fs/cgroup/user.slice/other/cpu.max", "1000 100000\n");
    check_equal(root.quota(), 1.5);
}

TEST(the_quota_of_version_1_is_read_next_to_version_2) {
    const Root root;
    root.add("proc/self/mountinfo",
             std::string(version_1_mount) +
                 "42 32 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
    root.add("proc/self/cgroup", "5:memory:/other\n4:cpu,cpuacct:/a/b\n0::/c\n");
    root.add("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    root.add("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    check_equal(root.quota(), -1.0);
    root.add("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "250000\n");
    root.add("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
    check_equal(root.quota(), 2.5);
    root.add("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us", "50000\n");
    root.add("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_period_us", "100000\n");
    check_equal(root.quota(), 0.5);
}

TEST(a_container_sees_its_own_group_as_the_root) {
    const Root root;
    root.add("sys/fs/cgroup/cpu.max", "200000 100000\n");
    root.add("sys/fs/cgroup/inner/cpu.max", "100000 100000\n");
    root.add("proc/self/mountinfo",
             "36 25 0:31 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n");
    root.add("proc/self/cgroup", "0::/docker/abc\n");
    check_equal(root.quota(), 2.0);
    root.add("proc/self/cgroup", "0::/docker/abc/inner\n");
    check_equal(root.quota(), 1.0);
    root.add("proc/self/cgroup", "0::/docker/abcd/inner\n");
    check_equal(root.quota(), 2.0);
    root.add("proc/self/cgroup", "0::/../inner\n");
    check_equal(root.quota(), 2.0);
}

TEST(no_more_cores_are_used_than_are_installed_or_allowed) {
    check_equal(usable_cores(1), 1u);
    check_equal(usable_cores(0), 1u);
    check(usable_cores(1000000) >= 1);
    if (cpu_quota()) check(static_cast<double>(usable_cores(1000000)) < *cpu_quota() + 1.0);
    if (cores_in_affinity_mask()) check(usable_cores(1000000) <= *cores_in_affinity_mask());
}

#ifdef __linux__
TEST(the_affinity_mask_limits_the_cores) {
    cpu_set_t before, one;
    if (sched_getaffinity(0, sizeof before, &before) != 0) skip("no affinity mask");
    std::size_t first = 0;
    while (!CPU_ISSET(first, &before)) ++first;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) skip("the affinity mask cannot be changed");
    const std::size_t usable = usable_cores(64);
    sched_setaffinity(0, sizeof before, &before);
    check_equal(usable, 1u);
    check_equal(cores_in_affinity_mask().value_or(0), static_cast<std::size_t>(CPU_COUNT(&before)));
}
#endif

}  // namespace
}  // namespace digits
