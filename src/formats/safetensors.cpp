#include "formats/safetensors.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "formats/json.h"
#include "util/file.h"
#include "util/require.h"

namespace digits {
namespace {

constexpr std::size_t length_size = 8;  // bytes of the header length
// A thousand layers need a tenth of this. A malicious longer header would only cost time.
constexpr std::size_t max_header_size = std::size_t{1} << 22;
constexpr const char* metadata_key = "__metadata__";

std::size_t read_length(std::span<const std::uint8_t> bytes, const std::string& name) {
    if (bytes.size() < length_size) {
        fail(name, ": expected a safetensors file, which begins with the length of its header in ",
             length_size, " bytes; found ", bytes.size(), " bytes in all");
    }
    std::uint64_t length = 0;
    for (std::size_t i = length_size; i-- > 0;) length = length << 8 | bytes[i];
    if (length > bytes.size() - length_size || length > max_header_size) {
        fail(name, ": expected a safetensors file, but its first 8 bytes announce a header of ",
             length, " bytes, ",
             length > max_header_size ? str_cat("more than the ", max_header_size, " allowed")
                                      : str_cat("and only ", bytes.size() - length_size, " follow"),
             "; is it a different kind of file, or truncated?");
    }
    return static_cast<std::size_t>(length);
}

// The numbers of an array such as "shape" or "data_offsets".
std::optional<std::vector<std::size_t>> whole_numbers(const Json* list) {
    if (!list || !list->is_array()) return {};
    std::vector<std::size_t> numbers;
    for (const auto& [key, element] : list->members()) {
        const std::optional<std::uint64_t> number = element.as_uint();
        if (!number || *number > std::numeric_limits<std::size_t>::max()) return {};
        numbers.push_back(static_cast<std::size_t>(*number));
    }
    return numbers;
}

// A tensor without its values, and the byte range of its values.
struct Entry {
    Tensor tensor;
    std::size_t begin = 0;
    std::size_t end = 0;
};

Entry read_entry(const std::string& tensor, const Json& json, const std::string& file) {
    const Json* const type_json = json.find("dtype");
    const auto shape = whole_numbers(json.find("shape"));
    const auto offsets = whole_numbers(json.find("data_offsets"));
    if (!type_json || !type_json->string() || !shape || !offsets || offsets->size() != 2) {
        fail(file, ": tensor ", tensor, ": expected a dtype, a shape and two data_offsets, found ",
             json.to_line().substr(0, 200));
    }
    const std::string& type = *type_json->string();
    if (type_bits(type) == 0) {
        fail(file, ": tensor ", tensor, " has the unknown type ", type.substr(0, 20));
    }
    std::vector<std::size_t> factors = *shape;
    factors.push_back(type_bits(type));
    const auto bits = product(factors);
    const std::size_t begin = offsets->front(), end = offsets->back();
    if (!bits || begin > end || *bits % 8 != 0 || end - begin != *bits / 8) {
        fail(file, ": tensor ", tensor, " has the shape ", shape_text(*shape), " and type ", type,
             ", which do not match its data_offsets ", begin, " and ", end);
    }
    return {{tensor, type, *shape, {}}, begin, end};
}

std::map<std::string, std::string> read_metadata(const Json& json, const std::string& file) {
    std::map<std::string, std::string> metadata;
    if (json.to_line() == "null") return metadata;  // as the package safetensors has it
    if (!json.is_object()) fail(file, ": its ", metadata_key, " is not a JSON object");
    for (const auto& [key, value] : json.members()) {
        if (!value.string()) fail(file, ": its metadata entry ", key, " is not a string");
        metadata[key] = *value.string();
    }
    return metadata;
}

}  // namespace

const Tensor* TensorFile::find(const std::string& tensor) const {
    const auto found = std::ranges::find(tensors, tensor, &Tensor::name);
    return found == tensors.end() ? nullptr : &*found;
}

TensorFile parse_safetensors(std::span<const std::uint8_t> bytes, const std::string& name) {
    const std::size_t length = read_length(bytes, name);
    const Json header =
        read_json(as_characters(bytes.subspan(length_size, length)), name + ": header");
    const auto values = bytes.subspan(length_size + length);
    if (!header.is_object()) fail(name, ": its header is not a JSON object");

    TensorFile file;
    file.name = name;
    std::vector<Entry> entries;
    for (const auto& [key, value] : header.members()) {
        if (key == metadata_key) {
            file.metadata = read_metadata(value, name);
        } else {
            entries.push_back(read_entry(key, value, name));
        }
    }
    // The tensors must follow each other without gaps: so none extends past the end of the file,
    // and no byte belongs to two of them.
    std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    std::size_t end = 0;
    for (Entry& entry : entries) {
        if (entry.begin != end || entry.end > values.size()) {
            fail(name, ": tensor ", entry.tensor.name, " has the data_offsets ", entry.begin,
                 " and ", entry.end, " of ", values.size(), " bytes, but should begin at ", end,
                 "; is the file truncated or damaged?");
        }
        end = entry.end;
        const auto own = values.subspan(entry.begin, entry.end - entry.begin);
        entry.tensor.bytes.assign(own.begin(), own.end());
        file.tensors.push_back(std::move(entry.tensor));
    }
    if (end != values.size()) {
        fail(name, ": expected ", end, " bytes of values after the header, found ", values.size());
    }
    return file;
}

TensorFile read_safetensors(const std::filesystem::path& path) {
    return parse_safetensors(read_file(path), path.string());
}

void write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
    // Wide values first, so that each is aligned to its size, which some readers need.
    std::vector<const Tensor*> order;
    for (const Tensor& tensor : file.tensors) order.push_back(&tensor);
    std::ranges::stable_sort(order, [](const Tensor* a, const Tensor* b) {
        return type_bits(a->type) > type_bits(b->type);
    });

    Json metadata = Json::object();
    for (const auto& [key, value] : file.metadata) metadata.set(key, value);
    Json header = Json::object();
    header.set(metadata_key, std::move(metadata));
    std::vector<std::string_view> parts(2);
    std::size_t end = 0;
    for (const Tensor* const tensor : order) {
        const std::size_t begin = end;
        end += tensor->bytes.size();
        header.set(tensor->name, Json::object()
                                     .set("dtype", tensor->type)
                                     .set("shape", Json::array(tensor->shape))
                                     .set("data_offsets", Json::array({begin, end})));
        parts.push_back(as_characters(tensor->bytes));
    }
    std::string line = header.to_line();
    line.append((8 - line.size() % 8) % 8, ' ');
    std::string length;
    for (std::size_t i = 0; i < length_size; ++i) {
        length.push_back(static_cast<char>(std::uint64_t{line.size()} >> 8 * i & 0xff));
    }
    parts[0] = length;
    parts[1] = line;
    write_file(path, parts, Flush::to_disk);
}

}  // namespace digits
