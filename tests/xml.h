// A strict XML parser for the tests of pages and figures: throws on anything not well-formed.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "util/require.h"

namespace digits::testing {

struct Element {
    std::string name;
    std::map<std::string, std::string> attributes;
    std::string words;  // text directly in it, with entities unresolved

    bool has_class(const std::string& one) const {
        const auto found = attributes.find("class");
        return found != attributes.end() &&
               (" " + found->second + " ").find(" " + one + " ") != std::string::npos;
    }
};

class XmlReader {
public:
    explicit XmlReader(std::string_view xml) : xml_(xml) {}

    // All elements, in the order of their start tags.
    std::vector<Element> read() {
        skip_to_content();
        if (xml_.substr(at_).starts_with("<!DOCTYPE html>\n")) at_ += 16;
        read_element();
        skip_to_content();
        require(at_ == xml_.size(), "xml: unexpected text after the root element");
        return elements_;
    }

private:
    static bool is_space(char c) { return c == ' ' || c == '\n'; }
    static bool is_name(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == ':';
    }
    char here() const {
        require(at_ < xml_.size(), "xml: unexpected end");
        return xml_[at_];
    }
    void expect(std::string_view part) {
        require(xml_.substr(at_).starts_with(part), "xml: expected ", part, " before ",
                xml_.substr(at_, 40));
        at_ += part.size();
    }
    void skip_to_content() {
        while (at_ < xml_.size() && is_space(xml_[at_])) ++at_;
    }
    std::string name() {
        const std::size_t begin = at_;
        while (is_name(here())) ++at_;
        require(at_ > begin, "xml: expected a name before ", xml_.substr(begin, 40));
        return std::string(xml_.substr(begin, at_ - begin));
    }
    // The text before `end`, which is not consumed. A bare & or < is an error.
    std::string words_until(char end) {
        const std::size_t begin = at_;
        while (here() != end) {
            require(here() != '<', "xml: < within ", xml_.substr(begin, 40));
            if (here() == '&') {
                bool known = false;
                for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;"}) {
                    known = known || xml_.substr(at_).starts_with(entity);
                }
                require(known, "xml: a bare & before ", xml_.substr(at_, 40));
            }
            ++at_;
        }
        return std::string(xml_.substr(begin, at_ - begin));
    }
    void read_element() {
        expect("<");
        const std::size_t self = elements_.size();
        elements_.push_back({name(), {}, ""});
        while (is_space(here())) {
            skip_to_content();
            if (!is_name(here())) break;
            const std::string key = name();
            expect("=\"");
            const bool is_new = elements_[self].attributes.emplace(key, words_until('"')).second;
            require(is_new, "xml: duplicate attribute ", key, " in ", elements_[self].name);
            expect("\"");
        }
        if (here() == '/') {
            expect("/>");
            return;
        }
        expect(">");
        while (true) {
            elements_[self].words += words_until('<');
            if (xml_.substr(at_).starts_with("</")) break;
            read_element();
        }
        expect("</" + elements_[self].name + ">");
    }

    std::string_view xml_;
    std::size_t at_ = 0;
    std::vector<Element> elements_;
};

inline std::vector<Element> read_xml(std::string_view xml) {
    return XmlReader(xml).read();
}

inline std::vector<Element> with_class(const std::vector<Element>& elements,
                                       const std::string& name, const std::string& one) {
    std::vector<Element> found;
    for (const Element& element : elements) {
        if (element.name == name && element.has_class(one)) found.push_back(element);
    }
    return found;
}

}  // namespace digits::testing
