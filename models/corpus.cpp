// SPDX-License-Identifier: Apache-2.0
#include "models/corpus.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "sim/error.hpp"

namespace synfire {
namespace {

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return is_capital(c) || (c >= 'a' && c <= 'z');
}
bool is_white(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\v' || c == '\f';
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  std::string out;
  out.reserve(text.size());
  std::size_t begin = 0;
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, begin)) {
    out.append(text, begin, at - begin).append(to);
    begin = at + from.size();
  }
  out.append(text, begin);
  text = std::move(out);
}

/// Whether the full stop at `at` ends a lone capital or the last of a row of initials.
bool ends_initial(std::string_view text, std::size_t at) {
  if (at == 0 || !is_capital(text[at - 1])) return false;
  return at == 1 || text[at - 2] == ' ' || text[at - 2] == '.';
}

std::string keep_symbols(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_white(c) || c == ';') {
      out += ' ';
    } else if (c == '!' || c == '?') {
      out += '.';
    } else if (is_letter(c) || c == '.' || c == '\'') {
      out += c;
    }
  }
  return out;
}

std::string space_full_stops(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '.' && !ends_initial(text, i)) out += ' ';
  }
  return out;
}

std::string squeeze_spaces(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
  }
  return out;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw IoError(path.string(), "cannot be opened; check the path");
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) throw IoError(path.string(), "cannot be read");
  return bytes;
}

/// The strings of a JSON array of plain strings, in order.
std::vector<std::string> json_strings(std::string_view json) {
  std::vector<std::string> strings;
  for (std::size_t open = json.find('"'); open != std::string_view::npos;) {
    const std::size_t close = json.find('"', open + 1);
    if (close == std::string_view::npos) break;
    strings.emplace_back(json.substr(open + 1, close - open - 1));
    open = json.find('"', close + 1);
  }
  return strings;
}

}  // namespace

std::string clean_text(std::string_view utf8) {
  std::string text(utf8);
  replace_all(text, "\u2014", " ");
  replace_all(text, "\u2019", "'");
  replace_all(text, "--", " ");
  text = squeeze_spaces(space_full_stops(keep_symbols(text)));
  replace_all(text, ". . .", "...");
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c; });
  return squeeze_spaces(text);
}

std::string load_text(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return read_file(path);
  const std::filesystem::path folder = path / "data";
  std::string text;
  for (const std::string& name : json_strings(read_file(folder / "file_list.json"))) {
    text += read_file(folder / name);
    text += '\n';
  }
  return text;
}

HeldOutSplit split_held_out(std::span<const std::uint8_t> tokens) {
  const std::size_t cut = tokens.size() / 10 * 9;
  return {tokens.first(cut), tokens.subspan(cut)};
}

}  // namespace synfire
