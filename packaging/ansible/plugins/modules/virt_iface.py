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
    description: Name or UUID of the guest.
    type: str
  path:
    description: A file on the managed host with a domain's XML, in place of a guest.
    type: path
  interfaces:
    description:
      - The interfaces that the guest has to have, each with the keys of virt-iface.conf(5), such as C(type), C(source),
        C(mode), C(mac), C(vlan.tag). A list is a list there. What I(interfaces) returned is taken, too.
      - Put in quotes what YAML would take for something else, as C("on"), C("yes") and a MAC address.
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
  description: Whether the guest runs, and has what was asked for only from its next start on.
  returned: with I(guest), success, and not in check mode
  type: bool
msg:
  description: What is wrong, with file and line where there is one.
  returned: failure
  type: str
  sample: "template.conf:7: mode 'vpea' is not one of bridge, vepa, private, passthrough (did you mean vepa?)"
file:
  description: The file that is wrong; C(<stdin>) for I(interfaces).
  returned: failure, where there is one
  type: str
line:
  description: The line of it.
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
  description: All messages of the program, warnings too.
  returned: where there are some
  type: list
  elements: dict
rc:
  description: The program's exit status.
  returned: failure
  type: int
"""

import json

from ansible.module_utils.basic import AnsibleModule

CHANGE = 1  # exit status of --check and --diff


def check(key, value):
    """What YAML takes for something else than is meant."""
    if isinstance(value, bool):
        raise ValueError("%s: to YAML this is a boolean; write it in quotes, as \"on\" or \"yes\"" % key)
    if key == "mac" and not isinstance(value, str):
        raise ValueError("mac: to YAML this is a number; write it in quotes")


def request(parameters):
    """The program's words for what is asked for, and its standard input."""
    words = ["--policy", parameters["policy"]]
    for key in parameters["drop"]:
        words += ["--drop", key]
    if parameters["template"]:
        return words + ["--conf", parameters["template"]], ""
    for number, interface in enumerate(parameters["interfaces"]):
        for key, value in interface.items():
            try:
                check(key, value)
            except ValueError as error:
                raise ValueError("interfaces[%d].%s" % (number, error))
    return words + ["--conf", "-"], json.dumps(parameters["interfaces"])


def messages_of(text):
    """What the program says with --error-format json: an object a line."""
    found = []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            found.append({"severity": "error", "message": line})
    return found


def failure(status, messages):
    """What a failed run returns."""
    result = {"rc": status, "messages": messages}
    error = next((m for m in messages if m.get("severity") == "error"), {"message": "virt-iface said nothing"})
    result.update((key, error[key]) for key in ("file", "line", "column", "source") if key in error)
    hint = error.get("hint", error.get("cure"))
    place = "".join("%s:" % error[key] for key in ("file", "line") if key in error)
    result["msg"] = (place + " " if place else "") + error["message"] + (" (%s)" % hint if hint else "")
    if hint:
        result["hint"] = hint
    return result


class Program(object):
    """virt-iface, and the guest or file that it works on."""

    def __init__(self, module):
        self.module = module
        parameters = module.params
        executable = module.get_bin_path(parameters["executable"], required=True)
        self.front = [executable]
        self.messages = []
        if parameters["guest"]:
            self.target = ["--connect", parameters["uri"], "--domain", parameters["guest"]]
        else:
            self.target = [parameters["path"]]

    def run(self, words, data="", expected=(0,)):
        line = self.front + words[:1] + ["--error-format", "json"] + words[1:] + self.target
        status, out, err = self.module.run_command(line, data=data, binary_data=True)
        messages = messages_of(err)
        if status not in expected:
            self.module.fail_json(**failure(status, messages))
        self.messages += [m for m in messages if m not in self.messages]
        return status, out

    def flags(self):
        return [option for option in ("live", "config") if self.module.params[option]]


def result_of(program, words, data):
    """What is there afterwards."""
    parameters = program.module.params
    interfaces = json.loads(program.run(["list", "--format", "json"] + words_for_list(program))[1])
    result = {"interfaces": interfaces, "macs": [i["mac"] for i in interfaces if i.get("mac")]}
    if parameters["guest"]:
        result["restart_required"] = restart_required(program, words, data)
    return result


def words_for_list(program):
    return ["--%s" % flag for flag in program.flags()] if len(program.flags()) == 1 else []


def restart_required(program, words, data):
    """A running guest that lacks what its configuration has."""
    if "live" in program.flags():
        return False
    # A guest that does not run has nothing to be looked at.
    status = program.run(["apply", "--check", "--live"] + words, data, expected=(0, 1, 3, 4))[0]
    return status in (CHANGE, 3)


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
        words, data = request(module.params)
    except ValueError as error:
        module.fail_json(msg=str(error))
    program = Program(module)
    flags = ["--%s" % flag for flag in program.flags()]
    status, diff = program.run(["apply", "--diff"] + flags + words, data, expected=(0, CHANGE))
    result = {"changed": status == CHANGE}
    if module._diff:
        result["diff"] = {"prepared": diff}
    if not module.check_mode:
        if result["changed"]:
            program.run(["apply"] + (["--in-place"] if module.params["path"] else flags) + words, data)
        result.update(result_of(program, words, data))
    if program.messages:
        result["messages"] = program.messages
    module.exit_json(**result)


if __name__ == "__main__":
    main()
