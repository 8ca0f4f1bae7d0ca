// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "target/edits.hpp"

namespace virt_iface {

/// Plans for each document and delivers the results as the options say. `words` name documents and
/// directories.
Exit edit_documents(const Arguments& arguments, const Edits& edits, const std::vector<std::string>& words,
                    const std::shared_ptr<StdinReader>& input);

}  // namespace virt_iface
