// SPDX-License-Identifier: Apache-2.0
#include "sim/app/generation_display.hpp"

#include <algorithm>
#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

namespace synfire::app {
namespace {

constexpr std::size_t default_width = 80;
constexpr std::size_t widest = 100;
constexpr std::size_t ragged_margin = 12;  ///< a line may end at a blank this near to its width

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return default_width;
  return std::clamp<std::size_t>(size.ws_col, 2 * ragged_margin, widest);
}

}  // namespace

GenerationDisplay::GenerationDisplay(Text text, bool is_quiet)
    : shows_text_(text == Text::shown),
      wraps_(::isatty(STDOUT_FILENO) == 1),
      shows_progress_(!is_quiet && ::isatty(STDERR_FILENO) == 1),
      width_(terminal_width()) {}

GenerationDisplay::~GenerationDisplay() {
  finish();
}

/// Back to the end of the text, the line below it empty.
void GenerationDisplay::erase_progress() {
  if (!progress_is_drawn_) return;
  std::fputs("\r\033[K", stderr);
  if (wraps_ && shows_text_) {
    std::fprintf(stderr, "\033[A\r");
    if (!line_.empty()) std::fprintf(stderr, "\033[%zuC", line_.size());
  }
  std::fflush(stderr);
  progress_is_drawn_ = false;
}

void GenerationDisplay::add_wrapped(char character) {
  const bool breaks =
      line_.size() >= width_ || (character == ' ' && line_.size() + ragged_margin >= width_);
  if (breaks) {
    std::fputc('\n', stdout);
    line_.clear();
    if (character == ' ') return;
  }
  std::fputc(character, stdout);
  line_ += character;
}

void GenerationDisplay::add_text(std::string_view text) {
  if (!shows_text_) return;
  if (wraps_) {
    erase_progress();
    for (const char character : text) add_wrapped(character);
  } else {
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
  std::fflush(stdout);
}

void GenerationDisplay::show_progress(const std::string& line) {
  if (!shows_progress_) return;
  erase_progress();
  if (wraps_ && shows_text_) {
    std::fputc('\n', stdout);
    std::fflush(stdout);
  }
  std::fprintf(stderr, "\r\033[K%s", line.substr(0, width_ - 1).c_str());
  std::fflush(stderr);
  progress_is_drawn_ = true;
}

void GenerationDisplay::finish() {
  if (is_finished_) return;
  is_finished_ = true;
  erase_progress();
  if (shows_text_) {
    std::fputc('\n', stdout);
    std::fflush(stdout);
  }
}

}  // namespace synfire::app
