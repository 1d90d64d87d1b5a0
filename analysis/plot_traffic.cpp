// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <sstream>

#include <fmt/format.h>

#include "analysis/csv_writer.hpp"
#include "analysis/detail/plot_style.hpp"
#include "analysis/link_utilisation.hpp"
#include "analysis/plot.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::size_t most_links = 24;       // rows whose names stay readable
constexpr std::uint64_t most_windows = 512;  // columns that can be told apart
constexpr double percent = 100;
constexpr double picoseconds_a_second = 1e12;

using Window = LinkUtilisation::Window;

/// Shares of time if links are ever busy; on a chip of unlimited bandwidth, where none is, bits per
/// second.
struct Measure {
  bool is_share = true;
  double factor = 1;
  std::string label;

  double of(std::int64_t bits, Duration busy, Duration time) const {
    const auto span = static_cast<double>(std::max<std::int64_t>(time.count(), 1));
    const double share = static_cast<double>(busy.count()) / span;
    return (is_share ? share : static_cast<double>(bits) / span * picoseconds_a_second) * factor;
  }
};

/// What each link carried in all windows together.
struct LinkSum {
  std::int64_t bits = 0;
  Duration busy{};
};

std::vector<LinkSum> sums_of(const LinkUtilisation& use) {
  std::vector<LinkSum> sums(use.names.size());
  for (const Window& window : use.windows) {
    for (std::size_t link = 0; link < sums.size(); ++link) {
      sums[link].bits += window.bits[link];
      sums[link].busy += window.busy[link];
    }
  }
  return sums;
}

Measure measure_of(const LinkUtilisation& use, const std::vector<LinkSum>& sums) {
  const bool is_share =
      std::ranges::any_of(sums, [](const LinkSum& sum) { return sum.busy.count() > 0; });
  if (is_share) return {true, percent, "utilisation [%]"};
  double most = 0;
  for (const LinkSum& sum : sums) {
    most = std::max(most, Measure{false, 1, ""}.of(sum.bits, sum.busy, use.time()));
  }
  const detail::AxisScale scale = detail::axis_scale(most, "bit/s");
  return {false, scale.factor, "data rate [" + scale.unit + "]"};
}

/// The busiest, or on a chip of unlimited bandwidth those that carry most; none that is idle.
std::vector<std::size_t> busiest_links(const std::vector<LinkSum>& sums) {
  std::vector<std::size_t> links(sums.size());
  std::iota(links.begin(), links.end(), std::size_t{0});
  std::erase_if(links, [&](std::size_t link) { return sums[link].bits == 0; });
  std::ranges::stable_sort(links, [&](std::size_t a, std::size_t b) {
    return std::pair(sums[a].busy, sums[a].bits) > std::pair(sums[b].busy, sums[b].bits);
  });
  links.resize(std::min(links.size(), most_links));
  return links;
}

/// Of each router the busiest of the links that leave it, to routers and to its neurocores.
std::vector<double> routers_of(const LinkUtilisation& use, const std::vector<LinkSum>& sums,
                               const Measure& measure) {
  std::vector<double> routers(use.graph.router_count());
  for (std::size_t link = 0; link < sums.size(); ++link) {
    const Link& where = use.graph.links()[link];
    if (where.kind == LinkKind::injection) continue;
    double& most = routers[index(where.from)];
    most = std::max(most, measure.of(sums[link].bits, sums[link].busy, use.time()));
  }
  return routers;
}

std::int64_t count_of(TimePoint time) {
  return time.time_since_epoch().count();
}

std::string data_of(const LinkUtilisation& use, const std::vector<std::size_t>& links,
                    const std::vector<LinkSum>& sums) {
  const Measure share{true, 1, ""};
  std::ostringstream text;
  CsvWriter csv(text, {"part", "link", "from_router", "to_router", "x", "y", "begin_ps", "end_ps",
                       "bits", "busy_ps", "utilisation"});
  const auto row = [&](const char* part, std::size_t link, TimePoint begin, TimePoint end,
                       const LinkSum& sum) {
    const Link& where = use.graph.links()[link];
    csv.row(part, use.names[link], index(where.from), index(where.to), use.graph.x_of(where.from),
            use.graph.y_of(where.from), count_of(begin), count_of(end), sum.bits, sum.busy.count(),
            share.of(sum.bits, sum.busy, end - begin));
  };
  for (const Window& window : use.windows) {
    for (const std::size_t link : links) {
      row("window", link, window.begin, window.end, {window.bits[link], window.busy[link]});
    }
  }
  for (std::size_t link = 0; link < sums.size(); ++link) {
    row("all", link, use.windows.front().begin, use.windows.back().end, sums[link]);
  }
  return text.str();
}

std::string window_cells(const LinkUtilisation& use, const std::vector<std::size_t>& links,
                         const Measure& measure, double time_factor) {
  std::string data = "$cells << EOD\n";
  for (const Window& window : use.windows) {
    for (std::size_t row = 0; row < links.size(); ++row) {
      const std::size_t link = links[row];
      data += fmt::format(
          "{:.9g} {:.9g} {} {:.6g}\n", static_cast<double>(count_of(window.begin)) * time_factor,
          static_cast<double>(count_of(window.end)) * time_factor, row,
          measure.of(window.bits[link], window.busy[link], window.end - window.begin));
    }
  }
  return data + "EOD\n";
}

/// Over time: the busiest link of each window, and the mean of those between routers.
std::string extremes(const LinkUtilisation& use, const Measure& measure, double time_factor) {
  const std::size_t between_routers = use.graph.router_links().size();
  std::string data = "$extremes << EOD\n";
  double most = 0;
  double mean = 0;
  for (const Window& window : use.windows) {
    most = mean = 0;
    for (std::size_t link = 0; link < window.bits.size(); ++link) {
      const double value =
          measure.of(window.bits[link], window.busy[link], window.end - window.begin);
      most = std::max(most, value);
      if (link < between_routers) mean += value / static_cast<double>(between_routers);
    }
    data += fmt::format("{:.9g} {:.6g} {:.6g}\n",
                        static_cast<double>(count_of(window.begin)) * time_factor, most, mean);
  }
  const double end = static_cast<double>(count_of(use.windows.back().end)) * time_factor;
  return data + fmt::format("{:.9g} {:.6g} {:.6g}\nEOD\n", end, most, mean);
}

double most_of(const LinkUtilisation& use, const Measure& measure) {
  double most = 0;
  for (const Window& window : use.windows) {
    for (std::size_t link = 0; link < window.bits.size(); ++link) {
      most = std::max(most,
                      measure.of(window.bits[link], window.busy[link], window.end - window.begin));
    }
  }
  return most;
}

std::string router_cells(const LinkUtilisation& use, const std::vector<double>& routers) {
  std::string data = "$routers << EOD\n";
  for (std::size_t i = 0; i < routers.size(); ++i) {
    const Router& router = use.graph.routers()[i];
    data += fmt::format("{} {} {:.6g}\n", router.x, router.y, routers[i]);
  }
  return data + "EOD\n";
}

std::string window_panel(const LinkUtilisation& use, const std::vector<std::size_t>& links,
                         const Measure& measure, const detail::AxisScale& time) {
  std::vector<std::string> names;
  for (const std::size_t link : links) {
    names.push_back(use.names[link].starts_with("link ") ? use.names[link].substr(5)
                                                         : use.names[link]);
  }
  const double factor = time.factor / picoseconds_a_second;
  return fmt::format(
      "{}set lmargin at screen 0.15\nset rmargin at screen 0.53\n"
      "set xlabel 'hardware time [{}]'\nset xrange [{:.9g}:{:.9g}]\nset yrange [{}:-0.5]\n"
      "set ytics noenhanced scale 0 font ',6.5' ({})\n"
      "set label 1 'the busiest links, {}' at graph 0, graph 1 offset 0,0.6 left font ',7'\n"
      "plot $cells using 1:3:1:2:($3-0.5):($3+0.5):4 with boxxyerror fs solid lw 0.2 lc palette "
      "notitle\nunset label 100\nunset label 101\n",
      detail::heat_palette(measure.label), time.unit,
      static_cast<double>(count_of(use.windows.front().begin)) * factor,
      static_cast<double>(count_of(use.windows.back().end)) * factor,
      static_cast<double>(links.size()) - 0.5, detail::named_tics(names),
      use.windows.size() == 1 ? "over the whole run" : "from token to token");
}

/// In the lower right, on the time axis that is set.
std::string extremes_panel(const Measure& measure, double most, const detail::AxisScale& time) {
  return fmt::format(
      "set lmargin at screen 0.69\nset rmargin at screen 0.97\nset tmargin at screen 0.45\n"
      "set xlabel 'hardware time [{}]'\nset ylabel '{}' offset 1.5,0\n"
      "{}set ytics scale 0.6 font ',8'\n"
      "set key right top horizontal Left reverse samplen 1.5\n"
      "plot $extremes using 1:2 with steps lw 1 lc rgb '{}' title 'busiest link', "
      "$extremes using 1:3 with steps lw 1 lc rgb '{}' title 'mean between routers'\n"
      "unset key\n",
      time.unit, measure.label, detail::axis_from_zero('y', most * 1.3, 5), detail::plot_colour(5),
      detail::plot_colour(0));
}

/// Margins between which the routers' grid has square cells, at the upper left of its place.
std::string router_place(double columns, double rows, double height) {
  constexpr double width = 182;
  constexpr double left = 0.69;
  constexpr double most_wide = 0.19 * width;
  const double most_high = 0.3 * height;  // above the panel over time
  const double cell = std::min(most_wide / columns, most_high / rows);
  const double top = 1 - 17 / height;
  return fmt::format(
      "set lmargin at screen {:.4f}\nset rmargin at screen {:.4f}\nset tmargin at screen {:.4f}\n"
      "set bmargin at screen {:.4f}\n",
      left, left + cell * columns / width, top, top - cell * rows / height);
}

std::string router_panel(const LinkUtilisation& use, const std::vector<double>& routers,
                         const Measure& measure, double height) {
  std::uint32_t right = 0;
  std::uint32_t bottom = 0;
  for (const Router& router : use.graph.routers()) {
    right = std::max(right, router.x);
    bottom = std::max(bottom, router.y);
  }
  const std::string place = router_place(right + 1.2, bottom + 1.2, height);
  return fmt::format(
      "{}set xlabel 'router column [1]'\n"
      "set ylabel 'router row [1]' offset 1.5,0\nset xrange [-0.6:{}]\nset yrange [{}:-0.6]\n"
      "set xtics {}\nset ytics autofreq {} scale 0.6 font ',8'\n"
      "set label 1 'routers by their busiest link' at graph 0, graph 1 offset 0,0.6 left font "
      "',7'\n{}set cbtics {}\n"
      "plot $routers using 1:2:($1-0.46):($1+0.46):($2-0.46):($2+0.46):3 with boxxyerror "
      "fs solid noborder fc palette notitle\n",
      place, right + 0.6, bottom + 0.6, std::max(1.0, detail::tic_step(right + 1, 8)),
      std::max(1.0, detail::tic_step(bottom + 1, 8)), detail::heat_palette(measure.label),
      detail::tic_step(std::ranges::max(routers), 3));
}

}  // namespace

Figure plot_traffic(const Recording& recording, const PlotSelection& selection) {
  const LinkUtilisation use =
      link_utilisation(recording, selection.first_token, selection.end_token, most_windows);
  const std::vector<LinkSum> sums = sums_of(use);
  const std::vector<std::size_t> links = busiest_links(sums);
  if (links.empty()) throw ConfigError("traffic", "no link carried anything in these tokens");
  const Measure measure = measure_of(use, sums);
  const std::vector<double> routers = routers_of(use, sums, measure);
  const detail::AxisScale time = detail::axis_scale(
      static_cast<double>(count_of(use.windows.back().end)) / picoseconds_a_second, "s");
  const std::string range = detail::token_range(selection);
  const std::string what = fmt::format("traffic on {} links{}", use.names.size(),
                                       range.empty() ? "" : " while it worked on " + range);
  constexpr double height_of_row = 3.4;
  const double height = std::max(90.0, 34 + height_of_row * static_cast<double>(links.size()));
  return {.script = detail::plot_opening(recording, what) +
                    window_cells(use, links, measure, time.factor / picoseconds_a_second) +
                    extremes(use, measure, time.factor / picoseconds_a_second) +
                    router_cells(use, routers) +
                    fmt::format("set multiplot\nunset key\nset tmargin at screen {:.3f}\n"
                                "set bmargin at screen {:.3f}\nset cbrange [0:*]\n",
                                1 - 17 / height, 13 / height) +
                    window_panel(use, links, measure, time) + "unset label 1\n" +
                    extremes_panel(measure, most_of(use, measure), time) +
                    router_panel(use, routers, measure, height) + "unset multiplot\n",
          .data = data_of(use, links, sums),
          .size = {.height = height}};
}

}  // namespace synfire
