// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/reconcile.hpp"

#include <gtest/gtest.h>

#include "edit/render.hpp"
#include "unit/documents.hpp"

namespace virt_iface {
namespace {

using test::edited;
using test::element;
using test::scanned;

/// `present` with the changes that lead from `before` to `after`.
struct Reconciled {
  const char* rule;
  const char* present;
  const char* before;
  const char* after;
  const char* result;
};

void PrintTo(const Reconciled& reconciled, std::ostream* out) {
  *out << reconciled.rule;
}

class Reconcile : public testing::TestWithParam<Reconciled> {};

TEST_P(Reconcile, MakesTheSameChanges) {
  const auto& [rule, present, before, after, result] = GetParam();
  const Document document = scanned(present);
  EXPECT_EQ(edited(document, reconcile(document, document.domain.interfaces[0], element(before),
                                       element(after), element_rules)),
            result)
      << rule;
}

INSTANTIATE_TEST_SUITE_P(
    Attributes, Reconcile,
    testing::Values(Reconciled{"a new value stands in the old one's place and quotes",
                               "<interface><source  mode = \"vepa\" dev='e'/></interface>",
                               "<interface><source dev='e' mode='vepa'/></interface>",
                               "<interface><source dev='e' mode='bridge'/></interface>",
                               "<interface><source  mode = \"bridge\" dev='e'/></interface>"},
                    Reconciled{"a new attribute stands behind the others",
                               "<interface><target dev='t'  /></interface>",
                               "<interface><target dev='t'/></interface>",
                               "<interface><target dev='t' managed='no'/></interface>",
                               "<interface><target dev='t' managed='no'  /></interface>"},
                    Reconciled{"one that goes takes the white space before it",
                               "<interface><driver name='vhost' queues='4'/></interface>",
                               "<interface><driver queues='4'/></interface>", "<interface/>",
                               "<interface><driver name='vhost'/></interface>"},
                    Reconciled{"a value is escaped", "<interface><alias name='a'/></interface>",
                               "<interface><alias name='a'/></interface>",
                               "<interface><alias name=\"&lt;'\"/></interface>",
                               "<interface><alias name='&lt;&apos;'/></interface>"}));

INSTANTIATE_TEST_SUITE_P(
    Children, Reconcile,
    testing::Values(
        Reconciled{"a new child stands where libvirt writes it",
                   "<interface>\n  <mac/>\n  <model/>\n</interface>", "<interface><mac/></interface>",
                   "<interface><mac/><vlan><tag id='4'/></vlan></interface>",
                   "<interface>\n  <mac/>\n  <vlan>\n    <tag id='4'/>\n  </vlan>\n  <model/>\n</interface>"},
        Reconciled{"one that goes takes the white space before it",
                   "<interface>\n  <mac/>\n  <mtu size='1'/>\n</interface>",
                   "<interface><mtu size='1'/></interface>", "<interface/>",
                   "<interface>\n  <mac/>\n</interface>"},
        Reconciled{"one with more in it than we know of stays",
                   "<interface><driver name='qemu' other='x'/></interface>",
                   "<interface><driver name='qemu'/></interface>", "<interface/>",
                   "<interface><driver other='x'/></interface>"},
        Reconciled{"but not without its anchor",
                   "<interface><boot order='1' loadparm='2'/><mtu size='1'/></interface>",
                   "<interface><boot order='1'/></interface>", "<interface/>",
                   "<interface><mtu size='1'/></interface>"},
        Reconciled{"one that has lost all its children is as it was without them",
                   "<interface>\n  <driver name='vhost'>\n    <host csum='off'/>\n  </driver>\n</interface>",
                   "<interface><driver name='vhost'><host csum='off'/></driver></interface>",
                   "<interface><driver name='vhost'/></interface>",
                   "<interface>\n  <driver name='vhost'/>\n</interface>"},
        Reconciled{"the first one opens an empty-element tag", "<interface type='user'/>",
                   "<interface type='user'/>", "<interface type='user'><mtu size='9'/></interface>",
                   "<interface type='user'><mtu size='9'/></interface>"},
        Reconciled{"several of one name are one value",
                   "<interface><vlan><tag id='1'/> <tag id='2'/></vlan></interface>",
                   "<interface><vlan><tag id='1'/><tag id='2'/></vlan></interface>",
                   "<interface><vlan><tag id='3'/></vlan></interface>",
                   "<interface><vlan><tag id='3'/></vlan></interface>"},
        Reconciled{"a filter's parameters are told apart by their names",
                   "<interface><filterref filter='f'><parameter name='A' value='1'/>"
                   "<parameter name=\"B\" value='2'/></filterref></interface>",
                   "<interface><filterref><parameter name='A' value='1'/></filterref></interface>",
                   "<interface><filterref><parameter name='A' value='3'/></filterref></interface>",
                   "<interface><filterref filter='f'><parameter name='A' value='3'/>"
                   "<parameter name=\"B\" value='2'/></filterref></interface>"}));

INSTANTIATE_TEST_SUITE_P(
    Others, Reconcile,
    testing::Values(
        Reconciled{
            "what did not change keeps its spelling, were it another than ours",
            "<interface><address slot='3'/></interface>", "<interface><address slot='0x03'/></interface>",
            "<interface><address slot='0x03'/></interface>", "<interface><address slot='3'/></interface>"},
        Reconciled{"comments and elements that nobody mentions keep their bytes",
                   "<interface><!-- a --><x:y xmlns:x='u'>t</x:y><mtu size='1'/><!-- b --></interface>",
                   "<interface><mtu size='1'/></interface>", "<interface><mtu size='2'/></interface>",
                   "<interface><!-- a --><x:y xmlns:x='u'>t</x:y><mtu size='2'/><!-- b --></interface>"}));

TEST(ReconcileRefuses, AnInterfaceOutOfAnEntity) {
  const Document document = scanned(
      "<!DOCTYPE domain [<!ENTITY e \"<interface "
      "type='user'/>\">]>\n<domain><devices>&e;</devices></domain>");
  EXPECT_EQ(test::refusal([&] {
              reconcile(document, document.domain.interfaces[0], element("<interface/>"),
                        element("<interface><mtu size='1'/></interface>"), element_rules);
            }),
            "this interface comes out of an entity\n");
}

}  // namespace
}  // namespace virt_iface
