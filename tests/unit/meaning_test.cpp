// SPDX-License-Identifier: LGPL-2.1-or-later
// What the table says a key means holds for every key, on every type, whatever changes it.
#include <gtest/gtest.h>
#include <libvirt/libvirt.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "edit/apply.hpp"
#include "edit/retarget.hpp"
#include "hook/retarget.hpp"
#include "live/connection.hpp"
#include "samples.hpp"
#include "table/meaning.hpp"
#include "table/values.hpp"
#include "view/read.hpp"
#include "view/types.hpp"
#include "xml/scan.hpp"
#include "xml/splice.hpp"
#include "xml/style.hpp"

namespace virt_iface {
namespace {

/// With a virtual port, where the key is a parameter of one: all that the port needs.
std::vector<Interface> samples(const Key& key, std::string_view type) {
  const Interface plain = interface_with(key, type);
  if (key.name == "virtualport.type" || !key.ports.empty()) {
    std::vector<Interface> out;
    for (const std::string_view port : words(find_type(type)->ports)) {
      if (!key.ports.empty() && !port_takes(key, port)) continue;
      Interface one = plain;
      one.set("virtualport.type", std::string(port));
      for (const std::string_view needed : needed_by(port)) one.set(needed, value_of(*find_key(needed)));
      out.push_back(std::move(one));
    }
    return out;
  }
  return {plain};
}

Document scanned(const std::string& text) {
  return Scanner().scan(text, "g.xml");
}

/// The arches in whose domains it may stand, here those of the table that differ.
std::vector<std::string> arches_of(const Interface& interface) {
  std::vector<std::string> out;
  for (const std::string arch : {"x86_64", "s390x"}) {
    const DomainTraits traits{arch, "qemu"};
    const std::vector<Message> said = check(interface, &traits);
    if (std::ranges::none_of(said, [](const Message& m) { return m.severity == Severity::error; }))
      out.push_back(arch);
  }
  return out;
}

/// Calls `what` with every key on every type that we make and that it may stand on.
template <class What>
void for_each_sample(const What& what) {
  for (const Key& key : keys()) {
    if (key.kind == Kind::bandwidth || key.path.empty()) continue;
    bool tried = false;
    for (const std::string_view type : words(made_types())) {
      if ((key.types & type_bit(type)) == 0) continue;
      for (const Interface& sample : samples(key, type)) {
        tried = true;
        what(key, sample);
      }
    }
    EXPECT_TRUE(tried) << key.name << " is tried on no type";
  }
}

std::string in_words(const Interface& interface) {
  std::string out;
  for (const Setting& setting : interface.settings) out += setting.key + "=" + setting.value + " ";
  return out;
}

/// Whether all that isolates `before` is still there, with its value.
void expect_kept(const Interface& before, const Document& after, const std::string& what) {
  ASSERT_FALSE(after.domain.interfaces.empty()) << what;
  const Interface read = read_interface(after.domain.interfaces.front());
  for (const Setting& setting : before.settings) {
    const bool kept = equal_values(setting.key, setting.value, read.get(setting.key));
    EXPECT_TRUE(kept || !is_isolating(setting, before))
        << what << ": " << in_words(before) << "became " << in_words(read);
  }
}

/// What a change makes of a document, or nothing where it was refused.
template <class Change>
std::optional<Document> changed(const Document& document, const Change& change) {
  try {
    return scanned(splice(document, change(document).edits).bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Exit::invalid);
    return std::nullopt;
  }
}

TEST(Meaning, WhatIsolatesIsKeptOrRefusedWhateverTheNewType) {
  std::size_t kept = 0;
  std::size_t refused = 0;
  for_each_sample([&](const Key&, const Interface& sample) {
    for (const std::string& arch : arches_of(sample)) {
      const Document document = scanned(document_with(sample, arch));
      for (const std::string_view type : words(made_types())) {
        if (type == sample.get("type")) continue;
        const std::string mode = find_type(type)->modes.empty() ? "" : "bridge";
        const std::string one = source_of_type(*find_type(sample.get("type")), "one");
        const std::string two = source_of_type(*find_type(type), "two");
        const auto check_one = [&](const std::string& what, const auto& change) {
          const std::optional<Document> after = changed(document, change);
          ++(after ? kept : refused);
          if (after) expect_kept(sample, *after, what + " to " + std::string(type));
        };
        Renderer renderer;
        check_one("update", [&](const Document& d) {
          Plan plan;
          std::vector<Setting> settings{{"type", std::string(type), {}}};
          if (!two.empty()) settings.push_back({"source", two, {}});
          if (!mode.empty()) settings.push_back({"mode", mode, {}});
          Updater(d, {.arch = arch}, renderer).update({1}, settings, plan);
          return plan;
        });
        const bool mapped = !two.empty() && !one.empty();
        const SourceMap map =
            mapped ? make_map(one, std::string(type) + ':' + two, {}) : make_map("none", "two", {});
        if (mapped)
          check_one("retarget",
                    [&](const Document& d) { return retarget(d, {map}, {.arch = arch}, renderer); });
        hook::Settings settings;
        settings.maps = {map};
        try {
          expect_kept(sample, scanned(hook::retarget_sources(document, settings).document.bytes), "hook");
          ++kept;
        } catch (const Error&) {
          ++refused;
        }
        for (const Policy policy : {Policy::ensure, Policy::converge, Policy::replace}) {
          ApplyRequest request{.policy = policy, .arch = arch};
          Interface wanted;
          wanted.set("type", std::string(type));
          if (!one.empty())
            wanted.set("source", one);  // of the same name: a bridge and an Open vSwitch bridge
          if (!mode.empty()) wanted.set("mode", mode);
          request.spec.interfaces = {wanted};
          const bool same = find_type(type)->libvirt == find_type(sample.get("type"))->libvirt;
          if (same) check_one("apply", [&](const Document& d) { return Applier(request).plan(d); });
        }
      }
    }
  });
  EXPECT_GT(kept, 500U);
  EXPECT_GT(refused, 100U);
}

TEST(Meaning, WhatIsolatesIsKeptWhereTheModeChanges) {
  for_each_sample([&](const Key& key, const Interface& sample) {
    if (sample.get("type") != "macvtap" || key.name == "mode") return;
    for (const std::string& arch : arches_of(sample)) {
      Renderer renderer;
      const auto after = changed(scanned(document_with(sample, arch)), [&](const Document& d) {
        Plan plan;
        Updater(d, {.arch = arch}, renderer).update({1}, {{"mode", "vepa", {}}}, plan);
        return plan;
      });
      if (after) expect_kept(sample, *after, "mode");
    }
  });
}

TEST(Meaning, WhatIsolatesAndWasNotStatedStaysNamedOrGoesByName) {
  std::size_t tried = 0;
  for_each_sample([&](const Key& key, const Interface& sample) {
    const auto isolates = [&](const Setting& s) { return is_of(s.key, key.name) && is_isolating(s, sample); };
    const auto found = std::ranges::find_if(sample.settings, isolates);
    if (key.name == "mode" || found == sample.settings.end()) return;
    for (const std::string& arch : arches_of(sample)) {
      const Document document = scanned(document_with(sample, arch));
      for (const Policy policy : {Policy::converge, Policy::replace}) {
        ApplyRequest request{.policy = policy, .arch = arch};
        Interface wanted;
        for (const char* asked : {"type", "source", "mode", "target.dev"})
          if (const Setting* setting = sample.find(asked)) wanted.set(asked, setting->value);
        request.spec.interfaces = {wanted};
        const Plan kept = Applier(request).plan(document);
        EXPECT_TRUE(kept.edits.empty()) << in_words(sample);
        EXPECT_TRUE(std::ranges::any_of(kept.warnings, [&](const Message& m) {
          return m.text.find(" keeps ") != std::string::npos &&
                 m.text.find(' ' + found->key + " = ") != std::string::npos;
        })) << in_words(sample);
        request.drop = {std::string(isolating_word(key.name))};
        const Document after = scanned(splice(document, Applier(request).plan(document).edits).bytes);
        EXPECT_EQ(read_interface(after.domain.interfaces.at(0)).get(found->key), "") << in_words(sample);
        EXPECT_TRUE(Applier(request).plan(after).edits.empty()) << "twice: " << in_words(sample);
        ++tried;
      }
    }
  });
  EXPECT_GT(tried, 40U);
}

TEST(Meaning, AKeySaysWhichLibvirtCarriesIt) {
  EXPECT_EQ(parse_libvirt("11.2.1"), 11002U);
  EXPECT_EQ(parse_libvirt("9"), 9000U);
  for (const char* text : {"", "0", "x", "9.", "9.0.0.0", "9.1000"})
    EXPECT_FALSE(parse_libvirt(text)) << text;
  EXPECT_EQ(libvirt_text(12008), "12.8");
  Interface bridge;
  bridge.set("type", "bridge");
  Interface ovs;
  ovs.set("type", "ovs");
  EXPECT_EQ(since({"vlan.tag", "42", {}}, bridge), 11000U);
  EXPECT_EQ(since({"vlan.tag", "42", {}}, ovs), 0U);
  EXPECT_EQ(since({"acpi.nodeset", "0", {}}, ovs), 11008U);
  EXPECT_EQ(cannot_carry({"vlan.tag", "42", {}}, bridge), "");
  EXPECT_EQ(cannot_carry({"vlan.tag", "42", {}}, bridge, 11000), "");
  EXPECT_EQ(cannot_carry({"vlan.tag", "42", {}}, bridge, 10010), "type bridge of libvirt 10.10");
}

TEST(Meaning, ADropNamesWhatMayGo) {
  for (const std::string_view word : isolating_words()) EXPECT_TRUE(names_isolating(word)) << word;
  for (const Key& key : keys())
    EXPECT_EQ(names_isolating(key.name), key.means(meaning::isolates) && !key.is_family()) << key.name;
  EXPECT_TRUE(names_isolating("filterref.parameter.IP"));
  EXPECT_FALSE(names_isolating("source"));
}

TEST(Meaning, TheReaderFindsWhatTheRendererMade) {
  for_each_sample([](const Key&, const Interface& sample) {
    for (const std::string& arch : arches_of(sample)) {
      const Interface read = read_interface(scanned(document_with(sample, arch)).domain.interfaces.at(0));
      for (const Setting& setting : sample.settings)
        EXPECT_TRUE(equal_values(setting.key, setting.value, read.get(setting.key)))
            << in_words(sample) << "\n"
            << in_words(read);
    }
  });
}

/// What libvirt's own parser, in its test driver, makes of a row's element.
TEST(Meaning, LibvirtReadsEveryRowAsWeDo) {
  const Connection libvirt = Connection::open("test:///default");
  for_each_sample([&](const Key& key, const Interface& sample) {
    // The trees of newer suites try it.
    if (since({std::string(key.name), {}, {}}, {}) > LIBVIR_VERSION_NUMBER / 1000) return;
    for (const std::string& arch : arches_of(sample)) {
      const std::string text = document_with(sample, arch);
      std::string dumped;
      try {
        libvirt.define(text);
        dumped = libvirt.xml(libvirt.guest("g"), View::config, false);
      } catch (const Error& error) {
        ADD_FAILURE() << error.messages().front().text << "\n" << text;
        continue;
      }
      const Interface read = read_interface(scanned(dumped).domain.interfaces.at(0));
      for (const Setting& setting : sample.settings)
        EXPECT_TRUE(since(setting, sample) > libvirt.version() ||
                    (setting.key == "backend.type" && setting.value == "default") ||  // which it leaves out
                    equal_values(setting.key, setting.value, read.get(setting.key)))
            << setting.key << "\n"
            << text << dumped;
    }
  });
}

}  // namespace
}  // namespace virt_iface
