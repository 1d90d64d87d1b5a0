// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "analysis/csv_writer.hpp"
#include "analysis/detail/plot_style.hpp"
#include "analysis/plot.hpp"
#include "analysis/summary.hpp"
#include "analysis/token_spans.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

/// Over the tokens, in picoseconds.
struct LayerSpan {
  std::string layer;
  double least = 0;
  double mean = 0;
  double most = 0;
};

std::int64_t count_of(TimePoint time) {
  return time.time_since_epoch().count();
}

std::string data_of(const TokenSpans& spans) {
  std::ostringstream text;
  CsvWriter csv(text, {"token", "is_given", "layer", "started_ps", "ended_ps", "duration_ps"});
  for (std::size_t i = 0; i < spans.tokens.size(); ++i) {
    const RecordedToken& token = spans.tokens[i];
    csv.row(token.token, token.is_given, "", count_of(token.injected), count_of(token.finished),
            (token.finished - token.injected).count());
    for (std::size_t layer = 0; layer < spans.layers.size(); ++layer) {
      const TokenSpans::Span& span = spans.spans[i][layer];
      if (!span.is_known()) continue;
      csv.row(token.token, token.is_given, spans.layers[layer], count_of(span.started),
              count_of(span.ended), span.length().count());
    }
  }
  return text.str();
}

/// Of the layers that worked on any token.
std::vector<LayerSpan> over_tokens(const TokenSpans& spans) {
  std::vector<LayerSpan> result;
  for (std::size_t layer = 0; layer < spans.layers.size(); ++layer) {
    LayerSpan sum{.layer = spans.layers[layer]};
    double count = 0;
    for (const auto& token : spans.spans) {
      if (!token[layer].is_known()) continue;
      const auto length = static_cast<double>(token[layer].length().count());
      sum.least = count == 0 ? length : std::min(sum.least, length);
      sum.most = std::max(sum.most, length);
      sum.mean += length;
      ++count;
    }
    if (count == 0) continue;
    sum.mean /= count;
    result.push_back(std::move(sum));
  }
  return result;
}

std::string token_data(const TokenSpans& spans, bool is_given, double factor) {
  std::string data = is_given ? "$given << EOD\n" : "$chosen << EOD\n";
  for (const RecordedToken& token : spans.tokens) {
    if (token.is_given != is_given) continue;
    const auto latency = static_cast<double>((token.finished - token.injected).count());
    data += fmt::format("{} {:.9g}\n", token.token, latency * factor);
  }
  return data + "EOD\n";
}

std::string token_panel(const TokenSpans& spans, const std::string& unit, bool is_text) {
  const auto given = std::ranges::count(spans.tokens, true, &RecordedToken::is_given);
  std::string curves;
  const auto add = [&](const char* block, const char* name, std::size_t colour) {
    curves += fmt::format(
        "{}{} with impulses lw 0.6 lc rgb '{}' notitle, {} with points pt 7 ps "
        "0.35 lc rgb '{}' title '{}'",
        curves.empty() ? "" : ", ", block, detail::faint_colour, block, detail::plot_colour(colour),
        name);
  };
  if (given > 0) add("$given", is_text ? "given (prompt)" : "presentation", 1);
  if (static_cast<std::size_t>(given) < spans.tokens.size()) add("$chosen", "generated", 0);
  return fmt::format(
      "set tmargin at screen 0.9\nset bmargin at screen 0.58\nset xlabel '{}' offset 0,0.5\n"
      "set ylabel 'latency [{}]'\nset xtics {}\nset xrange [{}:{}]\nset yrange [0:*]\n"
      "set offsets 0, 0, graph 0.22, 0\nset key right top horizontal Left reverse\nplot {}\n"
      "unset label 100\nunset label 101\nset offsets\n",
      is_text ? "token" : "presentation", unit,
      std::max(1.0, detail::tic_step(static_cast<double>(spans.tokens.size()), 10)),
      spans.tokens.front().token - 0.6, spans.tokens.back().token + 0.6, curves);
}

std::string layer_panel(const std::vector<LayerSpan>& layers, const std::string& unit) {
  std::vector<std::string> names;
  for (const LayerSpan& layer : layers) names.push_back(layer.layer);
  return fmt::format(
      "set tmargin at screen 0.46\nset bmargin at screen 0.1\nunset ylabel\nunset key\n"
      "set xlabel 'time that a layer works on a token: mean, least and most [{}]' offset 0,0.3\n"
      "set xtics autofreq\nset xrange [0:*]\nset yrange [{}:-0.6]\nset ytics noenhanced scale 0 "
      "font ',7' ({})\n"
      "set style fill solid noborder\n"
      "plot $layers using 2:0:(0):2:($0-0.36):($0+0.36) with boxxyerror lc rgb '{}', "
      "$layers using 2:0:1:3 with xerrorbars pt -1 ps 0 lw 0.9 lc rgb '#000000'\n",
      unit, static_cast<double>(names.size()) - 0.4, detail::named_tics(names),
      detail::plot_colour(4));
}

}  // namespace

Figure plot_latency(const Recording& recording, const PlotSelection& selection) {
  const TokenSpans spans = token_spans(recording, selection.first_token, selection.end_token);
  if (spans.tokens.empty()) {
    const std::string range = detail::token_range(selection);
    throw ConfigError("latency",
                      "no token reached the host" + (range.empty() ? "" : " of " + range));
  }
  constexpr double seconds_a_picosecond = 1e-12;
  double longest = 0;
  double sum = 0;
  for (const RecordedToken& token : spans.tokens) {
    const double latency = seconds(token.finished - token.injected);
    longest = std::max(longest, latency);
    sum += latency;
  }
  const std::vector<LayerSpan> layers = over_tokens(spans);
  const detail::AxisScale scale = detail::axis_scale(longest, "s");
  const double factor = scale.factor * seconds_a_picosecond;
  double longest_layer = 0;
  for (const LayerSpan& layer : layers) longest_layer = std::max(longest_layer, layer.most);
  const detail::AxisScale layer_scale =
      detail::axis_scale(longest_layer * seconds_a_picosecond, "s");
  std::string data =
      token_data(spans, true, factor) + token_data(spans, false, factor) + "$layers << EOD\n";
  for (const LayerSpan& layer : layers) {
    const double layer_factor = layer_scale.factor * seconds_a_picosecond;
    data += fmt::format("{:.9g} {:.9g} {:.9g}\n", layer.least * layer_factor,
                        layer.mean * layer_factor, layer.most * layer_factor);
  }
  const bool is_text = !recording.has_run_value("presentations");
  const std::string what =
      fmt::format("latency from injection to the end, mean {}",
                  engineering(sum / static_cast<double>(spans.tokens.size()), "s"));
  return {.script = detail::plot_opening(recording, what) + data +
                    "EOD\nset multiplot\nset lmargin at screen 0.14\n" +
                    "set rmargin at screen 0.97\n" + token_panel(spans, scale.unit, is_text) +
                    layer_panel(layers, layer_scale.unit) + "unset multiplot\n",
          .data = data_of(spans),
          .size = {.height = 130}};
}

}  // namespace synfire
