// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/schema.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <mutex>
#include <new>

#include "xml/libxml.hpp"

namespace virt_iface {
namespace {

using Grammar = std::unique_ptr<xmlRelaxNG, libxml::Release<xmlRelaxNGFree>>;
using GrammarParser = std::unique_ptr<xmlRelaxNGParserCtxt, libxml::Release<xmlRelaxNGFreeParserCtxt>>;
using Validation = std::unique_ptr<xmlRelaxNGValidCtxt, libxml::Release<xmlRelaxNGFreeValidCtxt>>;

constexpr std::array<const char*, 2> usual_directories{"/usr/share/libvirt/schemas",
                                                       "/usr/local/share/libvirt/schemas"};

const char* grammar_file(Root root) {
  switch (root) {
    case Root::snapshot:
      return "domainsnapshot.rng";
    case Root::checkpoint:
      return "domaincheckpoint.rng";
    default:
      return "domain.rng";
  }
}

void remember_first(void* context, libxml::ErrorPtr error) {
  auto& message = *static_cast<Message*>(context);
  if (!message.text.empty()) return;
  message.text = libxml::tidy(error->message);
  message.place.line = static_cast<std::size_t>(error->line > 0 ? error->line : 0);
}

Grammar load(const std::string& path, const std::string& directory) {
  libxml::initialise();
  libxml::AllowDirectory const allowed(directory);
  GrammarParser const parser(xmlRelaxNGNewParserCtxt(path.c_str()));
  if (!parser) throw std::bad_alloc();
  Message said;
  xmlRelaxNGSetParserStructuredErrors(parser.get(), remember_first, &said);
  Grammar grammar(xmlRelaxNGParse(parser.get()));
  if (!grammar)
    throw Error(Exit::system, "cannot read the schema '" + path + "': " + said.text,
                "install libvirt's schemas (package libvirt-common or libvirt0), or name their directory: "
                "--validate=DIR");
  return grammar;
}

libxml::Doc parse(const std::string& bytes, const std::string& file) {
  if (bytes.size() > std::numeric_limits<int>::max())
    throw Error(Exit::invalid, Place{.file = file}, "the document is too large for a schema");
  libxml::Parser const parser(xmlNewParserCtxt());
  if (!parser) throw std::bad_alloc();
  libxml::Doc doc(xmlCtxtReadMemory(parser.get(), bytes.data(), static_cast<int>(bytes.size()), file.c_str(),
                                    nullptr, XML_PARSE_NOENT | XML_PARSE_NONET));
  if (doc) return doc;
  const xmlError* error = xmlCtxtGetLastError(parser.get());
  if (!error || error->code == XML_ERR_NO_MEMORY) throw std::bad_alloc();
  throw Error(Exit::invalid, Place{.file = file, .line = static_cast<std::size_t>(std::max(error->line, 0))},
              "the result cannot be read for the schema: " + libxml::tidy(error->message));
}

}  // namespace

struct Schema::Loaded {
  std::mutex busy{};
  std::map<std::string, Grammar> grammars{};
};

Schema::Schema(std::string directory)
    : directory_(std::move(directory)), loaded_(std::make_unique<Loaded>()) {
  for (const char* usual : usual_directories)
    if (directory_.empty() && std::filesystem::exists(std::string(usual) + "/domain.rng")) directory_ = usual;
  if (directory_.empty() || !std::filesystem::exists(directory_ + "/domain.rng"))
    throw Error(
        Exit::system,
        directory_.empty() ? "libvirt's schemas are not installed" : "no domain.rng in '" + directory_ + "'",
        "name the directory that holds domain.rng: --validate=DIR");
}

Schema::~Schema() = default;

std::optional<Message> Schema::fault(const std::string& bytes, Root root, const std::string& file) const {
  libxml::initialise();
  xmlRelaxNGPtr grammar = nullptr;
  {
    std::lock_guard const lock(loaded_->busy);
    Grammar& known = loaded_->grammars[grammar_file(root)];
    if (!known) known = load(directory_ + '/' + grammar_file(root), directory_);
    grammar = known.get();
  }
  libxml::Doc const doc = parse(bytes, file);
  Message said{.place = {.file = file}};
  Validation const validation(xmlRelaxNGNewValidCtxt(grammar));
  if (!validation) throw std::bad_alloc();
  xmlRelaxNGSetValidStructuredErrors(validation.get(), remember_first, &said);
  if (xmlRelaxNGValidateDoc(validation.get(), doc.get()) == 0) return std::nullopt;
  return said;
}

void Schema::validate(const std::string& result, const std::string& input, Root root,
                      const std::string& file) const {
  if (root == Root::interface) return;  // libvirt has no schema of an <interface> by itself
  std::optional<Message> said = fault(result, root, file);
  if (!said) return;
  std::optional<Message> before = result == input ? said : fault(input, root, file);
  if (before) {
    before->text = "the document does not follow libvirt's schema, even unchanged: " + before->text;
    before->hint = "correct it first, or leave --validate out";
    throw Error(Exit::invalid, std::vector<Message>{*before});
  }
  said->text = "the result would not follow libvirt's schema, as the document does: " + said->text;
  said->hint = "it was not written; ask for something else, or leave --validate out";
  throw Error(Exit::invalid, std::vector<Message>{*said});
}

}  // namespace virt_iface
