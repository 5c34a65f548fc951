package dev.gatehouse.controlplane.api;

import dev.gatehouse.contract.audit.Sha256;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key by which a caller marks attempts at one and the same request.
 *
 * @param caller the token that the key belongs to
 * @param value what the caller sent, without quotes
 * @param fingerprint SHA-256 of the request, hexadecimal
 */
record IdempotencyKey(String caller, String value, String fingerprint) {
  static final String HEADER = "Idempotency-Key";
  private static final Pattern SPELLING =
      Pattern.compile("\"([!#-\\[\\]-~ ]{1,255})\"|([!-~&&[^\",]]{1,255})");

  /**
   * Reads the header.
   *
   * @param headers all values that the request has
   * @throws ProblemException {@code INVALID_IDEMPOTENCY_KEY}
   */
  static Optional<IdempotencyKey> read(
      List<String> headers, Caller caller, String methodAndUri, Buffer body) {
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    Matcher matcher = SPELLING.matcher(headers.getFirst().strip());
    if (headers.size() > 1 || !matcher.matches()) {
      throw new ProblemException(
          Problem.INVALID_IDEMPOTENCY_KEY,
          List.of(Fault.inHeader(HEADER, "must be one string of 1 to 255 printable characters")));
    }
    String value = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    return Optional.of(
        new IdempotencyKey(caller.tokenId(), value, fingerprint(methodAndUri, body)));
  }

  private static String fingerprint(String methodAndUri, Buffer body) {
    byte[] line = methodAndUri.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.of(line, new byte[] {0}, body.getBytes()));
  }
}
