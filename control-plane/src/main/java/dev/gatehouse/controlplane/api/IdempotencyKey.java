package dev.gatehouse.controlplane.api;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key by which a caller marks attempts at one and the same request.
 *
 * @param caller the token that the key belongs to
 * @param value what the caller sent, without quotes
 * @param fingerprint SHA-256 of the request
 */
record IdempotencyKey(String caller, String value, byte[] fingerprint) {
  static final String HEADER = "Idempotency-Key";
  private static final Pattern SPELLING = Pattern.compile("\"([!#-\\[\\]-~ ]{1,255})\"|([!-~&&[^\",]]{1,255})");

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

  private static byte[] fingerprint(String methodAndUri, Buffer body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(methodAndUri.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return digest.digest(body.getBytes());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
