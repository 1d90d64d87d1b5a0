// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <catch2/catch.hpp>

#include "tests/cli/command.hpp"

namespace synfire::test {
namespace {

constexpr int bad_input = 2;

/// Runs the model of words that `write_word_model` makes; the recording is run.h5.
Outcome run_words(const Workspace& workspace, const std::string& prompt) {
  return workspace.synfire({"run", "--model", workspace.write_word_model(), "--prompt", prompt,
                            "--tokens", "40", "--out", "run.h5", "--quiet"});
}

}  // namespace

TEST_CASE("a model of words runs, goes on its prompt, and is verified and replayed") {
  const Workspace workspace;
  const Outcome run = run_words(workspace, "The lamp was lit.");
  INFO(run.error);
  REQUIRE(run.exit_code == 0);
  CHECK(run.out.rfind("the lamp was lit.", 0) == 0);
  const Outcome verified = workspace.synfire({"verify", "run.h5"});
  INFO(verified.out + verified.error);
  CHECK(verified.exit_code == 0);
  CHECK(workspace.synfire({"replay", "run.h5", "--chip", "ideal"}).exit_code == 0);
  const Outcome info = workspace.synfire({"info", "run.h5"});
  CHECK(info.out.find("text                  " + run.out.substr(0, run.out.size() - 1)) !=
        std::string::npos);
  const Outcome model = workspace.synfire({"info", "words.h5"});
  CHECK(model.out.find("12 words: . P a and lamp lit of on ...") != std::string::npos);
}

TEST_CASE("the tokens of a run of words are counted in words") {
  const Workspace workspace;
  workspace.write_word_model();
  const Outcome run =
      workspace.synfire({"run", "--model", "words.h5", "--prompt", "the lamp was lit.", "--tokens",
                         "7", "--out", "run.h5", "--json", "-"});
  REQUIRE(run.exit_code == 0);
  CHECK(json_value(run.out, "prompt_tokens") == "5");
  CHECK(json_value(run.out, "generated_tokens") == "7");
  const Outcome repriced = workspace.synfire({"info", "run.h5", "--reprice", "ideal"});
  CHECK(repriced.exit_code == 0);
  const Outcome csv = workspace.synfire({"export", "run.h5", "--format", "csv", "-o", "tables"});
  INFO(csv.error);
  REQUIRE(csv.exit_code == 0);
  const Outcome tokens = workspace.shell("cut -d, -f3 tables/tokens.csv | head -n 6");
  CHECK(tokens.out == "character\nthe\nlamp\nwas\nlit\n.\n");
}

TEST_CASE("a model of words is scored in bits per word, beside tables of words") {
  const Workspace workspace;
  workspace.write_word_model();
  std::string text;
  for (int i = 0; i < 40; ++i) text += "The lamp was lit; and unknown words went on. ";
  workspace.write("text.txt", text);
  const Outcome scored = workspace.synfire(
      {"evaluate", "--model", "words.h5", "--text", "text.txt", "--held-out", "--json", "-"});
  INFO(scored.error);
  REQUIRE(scored.exit_code == 0);
  CHECK_FALSE(json_value(scored.out, "bits_per_word").empty());
  CHECK(json_value(scored.out, "bits_per_character").empty());
  // 40 times the 7 words that it knows and the full stop: 320; a tenth, less the first.
  CHECK(json_value(scored.out, "words") == "31");
  const Outcome table =
      workspace.synfire({"evaluate", "--model", "words.h5", "--text", "text.txt"});
  CHECK(table.out.find("bits per word ") != std::string::npos);
}

TEST_CASE("a prompt of words that the model does not know is refused") {
  const Workspace workspace;
  const Outcome run = run_words(workspace, "the whale was lit");
  CHECK(run.exit_code == bad_input);
  CHECK(is_one_line_error(run.error));
  CHECK(run.error.find("prompt: word 2, 'whale', is not among the 12") != std::string::npos);
}

TEST_CASE("info --corpus counts characters and words of a text") {
  const Workspace workspace;
  std::string text;
  for (int i = 0; i < 6; ++i) text += "The lamp was lit! ";
  workspace.write("text.txt", text + "Once.");
  const Outcome characters = workspace.synfire({"info", "--corpus", "text.txt", "--context", "10"});
  INFO(characters.error);
  REQUIRE(characters.exit_code == 0);
  CHECK(characters.out.find("symbols               15 characters") != std::string::npos);
  CHECK(characters.out.find("tokens                114 characters") != std::string::npos);
  CHECK(characters.out.find("windows of 10         104; 94 in the first nine tenths") !=
        std::string::npos);
  const Outcome words =
      workspace.synfire({"info", "--corpus", "text.txt", "--level", "word", "--context", "10"});
  CHECK(words.out.find("symbols               6 words") != std::string::npos);
  CHECK(words.out.find("tokens                31 words") != std::string::npos);
  CHECK(words.out.find("windows of 10         21; 19 in the first nine tenths") !=
        std::string::npos);
}

}  // namespace synfire::test
