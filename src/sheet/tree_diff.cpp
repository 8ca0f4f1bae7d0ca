// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sheet/tree_diff.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace virt_iface {
namespace {

using Nodes = std::vector<Node>;

/// A stretch of both lists.
struct Gap {
  std::size_t old_begin;
  std::size_t old_end;
  std::size_t new_begin;
  std::size_t new_end;
};

/// Above it the similarity of every pair is not asked for.
constexpr std::size_t most_comparisons = 4096;

void shrink_to_difference(const Nodes& before, const Nodes& after, Gap& gap, std::vector<Match>& matches) {
  while (gap.old_begin < gap.old_end && gap.new_begin < gap.new_end &&
         equal(before[gap.old_begin], after[gap.new_begin]))
    matches[gap.new_begin++] = {gap.old_begin++, true};
  while (gap.old_begin < gap.old_end && gap.new_begin < gap.new_end &&
         equal(before[gap.old_end - 1], after[gap.new_end - 1]))
    matches[--gap.new_end] = {--gap.old_end, true};
}

/// Pairs equal nodes, each new one with an old one of its own, in no order yet.
std::vector<std::size_t> equal_ones(const Nodes& before, const Nodes& after, const Gap& gap) {
  std::unordered_map<std::size_t, std::vector<std::size_t>> places;  // the last is the next to use
  for (std::size_t i = gap.old_end; i > gap.old_begin; --i) places[before[i - 1].hash].push_back(i - 1);
  std::vector<std::size_t> partner(gap.new_end - gap.new_begin, Match::none);
  for (std::size_t j = gap.new_begin; j < gap.new_end; ++j) {
    auto const found = places.find(after[j].hash);
    if (found == places.end() || found->second.empty()) continue;
    if (!equal(before[found->second.back()], after[j])) continue;
    partner[j - gap.new_begin] = found->second.back();
    found->second.pop_back();
  }
  return partner;
}

/// Of these pairs the most that keep their order (the longest ascending row).
void keep_ascending(std::vector<std::size_t>& partner) {
  std::vector<std::size_t> tails;  // tails[k]: where the best row of k + 1 ends
  std::vector<std::size_t> previous(partner.size(), Match::none);
  for (std::size_t j = 0; j < partner.size(); ++j) {
    if (partner[j] == Match::none) continue;
    auto const place = std::lower_bound(tails.begin(), tails.end(), partner[j],
                                        [&](std::size_t t, std::size_t value) { return partner[t] < value; });
    if (place != tails.begin()) previous[j] = *(place - 1);
    if (place == tails.end())
      tails.push_back(j);
    else
      *place = j;
  }
  std::vector<bool> kept(partner.size());
  for (std::size_t j = tails.empty() ? Match::none : tails.back(); j != Match::none; j = previous[j])
    kept[j] = true;
  for (std::size_t j = 0; j < partner.size(); ++j)
    if (!kept[j]) partner[j] = Match::none;
}

/// What of an element others may have too, sorted.
struct Traits {
  std::vector<std::size_t> attributes{};
  std::vector<std::size_t> children{};
};

Traits traits_of(const Node& node) {
  Traits traits;
  std::hash<std::string_view> const hash;
  for (const NodeAttribute& a : node.attributes)
    traits.attributes.push_back(hash(a.name) * 31 + hash(a.value));
  for (const Node& child : node.children) traits.children.push_back(child.hash);
  std::sort(traits.attributes.begin(), traits.attributes.end());
  std::sort(traits.children.begin(), traits.children.end());
  return traits;
}

std::vector<Traits> traits_of(const Nodes& nodes, std::size_t begin, std::size_t end) {
  std::vector<Traits> all;
  for (std::size_t i = begin; i < end; ++i) all.push_back(traits_of(nodes[i]));
  return all;
}

std::size_t common(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
  std::size_t count = 0;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    if (*i == *j)
      ++count, ++i, ++j;
    else if (*i < *j)
      ++i;
    else
      ++j;
  }
  return count;
}

/// How much the elements of two lists have in common; 0: one cannot come of the other.
std::vector<std::vector<std::size_t>> likeness(const Nodes& before, const Nodes& after, const Gap& gap) {
  std::vector<Traits> const olds = traits_of(before, gap.old_begin, gap.old_end);
  std::vector<Traits> const news = traits_of(after, gap.new_begin, gap.new_end);
  std::vector<std::vector<std::size_t>> all(olds.size(), std::vector<std::size_t>(news.size()));
  for (std::size_t i = 0; i < olds.size(); ++i)
    for (std::size_t j = 0; j < news.size(); ++j) {
      const Node& old = before[gap.old_begin + i];
      if (old.kind != Node::Kind::element || !same_name(old, after[gap.new_begin + j])) continue;
      all[i][j] =
          1 + common(olds[i].attributes, news[j].attributes) + 2 * common(olds[i].children, news[j].children);
    }
  return all;
}

/// The pairs, in order, with the greatest sum of likeness.
void pair_alike(const Nodes& before, const Nodes& after, const Gap& gap, std::vector<Match>& matches) {
  std::vector<std::vector<std::size_t>> const alike = likeness(before, after, gap);
  std::size_t const olds = gap.old_end - gap.old_begin;
  std::size_t const news = gap.new_end - gap.new_begin;
  std::vector<std::vector<std::size_t>> best(olds + 1, std::vector<std::size_t>(news + 1));
  for (std::size_t i = olds; i-- > 0;)
    for (std::size_t j = news; j-- > 0;)
      best[i][j] =
          std::max({best[i + 1][j], best[i][j + 1], alike[i][j] ? alike[i][j] + best[i + 1][j + 1] : 0});
  for (std::size_t i = 0, j = 0; i < olds && j < news;) {
    if (alike[i][j] && best[i][j] == alike[i][j] + best[i + 1][j + 1])
      matches[gap.new_begin + j++].old = gap.old_begin + i++;
    else if (best[i][j] == best[i + 1][j])
      ++i;
    else
      ++j;
  }
}

/// Each new one with the next old one of its name.
void pair_next(const Nodes& before, const Nodes& after, const Gap& gap, std::vector<Match>& matches) {
  std::map<std::pair<std::string_view, std::string_view>, std::vector<std::size_t>> places;
  for (std::size_t i = gap.old_begin; i < gap.old_end; ++i)
    if (before[i].kind == Node::Kind::element) places[{before[i].uri, before[i].name}].push_back(i);
  std::size_t next = gap.old_begin;
  for (std::size_t j = gap.new_begin; j < gap.new_end; ++j) {
    if (after[j].kind != Node::Kind::element) continue;
    auto const found = places.find({after[j].uri, after[j].name});
    if (found == places.end()) continue;
    auto const place = std::lower_bound(found->second.begin(), found->second.end(), next);
    if (place == found->second.end()) continue;
    matches[j].old = *place;
    next = *place + 1;
  }
}

void fill_gap(const Nodes& before, const Nodes& after, const Gap& gap, std::vector<Match>& matches) {
  std::size_t const comparisons = (gap.old_end - gap.old_begin) * (gap.new_end - gap.new_begin);
  if (comparisons == 0) return;
  (comparisons <= most_comparisons ? pair_alike : pair_next)(before, after, gap, matches);
}

}  // namespace

std::vector<Match> diff_trees(const Nodes& before, const Nodes& after) {
  std::vector<Match> matches(after.size());
  Gap all{0, before.size(), 0, after.size()};
  shrink_to_difference(before, after, all, matches);
  std::vector<std::size_t> partner = equal_ones(before, after, all);
  keep_ascending(partner);
  Gap gap{all.old_begin, all.old_begin, all.new_begin, all.new_begin};
  for (std::size_t j = 0; j < partner.size(); ++j) {
    if (partner[j] == Match::none) continue;
    std::size_t const place = all.new_begin + j;
    matches[place] = {partner[j], true};
    gap.old_end = partner[j];
    gap.new_end = place;
    fill_gap(before, after, gap, matches);
    gap = {partner[j] + 1, partner[j] + 1, place + 1, place + 1};
  }
  gap.old_end = all.old_end;
  gap.new_end = all.new_end;
  fill_gap(before, after, gap, matches);
  return matches;
}

}  // namespace virt_iface
