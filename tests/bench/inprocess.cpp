// SPDX-License-Identifier: LGPL-2.1-or-later
// What apply costs in one process, beside what libxml2 alone costs: the names are read by bench.
#include <benchmark/benchmark.h>
#include <libxml/parser.h>

#include <string>

#include "edit/apply.hpp"
#include "xml/scan.hpp"
#include "xml/splice.hpp"

using namespace virt_iface;

namespace {

const std::string document = R"(<domain type='kvm'>
  <name>web1</name>
  <uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>
  <memory unit='KiB'>1048576</memory>
  <currentMemory unit='KiB'>1048576</currentMemory>
  <vcpu placement='static'>2</vcpu>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
    <boot dev='hd'/>
  </os>
  <features>
    <acpi/>
    <apic/>
  </features>
  <clock offset='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/var/lib/libvirt/images/web1.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <controller type='usb' index='0' model='qemu-xhci'/>
    <interface type='network'>
      <mac address='52:54:00:6b:3c:58'/>
      <source network='default'/>
      <model type='virtio'/>
    </interface>
    <console type='pty'/>
    <channel type='unix'>
      <target type='virtio' name='org.qemu.guest_agent.0'/>
    </channel>
    <input type='tablet' bus='usb'/>
    <graphics type='vnc' port='-1' autoport='yes'/>
    <video>
      <model type='virtio' heads='1' primary='yes'/>
    </video>
    <memballoon model='virtio'/>
  </devices>
</domain>
)";

ApplyRequest request() {
  ApplyRequest made;
  made.spec.interfaces =
      parse_interface("type=macvtap,name=eth0,mode=bridge,mac=52:54:00:00:00:01", "--interface");
  return made;
}

void sax(benchmark::State& state) {
  xmlSAXHandler handler{};
  handler.initialized = XML_SAX2_MAGIC;
  handler.startElementNs = [](void*, const xmlChar*, const xmlChar*, const xmlChar*, int, const xmlChar**,
                              int, int, const xmlChar**) {};
  handler.endElementNs = [](void*, const xmlChar*, const xmlChar*, const xmlChar*) {};
  handler.characters = [](void*, const xmlChar*, int) {};
  for (auto _ : state)
    if (xmlSAXUserParseMemory(&handler, nullptr, document.data(), static_cast<int>(document.size())) != 0)
      state.SkipWithError("not parsed");
}

void read_memory(benchmark::State& state) {
  for (auto _ : state) {
    xmlDocPtr tree = xmlReadMemory(document.data(), static_cast<int>(document.size()), "web1.xml", nullptr,
                                   XML_PARSE_NONET);
    if (tree == nullptr) state.SkipWithError("not parsed");
    xmlFreeDoc(tree);
  }
}

void apply(benchmark::State& state) {
  Scanner scanner;
  Applier applier(request());
  for (auto _ : state) {
    const Document scanned = scanner.scan(document, "web1.xml");
    const Spliced result = splice(scanned, applier.plan(scanned).edits);
    if (result.bytes.find("macvtap") != std::string::npos || result.bytes.size() <= document.size())
      state.SkipWithError("not applied");
  }
}

void scan(benchmark::State& state) {
  Scanner scanner;
  for (auto _ : state) benchmark::DoNotOptimize(scanner.scan(document, "web1.xml"));
}

/// The stylesheet's share of the start: what the request needs of it is compiled, and one interface rendered.
void compile(benchmark::State& state) {
  const Interface wanted = request().spec.interfaces.front();
  for (auto _ : state) {
    Renderer renderer;
    benchmark::DoNotOptimize(renderer.render(wanted));
  }
}

}  // namespace

BENCHMARK(sax);
BENCHMARK(read_memory)->Name("xmlReadMemory");
BENCHMARK(scan);
BENCHMARK(apply);
BENCHMARK(compile);
BENCHMARK_MAIN();
