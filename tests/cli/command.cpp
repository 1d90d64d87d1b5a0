// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/command.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <sys/wait.h>

#include "models/model_file.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/random_real_model.hpp"

namespace synfire::test {
namespace {

std::string quoted(const std::string& argument) {
  std::string result = "'";
  for (const char character : argument) {
    result += character == '\'' ? std::string("'\\''") : std::string(1, character);
  }
  return result + "'";
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

Workspace::Workspace() {
  std::string name = (std::filesystem::temp_directory_path() / "synfire-cli-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
}

Workspace::~Workspace() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Workspace::write(const std::string& name, const std::string& text) const {
  std::ofstream(folder_ / name, std::ios::binary) << text;
  return file(name);
}

namespace {

DecoderArchitecture small_architecture(std::uint32_t vocabulary) {
  DecoderArchitecture architecture;
  architecture.vocabulary = vocabulary;
  architecture.context = 32;
  architecture.embedding = 24;
  architecture.heads = 2;
  architecture.blocks = 2;
  architecture.hidden = 48;
  architecture.time_steps = 4;
  architecture.groups = 2;
  architecture.code_width = 12;
  return architecture;
}

}  // namespace

std::string Workspace::write_model(const std::string& name, std::uint32_t spike_degree) const {
  DecoderArchitecture architecture = small_architecture(29);
  architecture.spike_degree = spike_degree;
  synfire::write_model(random_decoder(7, architecture).model, folder_ / name);
  return file(name);
}

std::string Workspace::write_word_model(const std::string& name) const {
  Model model = random_decoder(7, small_architecture(12)).model;
  model.text.alphabet = Alphabet::of_words(
      {".", "P", "a", "and", "lamp", "lit", "of", "on", "room", "the", "was", "went"});
  model.text.code.clear();
  synfire::write_model(model, folder_ / name);
  return file(name);
}

std::string Workspace::write_real_model(const std::string& name) const {
  RealModel model = random_real_model(1);
  for (RealTensor& tensor : model.tensors) std::ranges::fill(tensor.values, 0.0F);
  synfire::write_real_model(model, folder_ / name);
  return file(name);
}

std::vector<std::string> Workspace::names() const {
  std::vector<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    result.push_back(entry.path().filename().string());
  }
  std::ranges::sort(result);
  return result;
}

Outcome Workspace::shell(const std::string& line) const {
  const std::filesystem::path out = std::filesystem::path(folder_.string() + ".out");
  const std::filesystem::path error = std::filesystem::path(folder_.string() + ".err");
  const std::string script = "SYNFIRE=" + quoted(SYNFIRE_EXECUTABLE) + "; cd " +
                             quoted(folder_.string()) + "; { " + line + "\n} >" +
                             quoted(out.string()) + " 2>" + quoted(error.string()) + " </dev/null";
  const int status = std::system(script.c_str());
  Outcome outcome{.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                  .out = read_file(out),
                  .error = read_file(error)};
  std::filesystem::remove(out);
  std::filesystem::remove(error);
  return outcome;
}

Outcome Workspace::synfire(const std::vector<std::string>& arguments) const {
  std::string line = "\"$SYNFIRE\"";
  for (const std::string& argument : arguments) line += " " + quoted(argument);
  return shell(line);
}

Outcome Workspace::python(const std::string& script,
                          const std::vector<std::string>& arguments) const {
  std::string line = "/usr/bin/python3 -c " + quoted(script);
  for (const std::string& argument : arguments) line += " " + quoted(argument);
  return shell(line);
}

bool is_one_line_error(const std::string& text) {
  return text.rfind("synfire: ", 0) == 0 && std::ranges::count(text, '\n') == 1 &&
         text.back() == '\n';
}

std::string json_value(const std::string& json, const std::string& key) {
  const std::string start = "\"" + key + "\": ";
  const auto found = json.find(start);
  if (found == std::string::npos) return "";
  const auto begin = found + start.size();
  if (json[begin] == '"') return json.substr(begin + 1, json.find('"', begin + 1) - begin - 1);
  return json.substr(begin, json.find_first_of(",\n}", begin) - begin);
}

}  // namespace synfire::test
