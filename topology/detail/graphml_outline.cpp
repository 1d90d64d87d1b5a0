// SPDX-License-Identifier: Apache-2.0
#include "topology/detail/graphml_outline.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "sim/error.hpp"

namespace synfire::detail {
namespace {

constexpr std::size_t largest_text = std::size_t{64} << 20;  // bytes
constexpr std::size_t most_items = std::size_t{1} << 22;     // elements and attributes
constexpr std::size_t most_nodes = std::size_t{1} << 20;
constexpr std::size_t most_keys = 64;
constexpr std::size_t longest_id = 256;

constexpr std::string_view blanks = " \t\r\n";

/// Which element may stand in which; everything else is refused, so depth is bounded.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> children = {
    {{"", "graphml"},
     {"graphml", "key"},
     {"graphml", "graph"},
     {"graphml", "desc"},
     {"key", "default"},
     {"key", "desc"},
     {"graph", "node"},
     {"graph", "edge"},
     {"graph", "data"},
     {"graph", "desc"},
     {"node", "data"},
     {"edge", "data"},
     {"graphml", "data"}}};

struct Tag {
  std::string_view name;
  std::vector<std::pair<std::string_view, std::string_view>> attributes;
  bool is_closed = false;  ///< `<name/>`

  std::optional<std::string_view> attribute(std::string_view key) const {
    for (const auto& [name_of, value] : attributes) {
      if (name_of == key) return value;
    }
    return std::nullopt;
  }
};

bool is_name_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || byte >= 0x80 || c == '_' || c == ':' || c == '-' || c == '.';
}

/// An edge whose ends are ids still.
struct NamedEdge {
  std::size_t line;
  std::string id, source, target;
};

/// Goes through the text once, from tag to tag.
class Scanner {
 public:
  Scanner(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  GraphmlOutline scan() {
    check_characters();
    if (text_.starts_with("\xef\xbb\xbf")) place_ = 3;
    while (find_tag()) {
      if (text_[place_ + 1] == '/') {
        close_element();
      } else {
        open_element();
      }
    }
    if (!open_.empty()) refuse("<" + std::string(open_.back()) + "> is not closed");
    if (graphs_ == 0) refuse("holds no <graph>; give one");
    resolve_edges();
    return std::move(outline_);
  }

 private:
  [[noreturn]] void refuse_at(std::size_t line, const std::string& fact) const {
    throw ConfigError("grid.graph", file_ + ":" + std::to_string(line) + ": " + fact);
  }

  [[noreturn]] void refuse(const std::string& fact) const { refuse_at(line_, fact); }

  void check_characters() {
    if (text_.size() > largest_text) refuse("is larger than 64 MiB; make the graph smaller");
    for (const char c : text_) {
      if (c == '\n') ++line_;
      const auto byte = static_cast<unsigned char>(c);
      if (byte >= 0x20 || blanks.find(c) != std::string_view::npos) continue;
      refuse("holds a control character; give a GraphML text in UTF-8");
    }
    line_ = 1;
  }

  /// Moves on, counting lines.
  void move_to(std::size_t place) {
    line_ +=
        static_cast<std::size_t>(std::count(text_.begin() + place_, text_.begin() + place, '\n'));
    place_ = place;
  }

  void skip_past(std::string_view end, const char* what) {
    const std::size_t found = text_.find(end, place_);
    if (found == std::string_view::npos) refuse(std::string(what) + " does not end");
    move_to(found + end.size());
  }

  /// To the next tag; false at the end of the text.
  bool find_tag() {
    for (;;) {
      const std::size_t tag = std::min(text_.find('<', place_), text_.size());
      check_words(text_.substr(place_, tag - place_));
      move_to(tag);
      if (tag == text_.size()) return false;
      const std::string_view rest = text_.substr(tag);
      if (rest.starts_with("<!--")) {
        place_ += 4;
        skip_past("-->", "a comment");
      } else if (rest.starts_with("<?")) {
        skip_past("?>", "a <? instruction");
      } else if (rest.starts_with("<!")) {
        refuse("holds a <!DOCTYPE or <![CDATA[, which is not read; remove it");
      } else if (rest.size() < 2) {
        refuse("ends in the middle of a tag");
      } else {
        return true;
      }
    }
  }

  void check_words(std::string_view words) const {
    if (!open_.empty() &&
        (open_.back() == "data" || open_.back() == "default" || open_.back() == "desc")) {
      return;
    }
    if (words.find_first_not_of(blanks) == std::string_view::npos) return;
    refuse("holds words outside <data>; remove them");
  }

  void skip_blanks() {
    while (place_ < text_.size() && blanks.find(text_[place_]) != std::string_view::npos) {
      if (text_[place_] == '\n') ++line_;
      ++place_;
    }
  }

  char next() const { return place_ < text_.size() ? text_[place_] : '\0'; }

  std::string_view read_name() {
    const std::size_t begin = place_;
    while (place_ < text_.size() && is_name_character(text_[place_])) ++place_;
    if (place_ == begin) refuse("holds a tag that is no XML; give a GraphML text");
    return text_.substr(begin, place_ - begin);
  }

  std::string_view read_value(std::string_view name) {
    skip_blanks();
    const bool has_equals = next() == '=';
    if (has_equals) ++place_;
    skip_blanks();
    const char quote = next();
    if (!has_equals || (quote != '"' && quote != '\'')) {
      refuse("attribute " + quoted_xml(name) + " has no value in quotes");
    }
    const std::size_t end = text_.find(quote, place_ + 1);
    const std::string_view value = text_.substr(place_ + 1, end - place_ - 1);
    if (end == std::string_view::npos || value.find('<') != std::string_view::npos) {
      refuse("the value of attribute " + quoted_xml(name) + " does not end");
    }
    move_to(end + 1);
    return value;
  }

  void count_item() {
    if (++items_ > most_items) {
      refuse("holds more than " + std::to_string(most_items) +
             " elements and attributes; make the graph smaller");
    }
  }

  Tag read_tag() {
    ++place_;
    Tag tag{.name = read_name()};
    count_item();
    for (;;) {
      skip_blanks();
      if (next() == '>' || next() == '/') break;
      count_item();
      const std::string_view name = read_name();
      if (tag.attribute(name)) refuse("attribute " + quoted_xml(name) + " stands twice in a tag");
      tag.attributes.emplace_back(name, read_value(name));
    }
    tag.is_closed = next() == '/';
    if (tag.is_closed) ++place_;
    if (next() != '>') refuse("a tag does not end with `>`");
    ++place_;
    return tag;
  }

  void open_element() {
    const Tag tag = read_tag();
    const std::string_view parent = open_.empty() ? "" : open_.back();
    if (std::ranges::find(children, std::pair(parent, tag.name)) == children.end() &&
        tag.name != "desc") {
      refuse("<" + std::string(tag.name.substr(0, longest_id)) + "> has no meaning " +
             (parent.empty() ? "here" : "in <" + std::string(parent) + ">") + "; remove it");
    }
    if (parent == "desc") refuse("<desc> holds a tag; give words");
    if (open_.empty() && has_root_) refuse("holds a second document; remove it");
    has_root_ = true;
    note(tag);
    if (!tag.is_closed) open_.push_back(tag.name);
  }

  void close_element() {
    place_ += 2;
    const std::string_view name = read_name();
    skip_blanks();
    if (open_.empty() || open_.back() != name || next() != '>') {
      refuse("</" + std::string(name.substr(0, longest_id)) + "> closes " +
             (open_.empty() ? "nothing" : "<" + std::string(open_.back()) + ">") +
             "; mend the tags");
    }
    ++place_;
    open_.pop_back();
  }

  std::string id_of(const Tag& tag, std::string_view key) const {
    const auto id = tag.attribute(key);
    if (!id || id->empty()) {
      refuse("<" + std::string(tag.name) + "> has no " + std::string(key) + "; give it one");
    }
    check_id(*id);
    return std::string(*id);
  }

  void check_id(std::string_view id) const {
    if (id.size() <= longest_id && id.find('&') == std::string_view::npos) return;
    refuse("id " + quoted_xml(id) + " is longer than " + std::to_string(longest_id) +
           " characters or holds `&`; choose another");
  }

  void note(const Tag& tag) {
    if (tag.name == "graph") {
      note_graph(tag);
    } else if (tag.name == "node") {
      note_node(tag);
    } else if (tag.name == "edge") {
      note_edge(tag);
    } else if (tag.name == "data") {
      id_of(tag, "key");
    } else if (tag.name == "key") {
      id_of(tag, "id");
      if (++keys_ > most_keys) {
        refuse("holds more than " + std::to_string(most_keys) + " <key>; remove some");
      }
    }
  }

  void note_graph(const Tag& tag) {
    if (++graphs_ > 1) refuse("holds a second <graph>; give one");
    const auto direction = tag.attribute("edgedefault").value_or("");
    if (direction != "directed" && direction != "undirected") {
      refuse("<graph> has no edgedefault; set it to `directed` or `undirected`");
    }
    outline_.is_directed = direction == "directed";
  }

  void note_node(const Tag& tag) {
    if (outline_.nodes.size() == most_nodes) {
      refuse("holds more than " + std::to_string(most_nodes) + " routers; make the graph smaller");
    }
    const std::string id = id_of(tag, "id");
    if (!node_of_.emplace(id, outline_.nodes.size()).second) {
      refuse("node " + quoted_xml(id) + " stands twice; rename one");
    }
    outline_.nodes.push_back({line_, id});
  }

  void note_edge(const Tag& tag) {
    const auto id = tag.attribute("id").value_or("");
    check_id(id);
    edges_.push_back({line_, std::string(id), id_of(tag, "source"), id_of(tag, "target")});
    const auto directed = tag.attribute("directed");
    if (directed && *directed != (outline_.is_directed ? "true" : "false")) {
      refuse("an edge says directed=" + quoted_xml(*directed) +
             " against the graph's edgedefault; all edges must agree");
    }
  }

  std::size_t node_at(const NamedEdge& edge, const std::string& id) const {
    const auto found = node_of_.find(id);
    if (found != node_of_.end()) return found->second;
    refuse_at(edge.line, "an edge leads to " + quoted_xml(id) + ", which is no node; add the node");
  }

  void resolve_edges() {
    std::set<std::pair<std::size_t, std::size_t>> seen;
    for (NamedEdge& edge : edges_) {
      std::size_t source = node_at(edge, edge.source);
      std::size_t target = node_at(edge, edge.target);
      const std::string ends = quoted_xml(edge.source) + " to " + quoted_xml(edge.target);
      if (source == target) {
        refuse_at(edge.line, "an edge leads from " + ends + " itself; remove it");
      }
      outline_.edges.push_back({edge.line, std::move(edge.id), source, target});
      if (!outline_.is_directed && source > target) std::swap(source, target);
      if (!seen.emplace(source, target).second) {
        refuse_at(edge.line, "a second edge leads from " + ends + "; remove one");
      }
    }
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t place_ = 0;
  std::size_t line_ = 1;
  std::size_t items_ = 0;
  std::size_t graphs_ = 0;
  std::size_t keys_ = 0;
  bool has_root_ = false;
  std::vector<std::string_view> open_;
  std::unordered_map<std::string, std::size_t> node_of_;
  std::vector<NamedEdge> edges_;
  GraphmlOutline outline_;
};

}  // namespace

std::string quoted_xml(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string shown(text.substr(0, longest));
  std::ranges::replace_if(
      shown, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return "`" + shown + (text.size() > longest ? "...`" : "`");
}

GraphmlOutline outline_graphml(std::string_view text, const std::string& file) {
  return Scanner(text, file).scan();
}

}  // namespace synfire::detail
