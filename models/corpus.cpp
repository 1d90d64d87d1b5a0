// SPDX-License-Identifier: Apache-2.0
#include "models/corpus.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "models/characters.hpp"
#include "sim/error.hpp"
#include "sim/text_file.hpp"

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

void to_lower_case(std::string& text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return is_capital(c) ? static_cast<char>(c - 'A' + 'a') : c;
  });
}

std::string read_utf8(const std::filesystem::path& path) {
  std::string text = read_text_file(path);
  const std::size_t valid = valid_utf8_length(text);
  if (valid == text.size()) return text;
  throw IoError(path.string(), "byte " + std::to_string(valid) + " (" + hexadecimal(text[valid]) +
                                   ") is not UTF-8; convert the file, for example with iconv "
                                   "-f LATIN1 -t UTF-8");
}

/// Calls body(word) for what blanks part.
template <typename Body>
void for_words(std::string_view text, const Body& body) {
  for (std::size_t begin = text.find_first_not_of(' '); begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    body(text.substr(begin, end - begin));
    begin = text.find_first_not_of(' ', end);
  }
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
  to_lower_case(text);
  return squeeze_spaces(text);
}

std::string word_stream(std::string_view utf8) {
  std::string text(utf8);
  replace_all(text, "\u2019", "'");
  to_lower_case(text);
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  for (const char c : text) {
    if (c == '!' || c == '?' || c == '.') {
      out += " . ";
    } else if (c != ';') {
      out += is_letter(c) || c == '\'' ? c : ' ';
    }
  }
  replace_all(out, "''", "'");
  return squeeze_spaces(out);
}

Alphabet word_alphabet(std::string_view utf8, std::int64_t least) {
  std::string text(utf8);
  replace_all(text, "\u2019", "'");
  to_lower_case(text);
  std::ranges::replace_if(
      text, [](char c) { return !is_letter(c) && c != '\''; }, ' ');
  std::unordered_map<std::string, std::int64_t> counts;
  for_words(text, [&](std::string_view word) { ++counts[std::string(word)]; });
  std::vector<std::string> words{".", "P"};
  for (const auto& [word, count] : counts) {
    if (count >= least) words.push_back(word);
  }
  std::ranges::sort(words);
  return Alphabet::of_words(std::move(words));
}

std::vector<Token> corpus_tokens(const Tokenizer& tokenizer, std::string_view utf8,
                                 const std::string& place) {
  return tokenizer.alphabet().level() == TextLevel::word
             ? tokenizer.encode_known(word_stream(utf8))
             : tokenizer.encode(clean_text(utf8), place);
}

std::string load_text(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return read_utf8(path);
  const std::filesystem::path folder = path / "data";
  std::string text;
  for (const std::string& name : json_strings(read_text_file(folder / "file_list.json"))) {
    text += read_utf8(folder / name);
    text += '\n';
  }
  return text;
}

std::string text_name(const std::filesystem::path& path) {
  const std::filesystem::path whole = path.lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

Alphabet load_words(const std::filesystem::path& path, std::int64_t least) {
  Alphabet words = word_alphabet(load_text(path), least);
  const std::string times = std::to_string(least) + " times";
  if (words.size() <= 2) {  // the full stop and P
    throw ConfigError(path.string(), "has no word that occurs " + times +
                                         "; give a longer text or a smaller --min-count");
  }
  if (words.size() <= most_symbols) return words;
  throw ConfigError(path.string(), "has " + std::to_string(words.size()) + " words that occur " +
                                       times + ", more than " + std::to_string(most_symbols) +
                                       "; give a larger --min-count");
}

WindowCounts count_windows(std::uint64_t tokens, std::uint64_t context) {
  const std::uint64_t all = tokens > context ? tokens - context : 0;
  return {all, all - all / 10};
}

HeldOutSplit split_held_out(std::span<const Token> tokens) {
  const std::size_t cut = tokens.size() / 10 * 9;
  return {tokens.first(cut), tokens.subspan(cut)};
}

}  // namespace synfire
