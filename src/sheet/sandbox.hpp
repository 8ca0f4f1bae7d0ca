// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>

#include "sheet/stylesheet.hpp"
#include "xml/libxml.hpp"

/// What a stylesheet may do: compute. It loads what lies beneath its directory while it is compiled; it
/// writes nothing, and after a bounded number of steps and bytes it is stopped.
namespace virt_iface::sandbox {

/// Bytes that a run may ask for in all, besides what grows with the document.
constexpr std::size_t memory_limit = std::size_t{1} << 30U;
/// Seconds of CPU time that a run may take, besides one for each MiB of the document.
constexpr std::size_t time_limit = 10;

/// Compiles a sheet that has been read; imports come from beneath `directory` (canonical), from nowhere when
/// it is empty. Throws Error (invalid), with the line.
libxml::Sheet compile(libxml::Doc doc, const std::string& name, const std::string& directory);

/// Runs a sheet; what it says with <xsl:message> is added to `said`. Throws Error (invalid), with the line in
/// the sheet where libxslt knows it.
libxml::Doc run(xsltStylesheetPtr sheet, const std::string& name, xmlDocPtr source,
                const Stylesheet::Parameters& parameters, std::string& said);

}  // namespace virt_iface::sandbox
