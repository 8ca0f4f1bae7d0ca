// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/scan.hpp"

#include <libxml/SAX2.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <exception>
#include <new>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "xml/domain_builder.hpp"
#include "xml/encoding.hpp"
#include "xml/libxml.hpp"

namespace virt_iface {

/// The parser, and the progress of one document.
struct ScanState {
  ScanLimits limits{};
  libxml::Parser parser{};
  xmlParserInputPtr input = nullptr;  // the document itself; the parser's
  unsigned uses = 0;
  DomainBuilder builder{};
  bool stop_at_root_end = false;
  std::size_t looked_at = 0;  // of the stream, for overfull tags
  std::size_t expanded = 0;   // bytes that came out of entities
  std::size_t root_end = 0;
  bool doctype = false;
  std::optional<Message> fault{};
  std::exception_ptr thrown{};  // in a callback

  /// Behind the tag in which the parser stands, or behind the reference to the entity that it reads.
  std::size_t here() const { return static_cast<std::size_t>(input->cur - input->base); }
  /// True if an event is the document's own: libxml2 reads an entity in a context of its own, from 2.13 on in
  /// the same one with another input.
  bool own(const void* context) const { return context == parser.get() && parser->input == input; }
  /// The `<` of the tag in which the parser stands at `from`: no other can stand inside a tag.
  std::size_t tag_begin(std::size_t from) const {
    while (input->base[from] != '<') --from;
    return from;
  }
};

namespace {

std::string_view view(const xmlChar* text) {
  return text ? libxml::from_xml(text) : std::string_view();
}

/// The parser's own context, whether the event comes from it or from the one libxml2 makes for an entity.
ScanState& state_of(void* context) {
  return *static_cast<ScanState*>(static_cast<xmlParserCtxtPtr>(context)->_private);
}

/// The arguments of libxml2's startElementNs: five pointers an attribute.
class SaxStartTag final : public StartTag {
 public:
  SaxStartTag(const ScanState& state, bool own, const xmlChar* name, const xmlChar* prefix,
              const xmlChar* uri, int count, const xmlChar** attributes)
      : state_(state),
        own_(own),
        name_(name),
        prefix_(prefix),
        uri_(uri),
        count_(count),
        attributes_(attributes) {}

  std::string_view name() const override { return view(name_); }
  bool plain() const override { return uri_ == nullptr && prefix_ == nullptr; }
  bool plain_attributes() const override {
    for (int i = 0; i < count_; ++i)
      if (at(i)[2] != nullptr) return false;
    return true;
  }
  bool own() const override { return own_; }
  std::size_t begin() const override { return own_ ? state_.tag_begin(state_.here()) : state_.here(); }

  std::string value(std::string_view attribute) const override {
    for (int i = 0; i < count_; ++i)
      if (view(at(i)[0]) == attribute && at(i)[1] == nullptr) return value_at(i);
    return {};
  }

  Element element() const override {
    Element result;
    result.name = qualified(name_, uri_ ? nullptr : prefix_);
    result.foreign = !own_;
    result.attributes.reserve(static_cast<std::size_t>(count_));
    for (int i = 0; i < count_; ++i)
      result.attributes.push_back({qualified(at(i)[0], at(i)[2] ? nullptr : at(i)[1]), value_at(i)});
    std::size_t const here = state_.here();
    result.begin = begin();
    result.tag_end = own_ ? here + (state_.input->cur[0] == '/' ? 2 : 1) : here;
    return result;
  }

 private:
  const xmlChar** at(int index) const { return attributes_ + 5 * static_cast<std::ptrdiff_t>(index); }
  std::string value_at(int index) const {
    return {libxml::from_xml(at(index)[3]), libxml::from_xml(at(index)[4])};
  }
  /// A prefix that nobody declared is a part of the name.
  static std::string qualified(const xmlChar* name, const xmlChar* prefix) {
    std::string result(view(prefix));
    if (prefix) result += ':';
    return result += view(name);
  }

  const ScanState& state_;
  bool own_;
  const xmlChar* name_;
  const xmlChar* prefix_;
  const xmlChar* uri_;
  int count_;
  const xmlChar** attributes_;
};

/// What entities may add to a document. libxml2's own bound counts the nodes of a tree, and there is none
/// here.
constexpr std::size_t most_expanded = 10'000'000;

/// An interface's elements are compared with each other. A trunk of every VLAN is 4094 of them.
constexpr std::size_t most_siblings = 5000;

/// Ends the scan where the parser stands.
void stop(ScanState& state, void* context, Message fault) {
  fault.place.line = static_cast<std::size_t>(std::max(state.input->line, 0));
  fault.place.column = static_cast<std::size_t>(std::max(state.input->col, 0));
  state.fault = std::move(fault);
  xmlStopParser(static_cast<xmlParserCtxtPtr>(context));
  xmlStopParser(state.parser.get());
}

/// Counts what an entity adds, and ends the scan above a limit.
void expand(void* context, std::size_t bytes) {
  ScanState& state = state_of(context);
  state.expanded += bytes;
  if (state.limits.huge || state.expanded <= most_expanded || state.fault) return;
  stop(state, context, {.text = "an entity expands into itself, or without bound"});
}

void on_start(void* context, const xmlChar* name, const xmlChar* prefix, const xmlChar* uri,
              int /*namespaces*/, const xmlChar** /*declared*/, int count, int /*defaulted*/,
              const xmlChar** attributes) {
  ScanState& state = state_of(context);
  bool const own = state.own(context);
  if (!own) expand(context, 64);
  if (state.fault) return;
  state.builder.start(SaxStartTag(state, own, name, prefix, uri, count, attributes));
  if (!state.limits.huge && state.builder.siblings() >= most_siblings)
    stop(state, context,
         {.text = "an interface has more than " + std::to_string(most_siblings) + " elements side by side",
          .hint = "use --huge if that is meant"});
}

void on_end(void* context, const xmlChar* /*name*/, const xmlChar* /*prefix*/, const xmlChar* /*uri*/) {
  ScanState& state = state_of(context);
  if (state.fault) return;
  DomainBuilder::EndTag tag{.own = state.own(context)};
  if (state.builder.wants_end()) {
    tag.end = state.here();
    tag.content_end = tag.own ? state.tag_begin(tag.end - 1) : tag.end;
  }
  state.builder.end(tag);
  if (state.builder.depth() != 0) return;
  state.root_end = tag.end;
  if (state.stop_at_root_end) xmlStopParser(state.parser.get());
}

void on_text(void* context, const xmlChar* text, int length) {
  ScanState& state = state_of(context);
  if (!state.fault && state.builder.wants_text())
    state.builder.text({libxml::from_xml(text), static_cast<std::size_t>(length)});
}

/// What libxml2 says of a limit names its own options; these say what the document did.
std::optional<std::string> limit_reached(std::string_view message, int code) {
  if (message.find("xcessive depth") != message.npos) return "elements are nested more than 256 deep";
  if (code == XML_ERR_ENTITY_LOOP) return "an entity expands into itself, or without bound";
  if (message.find("too long") != message.npos || message.find("Huge") != message.npos ||
      message.find("huge") != message.npos)
    return "a name, a value or a text is longer than 10 MB";
  return std::nullopt;
}

void on_error(void* context, libxml::ErrorPtr error) {
  ScanState& state = state_of(context);
  if (state.fault || error->level < XML_ERR_ERROR || error->domain == XML_FROM_NAMESPACE ||
      error->code == XML_ERR_USER_STOP)
    return;
  Message fault;
  fault.place.line = static_cast<std::size_t>(std::max(error->line, 0));
  fault.place.column = static_cast<std::size_t>(std::max(error->int2, 0));
  if (auto limit = limit_reached(error->message ? error->message : "", error->code)) {
    fault.text = *limit;
    if (error->code != XML_ERR_ENTITY_LOOP) fault.hint = "use --huge if that is meant";
  } else {
    fault.text = libxml::tidy(error->message);
  }
  state.fault = std::move(fault);
}

/// The callback as libxml2 may call it: no exception passes through it.
template <auto Callback, class... Arguments>
void guarded(void* context, Arguments... arguments) {
  ScanState& state = state_of(context);
  if (state.thrown) return;
  try {
    Callback(context, arguments...);
  } catch (...) {
    state.thrown = std::current_exception();
    xmlStopParser(static_cast<xmlParserCtxtPtr>(context));
    xmlStopParser(state.parser.get());
  }
}

/// Every reference to a general entity, in text, in an attribute's value or in another entity.
xmlEntityPtr on_reference(void* context, const xmlChar* name) {
  xmlEntityPtr const entity = xmlSAX2GetEntity(context, name);
  if (entity) guarded<expand>(context, static_cast<std::size_t>(std::max(entity->length, 0)));
  const ScanState& state = state_of(context);
  return state.fault || state.thrown ? nullptr : entity;
}

xmlSAXHandler handler() {
  xmlSAXHandler sax{};
  xmlSAXVersion(&sax, 2);
  sax.startElementNs = guarded<on_start>;
  sax.endElementNs = guarded<on_end>;
  sax.characters = sax.ignorableWhitespace = sax.cdataBlock = guarded<on_text>;
  sax.comment = nullptr;
  sax.processingInstruction = nullptr;
  sax.reference = nullptr;
  sax.getEntity = on_reference;
  sax.serror = guarded<on_error>;
  return sax;
}

/// The parser begins behind it: from 2.12 on it would look for a decoder.
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// `text` must have a NUL behind it, as every std::string has.
void parse(ScanState& state, std::string_view text) {
  // A parser is used again: its tables and names are the dearest part of a small document's scan. But the
  // names it keeps come from documents, so not for ever.
  if (!state.parser || ++state.uses % 256 == 0) {
    state.parser.reset(xmlNewParserCtxt());
    if (!state.parser) throw std::bad_alloc();
    *state.parser->sax = handler();
  } else {
    xmlCtxtReset(state.parser.get());
  }
  xmlParserCtxtPtr parser = state.parser.get();
  parser->_private = &state;
  // The encoding is known already, and the text is UTF-8 whatever its declaration says.
  int const huge = state.limits.huge ? XML_PARSE_HUGE : 0;
  xmlCtxtUseOptions(parser, XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | huge);
  state.input = xmlNewInputStream(parser);
  if (!state.input) throw std::bad_alloc();
  state.input->base = libxml::to_xml(text.data());
  state.input->cur = state.input->base + (text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
  state.input->end = state.input->base + text.size();
  if (inputPush(parser, state.input) < 0) throw std::bad_alloc();
  xmlParseDocument(parser);
  state.doctype = parser->myDoc && parser->myDoc->intSubset;
  if (parser->myDoc) {  // where the document's own entities were kept
    xmlFreeDoc(parser->myDoc);
    parser->myDoc = nullptr;
  }
  if (state.thrown) std::rethrow_exception(std::exchange(state.thrown, nullptr));
}

void begin(ScanState& state, bool stop) {
  libxml::initialise();
  state.builder = DomainBuilder();
  state.fault.reset();
  state.root_end = 0;
  state.expanded = 0;
  state.stop_at_root_end = stop;
}

/// libxml2 compares every attribute of a tag with every other.
constexpr std::size_t most_attributes = 10'000;
constexpr std::size_t shortest_overfull = 5 * most_attributes;  // ` a=''`

/// The attributes of the tag at the front of `text`.
std::size_t attributes_in(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t here = 0;; ++here, ++count) {
    here = text.find_first_of("'\">", here);
    if (here == text.npos || text[here] == '>') return count;
    here = text.find(text[here], here + 1);
    if (here == text.npos) return count;
  }
}

/// The first tag with too many attributes. No `<` stands inside a tag, so that mostly the way from one to the
/// next says enough. `done` is how far the text was looked at before, and moves on.
std::optional<std::size_t> overfull_tag(std::string_view text, std::size_t& done) {
  if (text.size() < shortest_overfull) return std::nullopt;
  for (std::size_t here = text.find('<', done); here != text.npos; done = here) {
    std::size_t const next = text.find('<', here + 1);
    std::size_t const end = std::min(next, text.size());
    if (end - here >= shortest_overfull && text[here + 1] != '!' && text[here + 1] != '?' &&
        attributes_in(text.substr(here, end - here)) > most_attributes)
      return here;
    if (next == text.npos) break;
    here = next;
  }
  return std::nullopt;
}

[[noreturn]] void throw_overfull(std::string_view text, std::size_t tag, const std::string& file) {
  throw Error(Exit::invalid, place_in(file, text, tag), "a tag has more than 10000 attributes",
              "use --huge if that is meant");
}

[[noreturn]] void throw_fault(const ScanState& state, const Document& document) {
  Message fault = state.fault.value_or(Message{.text = "not well-formed"});
  std::string_view const text = document.text();
  std::size_t offset = 0;
  for (std::size_t line = 1; line < fault.place.line && offset < text.size(); ++line)
    offset = std::min(text.find('\n', offset), text.size() - 1) + 1;
  std::size_t const eol = std::min(text.find('\n', offset), text.size());
  std::size_t const column = fault.place.column > 0 ? fault.place.column - 1 : 0;
  fault.place = document.place(std::min(offset + column, eol));
  if (fault.hint.empty()) fault.hint = leftover_hint(text.substr(offset, eol - offset));
  throw Error(Exit::invalid, std::vector<Message>{std::move(fault)});
}

void require_known_root(const DomainBuilder& builder, const Document& document) {
  if (builder.known_root()) return;
  Message fault = builder.unknown_root();
  fault.place = document.place(builder.root_begin());
  throw Error(Exit::invalid, std::move(fault));
}

void require_no_nul(const Document& document) {
  std::size_t const nul = document.text().find('\0');
  if (nul != std::string_view::npos)
    throw Error(Exit::invalid, document.place(nul), "a NUL byte cannot stand in XML",
                "documents separated by NUL are read with -0");
}

}  // namespace

Scanner::Scanner(ScanLimits limits) : state_(std::make_unique<ScanState>()) {
  state_->limits = limits;
}
Scanner::~Scanner() = default;

Document Scanner::scan(std::string bytes, std::string file) {
  Document document;
  document.file = std::move(file);
  document.encoding = detect_encoding(bytes, document.file);
  if (!is_utf8_name(document.encoding)) document.decoded = decode(bytes, document.encoding, document.file);
  document.bytes = std::move(bytes);
  require_no_nul(document);

  state_->looked_at = 0;
  if (auto const tag = state_->limits.huge ? std::nullopt : overfull_tag(document.text(), state_->looked_at))
    throw_overfull(document.text(), *tag, document.file);
  state_->looked_at = 0;
  begin(*state_, false);
  parse(*state_, document.utf8() ? document.bytes : document.decoded);
  if (!state_->parser->wellFormed || state_->fault) throw_fault(*state_, document);
  require_known_root(state_->builder, document);
  document.root = state_->builder.root();
  document.root_begin = state_->builder.root_begin();
  document.doctype = state_->doctype;
  state_->builder.take(document);
  return document;
}

std::optional<Document> Scanner::scan_first(std::string_view stream, std::string file) {
  auto const overfull = state_->limits.huge ? std::nullopt : overfull_tag(stream, state_->looked_at);
  // The parser must not come to that tag, but in front of it there may be a whole document.
  std::string const front(stream.substr(0, overfull.value_or(0)));
  begin(*state_, true);
  parse(*state_, overfull ? front : stream);
  std::size_t end = state_->root_end;
  if (overfull && (end == 0 || state_->fault)) throw_overfull(stream, *overfull, file);
  if (end == 0 || state_->fault) return std::nullopt;
  end = std::min(stream.find_first_not_of(" \t\r\n", end), stream.size());
  state_->looked_at -= std::min(state_->looked_at, end);
  Document document;
  document.file = std::move(file);
  document.encoding = "UTF-8";
  document.bytes = stream.substr(0, end);
  document.root = state_->builder.root();
  document.root_begin = state_->builder.root_begin();
  document.doctype = state_->doctype;
  state_->builder.take(document);
  return document;
}

}  // namespace virt_iface
