// SPDX-License-Identifier: Apache-2.0
#include "topology/multicast_tree.hpp"

#include <catch2/catch.hpp>

namespace synfire {
namespace {

Channel channel(std::uint32_t link, std::uint8_t virtual_channel = 0) {
  return {LinkId{link}, virtual_channel};
}

}  // namespace

TEST_CASE("append_tree: equal beginnings are walked once, children lie side by side") {
  std::vector<MulticastNode> nodes(3);  // of other trees
  const RoutedDestination routes[] = {
      {{channel(9), channel(4), channel(1)}, 20},
      {{channel(9), channel(2)}, 21},
      {{channel(9), channel(4), channel(0)}, 22},
  };
  const std::uint32_t root = append_tree(nodes, routes);
  REQUIRE(root == 3);
  REQUIRE(nodes.size() == 3 + 6);
  CHECK(nodes[root].leaves == 3);
  CHECK(nodes[root].destination == no_destination);
  REQUIRE(nodes[root].child_count == 1);
  const MulticastNode& router = nodes[nodes[root].first_child];
  CHECK(router.channel == channel(9));
  REQUIRE(router.child_count == 2);
  const MulticastNode& left = nodes[router.first_child];
  CHECK(left.channel == channel(2));
  CHECK(left.destination == 21);
  CHECK(left.leaves == 1);
  CHECK(left.child_count == 0);
  const MulticastNode& right = nodes[router.first_child + 1];
  CHECK(right.channel == channel(4));
  CHECK(right.destination == no_destination);
  CHECK(right.leaves == 2);
  REQUIRE(right.child_count == 2);
  CHECK(nodes[right.first_child].destination == 22);
  CHECK(nodes[right.first_child + 1].destination == 20);
}

TEST_CASE("append_tree: the order of the routes does not matter, virtual channels part ways") {
  const RoutedDestination a{{channel(7), channel(3, 1)}, 1};
  const RoutedDestination b{{channel(7), channel(3, 0)}, 2};
  std::vector<MulticastNode> one;
  std::vector<MulticastNode> other;
  append_tree(one, std::vector{a, b});
  append_tree(other, std::vector{b, a});
  REQUIRE(one.size() == 4);
  REQUIRE(other.size() == 4);
  for (std::size_t i = 0; i < one.size(); ++i) {
    CHECK(one[i].channel == other[i].channel);
    CHECK(one[i].destination == other[i].destination);
  }
  CHECK(one[2].destination == 2);
  CHECK(one[3].destination == 1);
}

TEST_CASE("append_tree: the empty route is the sender itself") {
  std::vector<MulticastNode> nodes;
  append_tree(nodes, std::vector<RoutedDestination>{{{}, 5}});
  REQUIRE(nodes.size() == 1);
  CHECK(nodes[0].destination == 5);
  CHECK(nodes[0].child_count == 0);
  CHECK(nodes[0].leaves == 1);
  const std::uint32_t root =
      append_tree(nodes, std::vector<RoutedDestination>{{{channel(0), channel(1)}, 6}, {{}, 7}});
  CHECK(nodes[root].destination == 7);
  CHECK(nodes[root].child_count == 1);
  CHECK(nodes[root].leaves == 2);
}

TEST_CASE("fill_zero_load: adds up serialization and latency from the root on, per size") {
  std::vector<MulticastNode> nodes;
  const RoutedDestination routes[] = {{{channel(0), channel(1)}, 0}, {{channel(0), channel(2)}, 1}};
  const std::uint32_t root = append_tree(nodes, routes);
  const LinkTiming timings[] = {
      {picoseconds(10), {picoseconds(1), picoseconds(2), picoseconds(3)}},
      {picoseconds(100), {picoseconds(0), picoseconds(5), picoseconds(7)}},
      {picoseconds(1000), {picoseconds(4), picoseconds(4), picoseconds(4)}}};
  fill_zero_load(nodes, timings);
  const std::array<Duration, 3> zero{};
  CHECK(nodes[root].zero_load == zero);
  const std::array<Duration, 3> first{picoseconds(11), picoseconds(12), picoseconds(13)};
  CHECK(nodes[1].zero_load == first);
  const std::array<Duration, 3> left{picoseconds(111), picoseconds(117), picoseconds(120)};
  CHECK(nodes[2].zero_load == left);
  const std::array<Duration, 3> right{picoseconds(1015), picoseconds(1016), picoseconds(1017)};
  CHECK(nodes[3].zero_load == right);
}

}  // namespace synfire
