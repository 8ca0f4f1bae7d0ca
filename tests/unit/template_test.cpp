// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gtest/gtest.h>

#include "template/conf_edit.hpp"
#include "template/json_edit.hpp"
#include "template/template_conf.hpp"
#include "template/template_json.hpp"
#include "unit/told.hpp"

namespace virt_iface {
namespace {

using test::in_words;

/// All that a spec means in such domains: what it wants for two arches, models made plain.
std::string meaning(const Spec& spec, const std::string& domain_type) {
  std::string out;
  for (const char* arch : {"x86_64", "s390x"}) {
    std::vector<Interface> all = wanted(spec, arch, true);
    for (Interface& interface : all) {
      interface = with_defaults(interface, {arch, domain_type});
    }
    out += in_words(all) + "--\n";
  }
  for (const SourceMap& map : spec.retarget) out += map_from(map) + "->" + map_to(map) + "\n";
  return out;
}

Spec from_conf(const std::string& text) {
  return read_spec(parse_conf(text, "t.conf"));
}
Spec from_json(const std::string& text) {
  return read_template_json(parse_json(text, "t.json"));
}

std::string told_json(const std::string& text) {
  return test::told_by([&] { from_json(text); });
}

Interface one(const std::string& option) {
  return parse_interface(option, "--interface").at(0);
}

constexpr const char* proposal_2 =
    "[main]\nnetworks = default, lan\n\n[interfaces]\n\n[interfaces.0]\ntype = macvtap\nname = eth0\nmode = "
    "vepa\n"
    "\n[interfaces.1]\ntype = ovs\nname = vswitch0\nvlan.tag = 10,20\nboot.order = 1\n";

TEST(JsonTemplate, ReadsProposalTwo) {
  const Spec spec = from_json(
      R"({"name": "t", "networks": ["default"], "interfaces": [{"type": "macvtap", "name": "eth0", "mode": "vepa"},
          {"type": "ovs", "name": ["a", "b"], "mode": null, "vlan.tag": [10, 20], "mtu.size": 9000}]})");
  EXPECT_EQ(in_words(wanted(spec, "x86_64", true)),
            "type=network source=default \n"
            "type=macvtap source=eth0 mode=vepa \n"
            "type=ovs source=a vlan.tag=10,20 mtu.size=9000 \n"
            "type=ovs source=b vlan.tag=10,20 mtu.size=9000 \n");
}

TEST(JsonTemplate, ReadsProposalOne) {
  const Spec spec = from_json(
      R"({"networks": [{"type": "network", "source": "default", "mode": "NA"},
                       {"type": "macvtap", "source": "eth0", "mode": "bridge"}]})");
  EXPECT_EQ(in_words(wanted(spec, "x86_64", true)),
            "type=network source=default \n"
            "type=macvtap source=eth0 mode=bridge \n");
}

TEST(JsonTemplate, ImpliesTheDefaultNetworkWhereNetworksIsAbsent) {
  EXPECT_EQ(in_words(wanted(from_json("{}"), "x86_64", true)), "type=network source=default \n");
  EXPECT_EQ(in_words(wanted(from_json("{}"), "s390x", true)), "");
  EXPECT_EQ(in_words(wanted(from_json(R"({"networks": []})"), "x86_64", true)), "");
}

TEST(JsonTemplateFault, NamesFileAndPlace) {
  EXPECT_EQ(told_json("{\n  \"interfaces\": [\n    {\"type\": \"macvtap\", \"name\": \"eth0\", \"mode\": "
                      "\"vpea\"}\n  ]\n}\n"),
            "t.json:3:49: error: mode 'vpea' is not one of bridge, vepa, private, passthrough (did you mean "
            "vepa?)\n"
            "    {\"type\": \"macvtap\", \"name\": \"eth0\", \"mode\": \"vpea\"}\n"
            "                                                ^\n");
  EXPECT_EQ(told_json(R"({"netwoks": ["a"], "interfaces": {"type": "ovs"}})"),
            "t.json:1:2: error: unknown key 'netwoks' in a template (did you mean networks?)\n"
            R"({"netwoks": ["a"], "interfaces": {"type": "ovs"}})"
            "\n ^\n"
            "t.json:1:34: error: interfaces must be a list of objects with type, name and mode\n"
            R"({"netwoks": ["a"], "interfaces": {"type": "ovs"}})"
            "\n                                 ^\n");
  EXPECT_EQ(told_json(R"({"networks": ["default", 5]})"),
            "t.json:1:26: error: a network must be a name, or an object with type, source and mode\n"
            R"({"networks": ["default", 5]})"
            "\n                         ^\n");
}

TEST(JsonTemplateFault, Syntax) {
  EXPECT_EQ(told_json("{\"networks\": [\"a\",]}\n"),
            "t.json:1:19: error: this is not JSON; expected '[', '{', or a literal\n"
            "{\"networks\": [\"a\",]}\n"
            "                  ^\n");
  EXPECT_EQ(told_json("{\"a\": 1, \"a\": 2}"),
            "t.json:1:10: error: key 'a' stands here twice\n"
            "{\"a\": 1, \"a\": 2}\n"
            "         ^\n");
  EXPECT_EQ(told_json("[]"), "t.json:1:1: error: a template must be an object (write {…})\n[]\n^\n");
  EXPECT_TRUE(told_json(std::string(100000, '['))
                  .starts_with("t.json:1:101: error: the JSON is nested deeper than 100 levels\n"));
}

TEST(WriteTemplate, WritesBothFormsOfJson) {
  EXPECT_EQ(write_template_json(from_conf(proposal_2), Form::proposal2),
            R"({
  "networks": [
    "default",
    "lan"
  ],
  "interfaces": [
    {
      "type": "macvtap",
      "name": "eth0",
      "mode": "vepa"
    },
    {
      "type": "ovs",
      "name": "vswitch0",
      "vlan.tag": [
        10,
        20
      ],
      "boot.order": 1
    }
  ]
}
)");
  EXPECT_EQ(write_template_json(from_conf("[interfaces.0]\ntype=ovs\nname=v\n"), Form::proposal1),
            R"({
  "networks": [
    {
      "type": "ovs",
      "source": "v",
      "mode": "NA"
    }
  ]
}
)");
}

TEST(WriteTemplate, WritesBothFormsOfConf) {
  EXPECT_EQ(write_conf(from_conf(proposal_2), Form::proposal2), proposal_2);
  EXPECT_EQ(write_conf(
                from_conf("[main]\nnetworks = default\n[interfaces.4]\ntype=macvtap\nname=eth0\nmode=vepa\n"),
                Form::proposal1),
            "[interfaces]\n\n[interfaces.0]\ntype = network\nsource = default\nmode = NA\n"
            "\n[interfaces.1]\ntype = macvtap\nsource = eth0\nmode = vepa\n");
}

TEST(WriteTemplate, LosesNothingOnAnyRoundTrip) {
  const std::string confs[] = {
      "[main]\n",
      "[interfaces]\n",
      "[main]\nnetworks =\n",
      "[main]\nnetworks = a, 'b, c', \"d'e,\"\n",
      proposal_2,
      "[main]\n[interfaces.0]\ntype = ovs\nname = v\n",
      "[interfaces.0]\ntype = network\nsource = lan\nmode = NA\n[interfaces.1]\ntype = network\nname = "
      "x\nmodel = virtio\n",
      "[main]\n[interfaces.0]\ntype = bridge\nname = br0\n[interfaces.1]\ntype = network\nname = lan\nmodel "
      "= virtio\n",
      "[interfaces.0]\ntype = network\nname = lan\nmodel = virtio\nlink.state = down\nsource.portgroup = p\n"
      "bandwidth.inbound = 1000,5000,1024,floor=200\nfilterref.filter = f\nfilterref.parameter.IP = "
      "10.0.0.1\n"
      "[retarget]\neth0 = bond0\nmacvtap:eth1 = ovs:v\novs:v = macvtap:eth0:vepa\n",
      "[interfaces.0]\ntype=macvtap\nname=eth0,eth1\nmode=private\nmac=stable\nmac.seed='# "
      "a'\nmac.prefix=02\n",
  };
  for (const std::string& text : confs) {
    const Spec spec = from_conf(text);
    for (const Form form : {Form::proposal1, Form::proposal2}) {
      const std::string conf = write_conf(spec, form);
      const std::string json = write_template_json(spec, form);
      // Proposal 1 has no list whose model depends on the domain's type.
      for (const std::string type : {"kvm", form == Form::proposal2 ? "xen" : "qemu"}) {
        EXPECT_EQ(meaning(from_conf(conf), type), meaning(spec, type)) << text << "as\n" << conf;
        EXPECT_EQ(meaning(from_json(json), type), meaning(spec, type)) << text << "as\n" << json;
      }
      EXPECT_EQ(write_template_json(from_json(json), Form::proposal2),
                write_template_json(spec, Form::proposal2));
      EXPECT_EQ(write_conf(from_conf(conf), Form::proposal1), write_conf(spec, Form::proposal1)) << conf;
    }
  }
}

TEST(WriteTemplate, QuotesWhatWouldReadOtherwise) {
  EXPECT_EQ(quoted_value("plain name"), "plain name");
  EXPECT_EQ(quoted_value("a, b"), "\"a, b\"");
  EXPECT_EQ(quoted_value("a #b"), "\"a #b\"");
  EXPECT_EQ(quoted_value("\"x\""), "'\"x\"'");
  EXPECT_EQ(quoted_value("’x’"), "\"’x’\"");
  EXPECT_EQ(quoted_value(" x"), "\" x\"");
  EXPECT_THROW(quoted_value("'a\","), Error);
}

constexpr const char* commented =
    "# head\r\n[main]\r\nmemory = 1 # c\r\n\r\n[interfaces]\r\n; first\r\n[[interface.3]]\r\n  type=ovs ; "
    "t\r\n"
    "# kept\r\n  name=v0\r\n\r\n# of graphics\r\n[graphics]\r\ntype = vnc\r\n";

std::string edited(const Conf& conf, EditList edits) {
  return splice(conf.text, std::move(edits)).bytes;
}

std::string with_interface(const Conf& conf, const Interface& interface) {
  return edited(conf, add_interfaces(conf, std::vector{interface}));
}

std::string without_section(const Conf& conf, std::size_t section) {
  return edited(conf, remove_sections(conf, {&conf.sections.at(section)}));
}

std::string with_key(const Conf& conf, std::size_t section, const std::string& key,
                     const std::string& value) {
  return edited(conf, change_keys(conf, conf.sections.at(section), {.set = {{key, value}}}));
}

std::string without_key(const Conf& conf, std::size_t section, const std::string& key) {
  return edited(conf, change_keys(conf, conf.sections.at(section), {.removed = {key}}));
}

std::string with_list(const Conf& conf, std::size_t section, const std::string& key,
                      const std::vector<std::string>& names) {
  return with_key(conf, section, key, list_value(conf, conf.sections.at(section), key, names));
}

using Json = nlohmann::ordered_json;

std::string edited(const JsonText& json, EditList edits) {
  return splice(json.text, std::move(edits)).bytes;
}

std::string with_member(const JsonText& json, const char* key, const Json& value) {
  return edited(json, {add_member(json, layout_of(json), key, value)});
}

TEST(ConfEdit, AppendsInTheMannerOfTheLast) {
  const std::string text = with_interface(parse_conf(commented, "t.conf"), one("type=bridge,name=br0"));
  EXPECT_EQ(text,
            "# head\r\n[main]\r\nmemory = 1 # c\r\n\r\n[interfaces]\r\n; first\r\n[[interface.3]]\r\n  "
            "type=ovs ; t\r\n"
            "# kept\r\n  name=v0\r\n\r\n[[interface.4]]\r\ntype = bridge\r\nname = br0\r\n"
            "\r\n# of graphics\r\n[graphics]\r\ntype = vnc\r\n");
}

TEST(ConfEdit, AppendThenRemoveIsTheInput) {
  const std::string texts[] = {"",
                               "[main]\n",
                               "[main]",
                               "[main]\n\n\n",
                               "# c",
                               commented,
                               "[interfaces]\n# c\n",
                               "\xEF\xBB\xBF[main]\r\n[graphics]\r\n# end",
                               "[interfaces.0]\ntype = ovs\nsource = v"};
  for (const std::string& text : texts) {
    const Conf more =
        parse_conf(with_interface(parse_conf(text, "t"), one("type=macvtap,name=eth0,mode=vepa")), "t");
    EXPECT_EQ(read_spec(more).interfaces.back().get("source"), "eth0") << text;
    std::size_t added = 0;
    for (std::size_t i = 0; i < more.sections.size(); ++i) {
      const Entry* type = find_entry(more.sections[i], "type");
      if (type != nullptr && type->value == "macvtap") added = i;
    }
    EXPECT_EQ(without_section(more, added), text);
  }
}

TEST(ConfEdit, KeepsTheCommentsOfARemovedSection) {
  EXPECT_EQ(without_section(parse_conf(commented, "t.conf"), 2),
            "# head\r\n[main]\r\nmemory = 1 # c\r\n\r\n[interfaces]\r\n; first\r\n# kept\r\n"
            "\r\n# of graphics\r\n[graphics]\r\ntype = vnc\r\n");
}

TEST(ConfEdit, SetsAndRemovesKeys) {
  const Conf conf = parse_conf(commented, "t.conf");
  EXPECT_EQ(with_key(conf, 2, "source", "v1"),
            std::string(commented).replace(std::string(commented).find("v0"), 2, "v1"));
  std::string more = commented;
  more.insert(more.find("\r\n# of"), "  link.state=up\r\n");
  EXPECT_EQ(with_key(conf, 2, "link.state", "up"), more);
  EXPECT_EQ(without_key(parse_conf(more, "t.conf"), 2, "link.state"), commented);
  EXPECT_EQ(with_key(parse_conf("[main]\nnetworks = a, # c\n", "t"), 0, "networks", ""),
            "[main]\nnetworks = # c\n");
  EXPECT_EQ(with_key(parse_conf("[main]\nnetworks = # c\n", "t"), 0, "networks", "a"),
            "[main]\nnetworks = a # c\n");
  EXPECT_EQ(with_key(parse_conf("[main]\nnetworks =", "t"), 0, "networks", "a"), "[main]\nnetworks = a");
  EXPECT_EQ(with_key(parse_conf("[main]", "t"), 0, "networks", "a"), "[main]\nnetworks = a");
}

TEST(ConfEdit, KeepsTheItemsOfAList) {
  const auto list = [](const std::string& from, const std::vector<std::string>& names) {
    const Conf conf = parse_conf("[main]\nnetworks =" + from + "\nmemory = 1\n", "t");
    const std::string text = with_list(conf, 0, "networks", names);
    return text.substr(17, text.find("\nmemory") - 17);
  };
  EXPECT_EQ(list(" 'a' ,b,\t\"c\" # d", {"a", "b", "c", "e"}), " 'a' ,b,\t\"c\",\te # d");
  EXPECT_EQ(list(" 'a' ,b,\t\"c\" # d", {"a", "c"}), " 'a',\t\"c\" # d");
  EXPECT_EQ(list(" 'a' ,b,\t\"c\" # d", {"b", "c"}), " b,\t\"c\" # d");
  EXPECT_EQ(list(" 'a' ,b,\t\"c\" # d", {"a", "b"}), " 'a' ,b # d");
  EXPECT_EQ(list("'a',b", {"a", "b,b"}), "'a',\"b,b\"");
  EXPECT_EQ(list("'a',", {"a", "b"}), "'a', b,");
  EXPECT_EQ(list(" a, b ,", {"a"}), " a ,");
  EXPECT_EQ(list(" a, a, a", {"a", "a"}), " a, a");
  EXPECT_EQ(list(" \"\"", {"a"}), " a");
  EXPECT_EQ(list(" 'a' # c", {}), " # c");
}

TEST(ConfEdit, LetsNoItemBecomeAComment) {
  const Conf conf = parse_conf("[main]\nnetworks = a,# b\n", "t");
  EXPECT_EQ(with_list(conf, 0, "networks", {"# b"}), "[main]\nnetworks = \"# b\"\n");
  const Conf worse = parse_conf("[main]\nnetworks = a,# \"b'\n", "t");
  EXPECT_THROW(with_list(worse, 0, "networks", {"# \"b'"}), Error);
  EXPECT_EQ(with_list(worse, 0, "networks", {"a", "# \"b'", "c"}), "[main]\nnetworks = a,# \"b',c\n");
}

TEST(JsonEdit, KeepsTheLayout) {
  const std::string text =
      "{\n\t\"name\": \"t\",\n\t\"networks\": [\"a\", \"b\"],\n\t\"interfaces\": "
      "[\n\t\t{\"type\":\"x\"}\n\t]\n}\n";
  const auto json = parse_json(text, "t");
  const JsonNode& networks = *json.root.find("networks");
  const JsonNode& interfaces = *json.root.find("interfaces");
  std::string expected = text;
  EXPECT_EQ(edited(json, {add_items(json, layout_of(json), networks, Json::array({"c"}))}),
            expected.replace(text.find("\"b\""), 3, "\"b\", \"c\""));
  expected = text;
  EXPECT_EQ(edited(json, remove_items(networks, {0})), expected.replace(text.find("\"a\", "), 5, ""));
  const auto more = parse_json(edited(json, {add_items(json, layout_of(json), interfaces,
                                                       Json::array({{{"type", "y"}, {"name", "z"}}}))}),
                               "t");
  EXPECT_NE(more.text.find("\t\t{\"type\":\"x\"},\n\t\t{\"type\": \"y\", \"name\": \"z\"}\n\t]"),
            std::string::npos)
      << more.text;
  EXPECT_EQ(edited(more, remove_items(*more.root.find("interfaces"), {1})), text);
  EXPECT_EQ(with_member(parse_json("{}", "t"), "a", {1, 2}), "{\"a\": [1, 2]}");
  EXPECT_EQ(with_member(parse_json("{\"b\":1}", "t"), "a", {1, 2}), "{\"b\":1,\"a\":[1,2]}");
  EXPECT_EQ(with_member(parse_json("{\n  \"b\": 1\n}\n", "t"), "a", {{{"c", 1}}}),
            "{\n  \"b\": 1,\n  \"a\": [\n    {\n      \"c\": 1\n    }\n  ]\n}\n");
}

}  // namespace
}  // namespace virt_iface
