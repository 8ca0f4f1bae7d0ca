// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xml/document.hpp"

namespace virt_iface {

/// One start tag, as far as the builder asks for it: most tags cost one comparison of names.
class StartTag {
 public:
  virtual ~StartTag() = default;
  virtual std::string_view name() const = 0;  ///< local name
  virtual bool plain() const = 0;             ///< in no namespace
  virtual bool plain_attributes() const = 0;  ///< so are its attributes
  virtual bool own() const = 0;               ///< not out of an entity
  virtual std::size_t begin() const = 0;      ///< offset of its `<`; of the reference when not own
  virtual std::string value(std::string_view attribute) const = 0;  ///< decoded; empty when absent
  virtual Element element() const = 0;                              ///< with attributes and offsets
};

/// Builds Document::domain from the events of a scan: knows where in a document things stand, nothing of
/// libxml2.
class DomainBuilder {
 public:
  void start(const StartTag& tag);
  /// `end` is behind the `>`, `content_end` before `</` (or equal to `end` for an empty-element tag).
  struct EndTag {
    std::size_t content_end = 0;
    std::size_t end = 0;
    bool own = true;
  };
  /// True if the end of the element now open matters (its offsets are then asked for).
  bool wants_end() const;
  void end(const EndTag& tag);
  /// True if character data matters now.
  bool wants_text() const { return !open_.empty() ? in_leaf() : text_depth_ == depth_ && text_ != nullptr; }
  void text(std::string_view characters) { (open_.empty() ? *text_ : open_.back().text).append(characters); }

  std::size_t depth() const { return depth_; }
  /// Within an interface, the elements beside the one now open that stand in front of it.
  std::size_t siblings() const { return open_.size() > 1 ? open_[open_.size() - 2].children.size() : 0; }
  const std::string& root_name() const { return root_name_; }
  std::size_t root_begin() const { return root_begin_; }
  bool known_root() const { return root_ != Root::other; }
  /// What is to be said of another root, without its place; its id is `other-root` where libvirt writes it
  /// beside domains.
  Message unknown_root() const;
  Root root() const { return root_; }
  /// Fills in what was found of the document's domains.
  void take(Document& document) {
    document.domain = std::move(domain_);
    document.inactive_domain = std::move(inactive_);
  }

 private:
  void start_root(const StartTag& tag);
  void start_domain(const StartTag& tag, Domain& domain);
  void start_interface_part(const StartTag& tag);
  /// True if libvirt reads that part of an interface; notes what may be doubtful.
  bool is_read(const StartTag& tag);
  void start_domain_child(const StartTag& tag);
  void start_device(const StartTag& tag);
  void start_part(const StartTag& tag);
  void start_memory_part(const StartTag& tag);
  void end_interface_part(const EndTag& tag);
  void end_device(const EndTag& tag);
  void end_domain_child(const EndTag& tag);
  void expect_text(std::string& target);
  void start_interface(const StartTag& tag);
  void doubt_attributes(const StartTag& tag);
  void doubt(std::size_t place, std::string text, std::string hint);
  /// In an interface only elements without children have a text that counts: `<sndbuf>1600</sndbuf>`.
  bool in_leaf() const { return open_.size() > 1 && unread_ == 0 && open_.back().children.empty(); }

  std::size_t depth_ = 0;         // of the innermost open element; the root's is 1
  std::size_t domain_depth_ = 0;  // of the <domain> now open; 0 outside
  Domain* now_ = nullptr;         // the one now open
  enum class Part { other, os, memory, cpu, devices } part_ = Part::other;  // the open child of domain
  std::string_view child_name_{};  // of the open child of domain (an interned name)
  std::size_t child_begin_ = 0;
  std::string_view device_name_{};  // of the open child of devices, likewise
  std::size_t device_begin_ = 0;
  std::size_t text_depth_ = 0;
  std::string* text_ = nullptr;
  std::vector<Element> open_{};  // the interface being read and its open descendants
  std::size_t unread_ = 0;       // open elements beyond those: too deep, or nothing that libvirt reads
  std::string root_name_{};
  std::size_t root_begin_ = 0;
  Root root_ = Root::other;
  bool host_interface_ = false;  // the root is an `<interface name=…>` of libvirt's interface driver
  struct Memory {
    bool shared = false;    // <memoryBacking><access mode='shared'/>
    bool cells = false;     // of NUMA, each of which can say otherwise
    bool unstated = false;  // one of them does not
    bool own = false;       // one of them says private
  } memory_{};              // of the domain now open
  Domain domain_{};
  std::optional<Domain> inactive_{};
};

}  // namespace virt_iface
