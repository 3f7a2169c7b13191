#include "cli/options/command_line.h"

#include <array>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "check.h"
#include "cli/options/train_options.h"
#include "util/text.h"

namespace digits {
namespace {

using testing::check;
using testing::check_contains;
using testing::check_equal;
using testing::check_near;
using testing::check_throws;

using Arguments = std::vector<std::string>;

TrainOptions parsed(const Arguments& words) {
    TrainOptions options;
    CommandLine line = train_command_line(options);
    check(parse_train_options(line, words, options));
    return options;
}

void check_refused(const Arguments& words, const std::string& part,
                   testing::Location location = testing::Location::current()) {
    try {
        parsed(words);
    } catch (const UsageError& error) {
        check_contains(error.what(), part, location);
        return;
    }
    testing::report_failure("was not refused", location);
}

TEST(every_option_sets_its_field) {
    const TrainOptions o = parsed({"--data",
                                   "d",
                                   "--test-data=t",
                                   "--validation",
                                   "0.2",
                                   "--hidden",
                                   "512,512",
                                   "--activation",
                                   "tanh",
                                   "--initializer",
                                   "normal",
                                   "--deviation",
                                   "0.05",
                                   "--dropout",
                                   "0.5",
                                   "--input-dropout",
                                   "0.2",
                                   "--deskew",
                                   "--optimizer",
                                   "nesterov",
                                   "--learning-rate",
                                   "0.3",
                                   "--momentum",
                                   "0.8",
                                   "--weight-decay",
                                   "1e-4",
                                   "--schedule",
                                   "step",
                                   "--warmup",
                                   "100",
                                   "--label-smoothing",
                                   "0.1",
                                   "--loss-reduction",
                                   "sum",
                                   "--batch-size",
                                   "500",
                                   "--epochs",
                                   "3",
                                   "--patience",
                                   "2",
                                   "--seed",
                                   "18446744073709551615",
                                   "--threads",
                                   "3",
                                   "--out",
                                   "o",
                                   "--quiet"});
    check_equal(o.data.folder.string(), "d");
    check_equal(o.data.test_folder.string(), "t");
    check_near(o.validation, 0.2, 0);
    check(o.network.hidden == std::vector<std::size_t>{512, 512});
    check(o.network.activation == Activation::tanh);
    check(o.network.initializer.kind == InitializerKind::normal);
    check_near(o.network.initializer.deviation, 0.05, 0);
    check_near(o.network.dropout, 0.5, 0);
    check_near(o.network.input_dropout, 0.2, 0);
    check(o.trainer.preprocessing.deskew);
    check(o.trainer.optimizer.kind == OptimizerKind::nesterov);
    check_near(o.trainer.schedule.learning_rate, 0.3, 0);
    check_near(o.trainer.optimizer.momentum, 0.8, 0);
    check_near(o.trainer.optimizer.weight_decay, 1e-4, 0);
    check(o.trainer.schedule.kind == ScheduleKind::step);
    check_equal(o.trainer.schedule.warmup_steps, 100u);
    check_near(o.trainer.loss.label_smoothing, 0.1, 0);
    check(o.trainer.loss.reduction == Reduction::sum);
    check_equal(o.trainer.batch_size, 500u);
    check_equal(o.trainer.epochs, 3u);
    check_equal(o.trainer.patience, 2u);
    check_equal(o.seed, std::numeric_limits<std::uint64_t>::max());
    check_equal(o.threads, 3u);
    check_equal(o.out.string(), "o");
    check(o.quiet);
    check_equal(parsed({"--steps", "70"}).trainer.steps, 70u);
    check_near(parsed({"--split", "0.8"}).data.split, 0.8, 0);
    check(parsed({"--hidden", "none"}).network.hidden.empty());
}

TEST(an_earlier_option_name_is_accepted_but_not_shown) {
    check_near(parsed({"--average", "0.9"}).trainer.ema_decay, 0.9, 0);
    check_near(parsed({"--ema-decay=0.8"}).trainer.ema_decay, 0.8, 0);
    TrainOptions options;
    const std::string help = train_command_line(options).help();
    check_contains(help, "--ema-decay F");
    check(help.find("--average") == std::string::npos);
}

TEST(the_learning_rate_follows_the_optimizer_unless_it_is_given) {
    check_near(parsed({}).trainer.schedule.learning_rate, 0.1, 0);
    check_near(parsed({"--optimizer", "adam"}).trainer.schedule.learning_rate, 0.001, 0);
    check_near(parsed({"--learning-rate", "7"}).trainer.schedule.learning_rate, 7.0, 0);
}

TEST(the_last_of_repeated_options_counts) {
    check_equal(parsed({"--epochs", "3", "--epochs", "4"}).trainer.epochs, 4u);
}

TEST(an_unknown_option_suggests_the_nearest) {
    check_refused({"--epoch", "3"}, "unknown option --epoch; did you mean --epochs?");
    check_refused({"--lerning-rate", "3"}, "did you mean --learning-rate?");
    check_refused({"--batch=3"}, "did you mean --batch-size?");
    check_refused({"--xyzzy"}, "unknown option --xyzzy (digits help train lists all options)");
    check_refused({"train"}, "unexpected argument 'train': digits train takes only options");
}

TEST(two_hyphens_end_the_options) {
    std::vector<std::string> words;
    bool brief = false;
    CommandLine line("predict", "reads");
    line.operands("FILE...", words);
    line.add(setting_option({"brief", "short", &brief}));
    check(line.parse(std::vector<std::string>{"a", "--", "-x.png", "--brief", "--", "--help"}));
    check(words == std::vector<std::string>{"a", "-x.png", "--brief", "--", "--help"});
    check(!brief);
    check(line.parse(std::vector<std::string>{"--brief", "-", "--"}));
    check(brief && words == std::vector<std::string>{"-"});
    check_throws([&] { line.parse(std::vector<std::string>{"-x.png"}); },
                 "unexpected argument '-x.png': digits predict takes options, which begin with --, "
                 "and files; a file of that name is './-x.png'");
    check_equal(parsed({"--epochs", "3", "--"}).trainer.epochs, 3u);
    check_refused({"--", "--quiet"},
                  "unexpected argument '--quiet': digits train takes only options");
}

TEST(an_invalid_value_is_refused_with_the_allowed_ones) {
    check_refused({"--epochs", "0"},
                  "--epochs takes a whole number of at least 1 and below 2^64, not '0'");
    check_refused({"--epochs", "-1"}, "not '-1'");
    check_refused({"--epochs", "3.5"}, "not '3.5'");
    check_refused({"--epochs", "99999999999999999999"}, "whole number");
    check_refused({"--epochs", ""}, "not ''");
    check_refused({"--seed", "x"}, "--seed takes a whole number below 2^64, not 'x'");
    check_refused({"--dropout", "1"},
                  "--dropout takes a number of at least 0 and below 1, not '1'");
    check_refused({"--split", "0"}, "--split takes a number above 0 and below 1, not '0'");
    check_refused({"--learning-rate", "0"},
                  "--learning-rate takes a number above 0 and below infinity, not '0'");
    check_refused({"--learning-rate", "nan"}, "not 'nan'");
    // strtod() alone takes blanks and hexadecimal numbers.
    for (const std::string word : {" 1", "1 ", "\t1", "0x10", "1,5", "1_0", "", "-", "e5", "１"})
        check_refused({"--learning-rate", word}, "not '" + word + "'");
    for (const std::string word : {"5000000000000000", "18446744073709551615", "8,0", "1000001"}) {
        check_refused({"--hidden", word},
                      "--hidden takes whole numbers of at least 1 and at most 1000000, separated "
                      "by commas, or none, not '" +
                          word + "'");
    }
    check_refused({"--out", "--quiet"},
                  "--out needs a value, DIR, before --quiet; if that is its value: --out=--quiet");
    check_equal(parsed({"--out=--quiet"}).out.string(), "--quiet");
    check_refused({"--learning-rate", "inf"}, "not 'inf'");
    check_refused({"--weight-decay", "-1"},
                  "--weight-decay takes a number of at least 0 and below infinity, not '-1'");
    check_refused({"--activation", "gelu"}, "--activation takes relu, tanh or sigmoid, not 'gelu'");
    check_refused({"--hidden", "10,,20"},
                  "whole numbers of at least 1 and at most 1000000, separated by commas");
    check_refused({"--hidden", "10,0"}, "not '10,0'");
    check_refused({"--hidden", ""}, "or none");
    check_refused({"--data", ""}, "the name of a folder or file");
    check_refused({"--threads", "100000"}, "--threads takes at most 1024");
}

TEST(a_missing_or_superfluous_value_is_refused) {
    check_refused({"--epochs"}, "--epochs needs a value, N");
    check_refused({"--quiet=yes"}, "--quiet takes no value");
}

TEST(an_implicit_value_may_be_omitted) {
    check_equal(parsed({"--resume"}).resume.string(), "runs/latest");
    check_equal(parsed({"--resume", "--quiet"}).resume.string(), "runs/latest");
    check(parsed({"--resume", "--quiet"}).quiet);
    check_equal(parsed({"--resume", "here", "--quiet"}).resume.string(), "here");
    check_equal(parsed({"--resume=here"}).resume.string(), "here");
}

TEST(contradictory_options_are_refused) {
    check_refused({"--steps", "3", "--epochs", "3"}, "cannot be combined");
    check_refused({"--optimizer", "adam", "--momentum", "0.5"},
                  "--momentum needs --optimizer momentum or nesterov");
    check_refused({"--deviation", "0.5"}, "--deviation needs --initializer normal");
    check_refused({"--patience", "3", "--validation", "0"}, "--validation must be above 0");
}

TEST(the_nearest_word_is_suggested_only_if_it_is_close) {
    const Arguments known{"train", "show", "synthesize"};
    check_equal(nearest("trian", known), "train");
    check_equal(nearest("sho", known), "show");
    check_equal(nearest("synth", known), "synthesize");
    check_equal(nearest("banana", known), "");
    check_equal(nearest(std::string(100'000'000, 'x'), known),
                "");  // without computing the edit distance
    check_equal(nearest("", known), "");
}

TEST(help_lists_options_with_their_defaults_within_80_columns) {
    TrainOptions options;
    CommandLine line = train_command_line(options);
    check(!line.parse(Arguments{"--help"}));
    const std::string help = line.help();
    check_contains(help, "usage: digits train [options]");
    check_contains(help, "--hidden N,N,...");
    check_contains(help, "(256,128)");
    check_contains(help, "--optimizer sgd|momentum|nesterov|rmsprop|adam|adamw\n");
    std::istringstream lines(help);
    for (std::string row; std::getline(lines, row);) check(row.size() <= 80);
}

TEST(numbers_are_formatted_for_people) {
    check_equal(format_fixed(0.98125, 4), "0.9812");  // ties round to the even digit
    check_equal(percent(0.5), "50.00 %");
    check_equal(with_commas(0), "0");
    check_equal(with_commas(999), "999");
    check_equal(with_commas(1000), "1,000");
    check_equal(with_commas(1234567), "1,234,567");
    check_equal(pad_left("ab", 4), "  ab");
    check_equal(pad_left("abcde", 4), "abcde");
    check_equal(duration(0.44), "0.4 s");
    check_equal(duration(12.4), "12 s");
    check_equal(duration(200.0), "3 min 20 s");
}

}  // namespace
}  // namespace digits
