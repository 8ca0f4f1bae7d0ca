#!/usr/bin/python
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs virt-iface: what it prints as JSON becomes what Ansible returns."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: virt_iface
short_description: Give a libvirt guest its network interfaces
description:
  - Makes sure that a guest of libvirt, or a file with a domain's XML, has the interfaces asked for.
  - It runs C(virt-iface apply), which has to be on the managed host, and changes nothing else of the guest.
options:
  guest:
    description: Name or UUID of one guest; C(*) and C(?) are refused.
    type: str
  path:
    description: A file on the managed host with a domain's XML, in place of a guest.
    type: path
  interfaces:
    description:
      - The interfaces that the guest has to have, each with the keys of virt-iface.conf(5), such as C(type), C(source),
        C(mode), C(mac), C(vlan.tag). A list is a list there. What I(interfaces) returned is taken, too.
      - Put in quotes what YAML would take for something else, as C("on"), C("yes"), C("2222:22"), a MAC address and a PCI
        address.
      - With I(policy=replace) an empty list means no interface.
    type: list
    elements: dict
  template:
    description: A template.conf on the managed host, in place of I(interfaces).
    type: path
  policy:
    description:
      - What becomes of interfaces that are there; see virt-iface(1).
      - C(append) adds the interfaces at every run.
    type: str
    choices: [ensure, converge, append, replace]
    default: ensure
  drop:
    description:
      - What isolates the guest and may go where it is not asked for, as C(vlan), with I(policy=converge) or
        I(policy=replace); see virt-iface(1).
    type: list
    elements: str
    default: []
  uri:
    description: The libvirt that has the guest.
    type: str
    default: qemu:///system
  live:
    description: Change the running guest. Without I(live) and I(config) that is what there is of both.
    type: bool
    default: false
  config:
    description: Change the persistent configuration.
    type: bool
    default: false
  executable:
    description: The program, by its name in the PATH or by its path.
    type: str
    default: virt-iface
requirements:
  - virt-iface on the managed host, and libvirt's library for I(guest)
attributes:
  check_mode:
    description: Changes nothing, and says whether it would.
    support: full
  diff_mode:
    description: Returns the change of the XML.
    support: full
author:
  - The virt-iface authors (@virt-iface)
"""

EXAMPLES = r"""
- name: Macvtap over eth0, and VLAN 42 of an Open vSwitch bridge
  virt_iface.libvirt.virt_iface:
    guest: web1
    policy: converge
    interfaces:
      - type: macvtap
        source: eth0
        mode: bridge
      - type: ovs
        source: vswitch0
        vlan.tag: [42]

- name: The same for all guests that the inventory lists, from the site's template
  virt_iface.libvirt.virt_iface:
    guest: "{{ item }}"
    template: /etc/virt-iface/template.conf
  loop: "{{ guests }}"

- name: A domain's XML that another tool defines
  virt_iface.libvirt.virt_iface:
    path: /srv/guests/web1.xml
    interfaces:
      - {type: network, source: default}
"""

RETURN = r"""
interfaces:
  description: The interfaces afterwards, as C(virt-iface list --format json) prints them.
  returned: success, and not in check mode
  type: list
  elements: dict
  sample: [{"position": 1, "type": "macvtap", "source": "eth0", "mode": "bridge", "mac": "52:54:00:12:34:56"}]
macs:
  description: Their MAC addresses.
  returned: success, and not in check mode
  type: list
  elements: str
  sample: ["52:54:00:12:34:56"]
restart_required:
  description: Whether the guest runs, and has what was asked for only from its next start on; in check mode, whether it would.
  returned: with I(guest), and success
  type: bool
msg:
  description: What is wrong, with its place and the hint; what follows has the same in parts.
  returned: failure
  type: str
  sample: "template.conf:7: mode 'vpea' is not one of bridge, vepa, private, passthrough (did you mean vepa?)"
message:
  description: What is wrong, alone.
  returned: failure
  type: str
key:
  description: The option that is wrong.
  returned: failure, where there is one
  type: str
  sample: "interfaces[0].mac"
file:
  description: The file that is wrong; C(<stdin>) for I(interfaces), which has a line for each key.
  returned: failure, where there is one
  type: str
line:
  description: The line of it.
  returned: failure, where there is one
  type: int
column:
  description: The column of that line, from 1.
  returned: failure, where there is one
  type: int
source:
  description: What stands there.
  returned: failure, where there is one
  type: str
hint:
  description: What to do about it.
  returned: failure, where there is one
  type: str
messages:
  description:
      - All messages, each with C(severity) and C(message), and where there are some with C(id), C(hint), C(key), C(file),
        C(line), C(column) and C(source). Ansible shows warnings as its own, too.
  returned: where there are some
  type: list
  elements: dict
rc:
  description: The program's exit status.
  returned: failure of the program
  type: int
"""

import json
import os

from ansible.module_utils.basic import AnsibleModule

CHANGE = 1  # exit status of --check and --diff


class Refusal(Exception):
    """What is wrong with an option, as a message of the program."""

    def __init__(self, key, message, hint):
        super(Refusal, self).__init__(message)
        self.message = {"severity": "error", "key": key, "message": message, "hint": hint}


def items(value):
    return value if isinstance(value, list) else [value]


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def check(key, name, value):
    """What YAML 1.1 takes for something else than is meant: 52:54:00:12:34:56 is a number to it, and 22:22 is 1342."""
    if value is None:
        raise Refusal(key, "there is no value", "write one, or leave the key out")
    if isinstance(value, bool):
        raise Refusal(key, "to YAML this is a boolean", "write it in quotes, as \"on\" or \"yes\"")
    if is_number(value) and (isinstance(value, float) or value >= 2 ** 32 or name == "portForward"):
        raise Refusal(key, "to YAML this is a number", "write it in quotes")


def as_json(interfaces):
    """JSON with a line for each key, and key and value of each line."""
    text, places = [], [(None, None)]
    for number, interface in enumerate(interfaces):
        name = "interfaces[%d]" % number
        lines = []
        places.append((name, None))
        for key, value in interface.items():
            place = "%s.%s" % (name, key)
            for item in items(value):
                check(place, key, item)
            lines.append(json.dumps({key: value})[1:-1])
            places.append((place, value))
        places.append((name, None))
        text.append("\n".join(["{"] + ([",\n".join(lines)] if lines else []) + ["}"]))
    return "[\n%s]" % ",\n".join(text), places


def request(parameters):
    """The program's words for what is asked for, its standard input, and what stands in each line of that."""
    if set(parameters["guest"] or "") & set("*?"):
        raise Refusal("guest", "'%s' is a pattern" % parameters["guest"], "write the name or UUID of one guest")
    words = ["--policy", parameters["policy"]]
    for key in parameters["drop"]:
        words += ["--drop", key]
    if parameters["template"]:
        return words + ["--conf", parameters["template"]], "", []
    return (words + ["--conf", "-"],) + as_json(parameters["interfaces"])


def messages_of(text, places):
    """What the program says with --error-format json: an object a line."""
    found = []
    for line in text.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            message = {"severity": "error", "message": line}
        message.pop("cure", None)
        if message.get("file") == "<stdin>" and 0 < message.get("line", 0) <= len(places):
            add_place(message, *places[message["line"] - 1])
        found.append(message)
    return found


def add_place(message, key, value):
    """Of a message about a line of I(interfaces): the key, and whether it was YAML that made a number of the value."""
    if key:
        message["key"] = key
    numbers = ["'%s'" % item for item in items(value) if is_number(item)]
    if "is not a number" not in message["message"] and any(number in message["message"] for number in numbers):
        hints = [message["hint"]] if "hint" in message else []
        message["hint"] = "; ".join(hints + ["write it in quotes: to YAML it is a number"])


def text_of(message):
    """A message in one line."""
    place = ["%s:" % message["key"]] if "key" in message else ["%s:" % message[key] for key in ("file", "line") if key in message]
    hint = " (%s)" % message["hint"] if "hint" in message else ""
    return "".join(place) + (" " if place else "") + message["message"] + hint


def failure(messages, **more):
    """What a failed run returns."""
    error = next((m for m in messages if m.get("severity") == "error"), {"message": "virt-iface said nothing"})
    result = dict(more, msg=text_of(error), messages=messages)
    result.update((key, error[key]) for key in ("message", "hint", "key", "file", "line", "column", "source") if key in error)
    return result


class Program(object):
    """virt-iface, and the guest or file that it works on."""

    def __init__(self, module):
        self.module = module
        parameters = module.params
        executable = module.get_bin_path(parameters["executable"])
        if not executable:
            raise Refusal("executable", "there is no program '%s'" % parameters["executable"], "install virt-iface")
        self.front = [executable]
        self.words, self.data, self.places = request(parameters)
        self.messages = []
        self.flags = ["--%s" % option for option in ("live", "config") if parameters[option]]
        if parameters["guest"] is not None:
            self.target = ["--connect", parameters["uri"], "--domain", parameters["guest"]]
        else:
            self.target = [parameters["path"]]

    def call(self, words):
        line = self.front + words[:1] + ["--error-format", "json"] + words[1:] + self.target
        data = self.data if words[0] == "apply" else ""
        status, out, err = self.module.run_command(line, data=data, binary_data=True)
        return status, out, messages_of(err, self.places)

    def run(self, words, expected=(0,)):
        status, out, messages = self.call(words)
        for message in messages:
            if message not in self.messages:
                self.messages.append(message)
                if message.get("severity") == "warning":
                    self.module.warn(text_of(message))
        if status not in expected:
            self.module.fail_json(**failure(messages, rc=status))
        return status, out

    def plan(self):
        """Whether anything would change, how, and whether that waits for the guest's next start."""
        report = os.path.join(self.module.tmpdir, "virt-iface-report")
        status, diff = self.run(["apply", "--diff", "--report", report] + self.flags + self.words, expected=(0, CHANGE))
        with open(report) as stream:
            waits = json.load(stream).get("from_next_start", False)
        return status == CHANGE, diff, waits

    def lacks(self):
        """Whether a running guest lacks what its configuration has, since an earlier run."""
        status, out, messages = self.call(["apply", "--check", "--live"] + self.words)
        if status not in (0, CHANGE, 3) and not any(m.get("id") == "guest-not-running" for m in messages):
            self.module.fail_json(**failure(messages, rc=status))
        return status in (CHANGE, 3)

    def interfaces(self):
        return json.loads(self.run(["list", "--format", "json"] + (self.flags if len(self.flags) == 1 else []))[1])


def work(module):
    """What the module returns."""
    program = Program(module)
    changed, diff, waits = program.plan()
    result = {"changed": changed}
    if module._diff:
        result["diff"] = {"prepared": diff}
    if changed and not module.check_mode:
        program.run(["apply"] + (program.flags if module.params["path"] is None else ["--in-place"]) + program.words)
    if not module.check_mode:
        result["interfaces"] = program.interfaces()
        result["macs"] = [i["mac"] for i in result["interfaces"] if i.get("mac")]
    if module.params["path"] is None:
        result["restart_required"] = waits or (not changed and program.flags == ["--config"] and program.lacks())
    if program.messages:
        result["messages"] = program.messages
    return result


def main():
    module = AnsibleModule(
        argument_spec=dict(
            guest=dict(type="str"),
            path=dict(type="path"),
            interfaces=dict(type="list", elements="dict"),
            template=dict(type="path"),
            policy=dict(type="str", choices=["ensure", "converge", "append", "replace"], default="ensure"),
            drop=dict(type="list", elements="str", default=[]),
            uri=dict(type="str", default="qemu:///system"),
            live=dict(type="bool", default=False),
            config=dict(type="bool", default=False),
            executable=dict(type="str", default="virt-iface"),
        ),
        mutually_exclusive=[("guest", "path"), ("interfaces", "template")],
        required_one_of=[("guest", "path"), ("interfaces", "template")],
        supports_check_mode=True,
    )
    try:
        result = work(module)
    except Refusal as refusal:
        module.fail_json(**failure([refusal.message]))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
