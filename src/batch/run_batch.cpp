// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/run_batch.hpp"

#include <unistd.h>

#include <algorithm>
#include <set>

#include "base/signals.hpp"
#include "base/stream.hpp"
#include "base/terminal.hpp"
#include "batch/destination.hpp"
#include "batch/document_files.hpp"
#include "batch/file_reader.hpp"
#include "batch/pipeline.hpp"
#include "batch/progress.hpp"
#include "batch/report.hpp"
#include "batch/summary.hpp"

namespace virt_iface {
namespace {

/// One thread's work on a document, up to its file; stdout comes later, in order.
class Worker {
 public:
  Worker(const Destination& to, const Batch& batch, std::size_t most)
      : to_(to), batch_(batch), reader_(most), process_(batch.make_process()) {}

  DocumentResult work(Input input) {
    DocumentResult outcome{.label = input.label,
                           .number = number_of(input, batch_.files),
                           .from_stdin = !input.file,
                           .nul = input.ended_by_nul,
                           .tail = input.tail};
    const FileName* const file = input.file;
    try {
      if (int const signal = stop_signal()) throw Interrupted{signal};
      if (input.fault) throw Error(*input.fault);
      HeldFile held;
      if (file && to_.in_place && to_.writes()) {
        held = reader_.hold(*file);
        input.content = std::move(held.data);
      } else if (file) {
        input.content = reader_.read(*file);
      }
      outcome.result = process_(std::move(input));
      if (outcome.result.error) throw Error(*outcome.result.error);
      if (file) deliver_file(outcome.result, *file, held, to_);
    } catch (const Error& error) {
      if (error.status() == Exit::usage) throw;
      const bool hinted = batch_.of_guests && !outcome.from_stdin;
      take(hinted ? with_hint(error, outcome.label) : error, file, outcome);
    } catch (const Interrupted&) {
      outcome.dropped = true;
    }
    return outcome;
  }

 private:
  /// An error is one, but where it says that a file below -r is none of ours.
  static void take(const Error& error, const FileName* file, DocumentResult& outcome) {
    if (auto note = skip_note(file, error)) {
      outcome.skipped = true;
      outcome.result.plan.warnings = {std::move(*note)};
    } else {
      outcome.error = error;
    }
  }

  const Destination& to_;
  const Batch& batch_;
  FileReader reader_;
  Process process_;
};

/// How many documents there will be; 0 where stdin may hold any number.
std::size_t known_total(const std::vector<FileName>& files) {
  bool const open = std::any_of(files.begin(), files.end(), [](const FileName& f) { return f.path == "-"; });
  return open ? 0 : files.size();
}

/// The document on stdin as it is now, where -o is to replace that very file.
std::optional<HeldFile> own_stdin(const Destination& to) {
  if (to.file.empty() || own_descriptor(to.file)) return std::nullopt;
  return stdin_if_file(to.file);
}

/// What happens to the results, one after the other in input order.
class Emitter {
 public:
  Emitter(const BatchOptions& options, const Destination& to, const std::vector<FileName>& files)
      : to_(to),
        files_(files),
        style_(options.style),
        quiet_(options.quiet),
        fail_fast_(options.fail_fast),
        summary_(files),
        report_(options.report),
        progress_(!quiet_ && !(to.to_stdout() && ::isatty(STDOUT_FILENO) == 1), known_total(files)),
        own_stdin_(own_stdin(to)) {}

  /// False: no more documents are wanted.
  bool emit(DocumentResult& outcome) {
    if (given_up_ && !to_.to_files()) return false;
    summary_.add(outcome);
    report_.add(outcome);
    if (outcome.error) {
      say(outcome.error->messages());
      status_ = worse(status_, outcome.error->status());
      given_up_ = given_up_ || fail_fast_;
      return !given_up_;
    }
    if (outcome.dropped) return false;
    if (!quiet_) say(news(std::move(outcome.result.plan.warnings), outcome.label));
    if (outcome.result.changed && !to_.writes()) status_ = worse(status_, Exit::changed);
    if (!outcome.skipped) print(outcome);
    progress_.count_one();
    return !given_up_;
  }

  void before_waiting() { output_.flush(); }

  /// The end of the run, whether all was done or it was stopped.
  Exit finish(const Batch& batch) {
    int const signal = stop_signal();
    output_.flush();
    report_.flush();
    if (signal == 0 && single_ && status_ == Exit::ok) deliver_single();
    progress_.clear();
    const bool all_seen = signal == 0 && status_ <= Exit::changed;
    if (all_seen && !quiet_ && batch.closing) say(batch.closing());
    if (summary_.documents() > 1) {
      std::vector<Message> const shared = summary_.shared();
      if (!quiet_) say(shared);
      if (!shared.empty() && to_.check) status_ = worse(status_, Exit::changed);
    }
    if (!quiet_ && (summary_.documents() > 1 || signal != 0))
      tell_text(style_ == MessageStyle::json ? summary_.json(signal) : summary_.text(!to_.writes(), signal));
    if (signal != 0) throw Interrupted{signal};
    if (summary_.documents() == 0 && status_ == Exit::ok) throw no_document(files_);
    return status_;
  }

 private:
  void deliver_single() {
    std::string const mode_of = files_.empty() ? std::string() : files_.front().path;
    LostAttributes const lost =
        own_stdin_ ? replace_held(*own_stdin_, *single_) : write_output(to_.file, *single_, mode_of);
    if (!quiet_) say(lost_attributes(lost, to_.file));
  }

  void say(const std::vector<Message>& messages) {
    if (messages.empty()) return;
    output_.flush();
    progress_.clear();
    tell(messages, style_);
  }

  /// Warnings about the request come with every document that it is used on: they are printed once.
  std::vector<Message> news(std::vector<Message> warnings, const std::string& label) {
    std::erase_if(warnings, [&](const Message& warning) {
      return warning.place.file != label &&
             !told_.insert(format(warning, {.style = MessageStyle::json})).second;
    });
    return warnings;
  }

  void print(DocumentResult& outcome) {
    if (style_ != MessageStyle::text) say(outcome.result.drift);
    if (to_.check && !to_.diff) {
      if (!report_.on_stdout()) output_.add(drift_lines(outcome.result.drift));
    } else if (to_.to_stdout()) {
      output_.add(drift_lines(outcome.result.plan.differences));
      output_.add(outcome.result.output);
      if (outcome.nul) output_.add(std::string_view("\0", 1));
    } else if (to_.writes() && !to_.file.empty()) {
      if (single_ && !outcome.tail)
        throw Error(Exit::usage, "-o takes one document, and stdin holds several",
                    "leave -o out, or give one document a call");
      single_ = single_.value_or("") + outcome.result.output;
    }
  }

  const Destination& to_;
  const std::vector<FileName>& files_;
  MessageStyle style_;
  bool quiet_;
  bool fail_fast_;
  Summary summary_;
  Report report_;
  Progress progress_;
  OutputBuffer output_{};
  std::optional<std::string> single_{};  // what -o is to hold
  std::optional<HeldFile> own_stdin_{};  // where that is the document on stdin
  std::set<std::string> told_{};
  Exit status_ = Exit::ok;
  bool given_up_ = false;
};

/// The next document; nothing at the end, or when a stop was asked for.
std::optional<Input> next_input(InputReader& reader) {
  if (stop_signal() != 0) return std::nullopt;
  try {
    return reader.next();
  } catch (const Error& error) {
    return Input{.label = "<stdin>", .fault = error};
  } catch (const Interrupted&) {
    return std::nullopt;
  }
}

/// Up to `most` documents for one thread: to hand over each file by itself would cost as much as a small
/// one's work. What comes from stdin does not wait for the next one.
std::optional<std::vector<Input>> next_inputs(InputReader& reader, std::size_t most) {
  std::vector<Input> inputs;
  while (inputs.size() < most && (inputs.empty() || inputs.back().file)) {
    std::optional<Input> input = next_input(reader);
    if (!input) break;
    inputs.push_back(std::move(*input));
  }
  return inputs.empty() ? std::nullopt : std::optional(std::move(inputs));
}

}  // namespace

Exit run_batch(const BatchOptions& options, const Batch& batch) {
  const std::vector<FileName>& files = batch.files;
  Destination const to = destination_of(options, files);
  StopSignals const signals;
  InputReader reader(files, batch.input);
  Emitter emitter(options, to, files);
  batch.input->before_waiting([&] { emitter.before_waiting(); });
  using Inputs = std::vector<Input>;
  using Results = std::vector<DocumentResult>;
  std::size_t const at_once = options.jobs > 1 && !options.fail_fast ? 4 : 1;
  std::size_t const most = most_bytes({.huge = options.huge});
  auto const make_work = [&] {
    auto worker = std::make_shared<Worker>(to, batch, most);
    return [worker](Inputs inputs) {
      Results outcomes;
      outcomes.reserve(inputs.size());
      for (Input& document : inputs) outcomes.push_back(worker->work(std::move(document)));
      return outcomes;
    };
  };
  auto const emit = [&](Results outcomes) {
    bool go_on = true;
    for (DocumentResult& outcome : outcomes) go_on = emitter.emit(outcome) && go_on;
    return go_on;
  };
  Pipeline<Inputs, Results> pipeline({[&] { return next_inputs(reader, at_once); }, make_work, emit},
                                     options.jobs);
  pipeline.run();
  sync_directories(to);
  return emitter.finish(batch);
}

}  // namespace virt_iface
