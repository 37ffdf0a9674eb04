// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/tls_key_log.hpp"

#include <algorithm>
#include <optional>

#include "recorder/import/capture_file.hpp"

namespace spicebench::recorder {

namespace {

constexpr std::uint64_t most_log_bytes = 64u << 20;
constexpr std::size_t longest_secret = 64;  // no hash of TLS is longer

constexpr std::array<std::string_view, 5> labels = {
    "CLIENT_RANDOM", "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET",
    "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"};

std::optional<unsigned> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

// Empty: not an even number of hex digits, or more than any secret has.
Bytes unhex(std::string_view text) {
  if (text.size() % 2 != 0 || text.size() > 2 * longest_secret) return {};
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = digit(text[i]), low = digit(text[i + 1]);
    if (!high || !low) return {};
    bytes.push_back(static_cast<std::byte>(*high << 4 | *low));
  }
  return bytes;
}

// Takes the text up to a separator, which goes too.
std::string_view take_until(std::string_view& text, char separator) {
  const std::string_view taken = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(text.size(), taken.size() + 1));
  return taken;
}

}  // namespace

std::string_view label_of(TlsSecret secret) {
  return labels.at(static_cast<std::size_t>(secret));
}

TlsKeyLog TlsKeyLog::parse(std::string_view text) {
  TlsKeyLog log;
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto label = std::ranges::find(labels, take_until(line, ' '));
    if (label == labels.end()) continue;
    const Bytes random = unhex(take_until(line, ' '));
    Bytes secret = unhex(line);
    ClientRandom session;
    if (random.size() != session.size() || secret.empty()) continue;
    std::ranges::copy(random, session.begin());
    log.secrets_.insert_or_assign({session, static_cast<TlsSecret>(label - labels.begin())},
                                  std::move(secret));
  }
  return log;
}

Result<TlsKeyLog> TlsKeyLog::read(const std::filesystem::path& path) {
  auto bytes = read_capture_file(path, most_log_bytes);
  if (!bytes) return std::unexpected(std::move(bytes.error()).within(path.string()));
  TlsKeyLog log = parse(as_text(*bytes));
  if (log.size() == 0)
    return fail(ErrorCode::malformed, "no TLS secret in this key log", 0, path.string());
  return log;
}

const Bytes* TlsKeyLog::find(TlsSecret which, const ClientRandom& session) const {
  const auto found = secrets_.find({session, which});
  return found == secrets_.end() ? nullptr : &found->second;
}

}  // namespace spicebench::recorder
