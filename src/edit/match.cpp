// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/match.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "edit/mac.hpp"
#include "table/device_pattern.hpp"
#include "table/meaning.hpp"
#include "table/values.hpp"
#include "view/read.hpp"
#include "view/types.hpp"

namespace virt_iface {
namespace {

/// What the two are paired by, or what only tells how a MAC is made: never a difference.
bool is_given(const Key& key) {
  return key.name == "source" || key.means(meaning::names) || key.path.empty();
}

/// Whether the key says which port of which network the interface is on.
bool places(std::string_view key) {
  const Key* row = find_key(key);
  return row != nullptr && row->means(meaning::identity);
}

/// What the present one says of its place, and the wanted one does not, counts too: but not what libvirt
/// makes up, and not that a network's virtual port is Open vSwitch's.
bool counts_unasked(const Setting& setting, const Interface& present) {
  const Key* key = find_key(setting.key);
  if (key == nullptr) return false;
  const Type* type = find_type(present.get("type"));
  if (key->name == "virtualport.type")
    return (type == nullptr || type->port.empty()) && setting.value != "openvswitch";
  return key->means(meaning::identity) && is_isolating(setting, present);
}

/// Whether the present one has the device that is asked for, or one that the pattern makes.
bool same_device(const Wanted& wanted, const Interface& present) {
  std::string_view const asked = wanted.stated.get("target.dev");
  std::string_view const device = present.get("target.dev");
  return is_device_pattern(asked) ? makes_device(asked, wanted.guest, device) : asked == device;
}

bool same_names(const Wanted& asked, const Interface& present) {
  const Interface& wanted = asked.stated;
  std::string_view const mac = wanted.get("mac");
  if (!mac.empty() && mac != "stable" && mac != present.get("mac")) return false;
  // Nothing else tells two tap devices apart.
  bool const is_tap = wanted.get("type") == "ethernet" && wanted.find("target.dev") != nullptr;
  if (is_tap && !same_device(asked, present)) return false;
  std::string_view const alias = wanted.get("alias.name");
  return alias.empty() || alias == present.get("alias.name");
}

std::vector<Difference> differences(const Wanted& asked, const Interface& present) {
  const Interface& wanted = asked.stated;
  std::vector<Difference> result;
  // Several tags, or a native one, are a trunk, whether that was stated or not.
  bool const trunk =
      wanted.get("vlan.tag").find(',') != std::string_view::npos || wanted.find("vlan.native") != nullptr;
  // That a network's virtual port is Open vSwitch's goes without saying.
  const std::string_view ports = wanted.get("virtualport.type");
  bool const implied = wanted.get("type") == "network" && ports == "openvswitch" &&
                       present.find("virtualport.type") == nullptr;
  auto compare = [&](const std::string& key) {
    if ((trunk && key == "vlan.trunk") || (implied && key == "virtualport.type")) return;
    // libvirt writes no default.
    if (key == "target.dev" && wanted.find(key) != nullptr && same_device(asked, present)) return;
    if (key == "backend.type" && wanted.get(key) == "default" && present.find(key) == nullptr) return;
    if (!equal_values(key, wanted.get(key), present.get(key)))
      result.push_back({key, std::string(present.get(key)), std::string(wanted.get(key))});
  };
  for (const Setting& setting : wanted.settings)
    if (const Key* key = find_key(setting.key); key != nullptr && !is_given(*key)) compare(setting.key);
  for (const Setting& setting : present.settings)
    if (!wanted.find(setting.key) && counts_unasked(setting, present)) compare(setting.key);
  if (is_trunk(present) && present.find("vlan.trunk") == nullptr && wanted.find("vlan.tag") &&
      !is_trunk(wanted))
    result.push_back({"vlan.trunk", "yes", ""});
  return result;
}

/// Whether they are on another port, VLAN or type of bridge.
bool placed_otherwise(const std::vector<Difference>& list) {
  return std::any_of(list.begin(), list.end(), [](const Difference& d) { return places(d.key); });
}

/// What can only be one: by libvirt's word for the type, which an Open vSwitch bridge has in common with a
/// Linux bridge, and the source.
std::string bucket_name(std::string_view type, std::string_view source) {
  const Type* row = find_type(type);
  return std::string(row == nullptr ? type : row->libvirt).append("\n").append(source);
}

/// The VLANs of an interface in one spelling and order.
std::string vlan_of(const Interface& interface) {
  std::string_view rest = interface.get("vlan.tag");
  std::vector<std::string> tags;
  while (!rest.empty()) {
    std::size_t const end = std::min(rest.find(','), rest.size());
    std::string_view const tag = trim(rest.substr(0, end));
    auto const number = to_number(tag);
    tags.push_back(number ? std::to_string(*number) : std::string(tag));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::ranges::sort(tags);
  return join(tags, ",");
}

/// The same for all that ask for the same; empty for one with a name of its own.
std::string request_of(const Wanted& wanted) {
  if (!wanted.stable.empty() || wanted.stated.find("mac") || wanted.stated.find("alias.name")) return {};
  std::string text;
  for (const Setting& setting : wanted.stated.settings) text += setting.key + '=' + setting.value + '\n';
  return text;
}

constexpr std::size_t nobody = static_cast<std::size_t>(-1);

class Matcher {
 public:
  Matcher(const std::vector<Wanted>& wanted, const std::vector<Element>& present)
      : wanted_(wanted),
        present_(present),
        records_(present.size()),
        vlans_(present.size()),
        isolating_(present.size()),
        holders_(present.size(), nobody),
        closed_(present.size()),
        pairs_(wanted.size()) {
    for (std::size_t i = 0; i < present.size(); ++i)
      buckets_[bucket_name(type_of(present[i]), source_of(present[i]))].push_back(i);
  }

  std::vector<Pair> run(const std::vector<std::string>& macs) {
    for (std::size_t i = 0; i < macs.size(); ++i)
      if (!macs[i].empty()) pair_with(i, macs[i]);
    std::vector<bool> named;
    for (int const rank : {0, 1, 2, 3, 4}) {
      hopeless_.clear();
      closed_ = named;
      for (std::size_t i = 0; i < wanted_.size(); ++i)
        if (!pairs_[i] && is_worth_trying(i, rank)) try_rank(i, rank);
      if (rank == 0) named = held();
    }
    for (std::size_t i = 0; i < wanted_.size(); ++i)
      if (!pairs_[i] && has_policy_seed(wanted_[i].stated)) find_own(i);
    std::vector<Pair> result;
    for (std::optional<Pair>& pair : pairs_)
      if (pair) result.push_back(std::move(*pair));
    return result;
  }

 private:
  const Interface& record(std::size_t index) {
    if (!records_[index]) records_[index] = read_interface(present_[index]);
    return *records_[index];
  }

  bool is_named(std::size_t index, const Interface& present) const {
    const Wanted& wanted = wanted_[index];
    bool const mac = !wanted.stated.get("mac").empty() && wanted.stated.get("mac") != "stable";
    return mac || !wanted.stated.get("alias.name").empty() ||
           (!wanted.stable.empty() && wanted.stable == present.get("mac"));
  }

  /// 0: named by MAC or alias; 1: no difference, and nothing isolates it that was not asked for; 2: no
  /// difference; 3: differs in other keys; 4: another port or VLAN.
  int rank_of(std::size_t index, std::size_t candidate, const std::vector<Difference>& list) {
    if (placed_otherwise(list)) return 4;
    if (is_named(index, record(candidate))) return 0;
    if (!list.empty()) return 3;
    return is_isolated_unasked(index, candidate) ? 2 : 1;
  }

  /// Whether it is isolated by what was not asked for.
  bool is_isolated_unasked(std::size_t index, std::size_t candidate) {
    std::optional<std::vector<std::string_view>>& keys = isolating_[candidate];
    if (!keys) {
      keys.emplace();
      for (const Setting& setting : record(candidate).settings)
        if (is_isolating(setting, record(candidate))) keys->push_back(setting.key);
    }
    return std::ranges::any_of(
        *keys, [&](std::string_view key) { return wanted_[index].stated.find(key) == nullptr; });
  }

  const std::vector<std::size_t>& bucket_of(std::size_t index) const {
    static const std::vector<std::size_t> none;
    const Interface& stated = wanted_[index].stated;
    auto const bucket = buckets_.find(bucket_name(stated.get("type"), stated.get("source")));
    return bucket == buckets_.end() ? none : bucket->second;
  }

  /// False where one that asks for the same was tried in vain: what is free only gets less.
  bool is_worth_trying(std::size_t index, int rank) const {
    std::string const request = rank == 0 || !hopeless_.empty() ? request_of(wanted_[index]) : std::string();
    return rank == 0 ? request.empty() : request.empty() || !hopeless_.contains(request);
  }

  /// A look at what is quickly compared: all ranks but the last have the same VLANs.
  bool may_pair(const std::string& vlan, std::size_t candidate, int rank) {
    if (rank == 4) return true;
    if (!vlans_[candidate]) vlans_[candidate] = vlan_of(record(candidate));
    return *vlans_[candidate] == vlan;
  }

  /// What the pair would be, if it is one of that rank; of 2 also one of 1, which others may have left.
  std::optional<Pair> pair_of(std::size_t index, std::size_t candidate, int rank) {
    const Interface& present = record(candidate);
    if (!same_names(wanted_[index], present)) return std::nullopt;
    if (rank == 1 && is_isolated_unasked(index, candidate)) return std::nullopt;  // most quickly seen
    std::vector<Difference> list = differences(wanted_[index], present);
    int const its = rank_of(index, candidate, list);
    if (its != rank && !(its == 1 && rank == 2)) return std::nullopt;
    return Pair{index, candidate, std::move(list)};
  }

  void try_rank(std::size_t index, int rank) {
    std::optional<Pair> best;
    std::string const vlan = vlan_of(wanted_[index].stated);
    std::size_t const fewest = rank < 3 ? 0 : 1;
    for (std::size_t const candidate : bucket_of(index)) {
      if (holders_[candidate] != nobody || !may_pair(vlan, candidate, rank)) continue;
      std::optional<Pair> pair = pair_of(index, candidate, rank);
      if (pair && (!best || pair->differences.size() < best->differences.size())) best = std::move(pair);
      if (best && best->differences.size() <= fewest) break;
    }
    if (best)
      join(std::move(*best));
    else if ((rank != 1 && rank != 2) || !make_room(index, rank))
      hopeless_.insert(request_of(wanted_[index]));
  }

  /// With the one of that MAC on the same source, however they differ.
  void pair_with(std::size_t index, const std::string& mac) {
    for (const std::size_t candidate : bucket_of(index)) {
      if (holders_[candidate] != nobody || mac_of(present_[candidate]) != mac) continue;
      const Wanted& wanted = wanted_[index];
      if (!same_names(wanted, record(candidate))) continue;
      return join({index, candidate, differences(wanted, record(candidate))});
    }
  }

  /// One with a policy's own MAC is what the policy asks for where a map has moved it to another source.
  void find_own(std::size_t index) {
    const Interface& stated = wanted_[index].stated;
    for (std::size_t candidate = 0; candidate < present_.size(); ++candidate) {
      const Element& present = present_[candidate];
      bool const moved = type_of(present) != stated.get("type") || source_of(present) != stated.get("source");
      if (moved && holders_[candidate] == nobody && mac_of(present) == wanted_[index].stable)
        return join({index, candidate, {}});
    }
  }

  void join(Pair pair) {
    holders_[pair.present] = pair.wanted;
    pairs_[pair.wanted] = std::move(pair);
  }

  /// All that is the same as something is paired with it, whichever comes first: where others hold what a
  /// wanted one is the same as, they go on to the next that they are the same as (an augmenting path). False
  /// where that does not help.
  bool make_room(std::size_t index, int rank) {
    std::vector<std::size_t> queue{index};
    std::vector<bool> seen = closed_;
    std::unordered_map<std::size_t, std::size_t> reached_from;
    for (std::size_t head = 0; head < queue.size(); ++head) {
      std::string const vlan = vlan_of(wanted_[queue[head]].stated);
      for (std::size_t const candidate : bucket_of(index)) {
        if (seen[candidate] || !may_pair(vlan, candidate, rank) || !pair_of(queue[head], candidate, rank))
          continue;
        seen[candidate] = true;
        reached_from[candidate] = queue[head];
        if (holders_[candidate] == nobody) return move_up(candidate, index, reached_from), true;
        queue.push_back(holders_[candidate]);
      }
    }
    closed_ = std::move(seen);  // no path from any of these ends: none ever will
    return false;
  }

  void move_up(std::size_t free, std::size_t index,
               const std::unordered_map<std::size_t, std::size_t>& reached_from) {
    for (bool more = true; more;) {
      std::size_t const wanted = reached_from.at(free);
      more = wanted != index;
      std::size_t const left = more ? pairs_[wanted]->present : nobody;
      join({wanted, free, {}});
      free = left;
    }
  }

  std::vector<bool> held() const {
    std::vector<bool> result;
    for (std::size_t const holder : holders_) result.push_back(holder != nobody);
    return result;
  }

  const std::vector<Wanted>& wanted_;
  const std::vector<Element>& present_;
  std::vector<std::optional<Interface>> records_;
  std::vector<std::optional<std::string>> vlans_;  // of each present one, when asked for
  std::vector<std::optional<std::vector<std::string_view>>> isolating_;  // likewise the keys
  std::vector<std::size_t> holders_;  // of each present one: the wanted one, or nobody
  std::vector<bool> closed_;          // present ones that cannot be had at this rank
  std::vector<std::optional<Pair>> pairs_;
  std::unordered_map<std::string, std::vector<std::size_t>> buckets_{};
  std::unordered_set<std::string> hopeless_{};  // what was asked for in vain at this rank
};

/// What is out of a list is checked only where it differs: its value may be none.
void require_values(const std::vector<Wanted>& wanted, const std::vector<Pair>& pairs) {
  std::vector<Message> faults;
  for (const Pair& pair : pairs)
    for (const Difference& difference : pair.differences) {
      const Setting* setting = wanted[pair.wanted].stated.find(difference.key);
      const Key* key = find_key(difference.key);
      if (setting == nullptr || key == nullptr) continue;
      Verdict verdict = judge(*key, setting->key, setting->value);
      if (!verdict.fault.empty())
        faults.push_back(
            {.place = setting->place, .text = std::move(verdict.fault), .hint = std::move(verdict.hint)});
    }
  if (!faults.empty()) throw Error(Exit::invalid, std::move(faults));
}

}  // namespace

std::vector<Pair> pair_up(const std::vector<Wanted>& wanted, const std::vector<Element>& present,
                          const std::vector<std::string>& macs) {
  if (present.empty() || wanted.empty()) return {};
  std::vector<Pair> pairs = Matcher(wanted, present).run(macs);
  require_values(wanted, pairs);
  return pairs;
}

}  // namespace virt_iface
