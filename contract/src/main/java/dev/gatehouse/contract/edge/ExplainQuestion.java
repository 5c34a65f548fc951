package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a gateway is asked over its feed: what would become of a request. It answers with an {@link
 * ExplainAnswer}. A question is asked once, of one gateway, and lives for seconds.
 *
 * @param id of the question, which the answer repeats
 * @param tenant of whom alone the answer may tell
 * @param url absolute, {@code http} or {@code https}; at most {@value #MAX_URL} characters
 * @param method in upper case
 * @param headers lines such as {@code Accept: text/html}; at most {@value #MAX_HEADERS} of {@value
 *     #MAX_HEADER} characters, and {@value #MAX_HEADER_CHARS} together. Some are secrets
 * @param client the address from which the request comes; empty for none to go by
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ExplainQuestion(
    UUID id,
    UUID tenant,
    String url,
    String method,
    List<String> headers,
    Optional<String> client) {
  public static final int MAX_URL = 4096;
  public static final int MAX_HEADERS = 50;
  public static final int MAX_HEADER = 8192;
  public static final int MAX_HEADER_CHARS = 16_384;
  private static final int MAX_METHOD = 32;
  private static final int MAX_CLIENT = 64;

  /**
   * @throws IllegalArgumentException if one is too long; the message repeats none of it
   */
  public ExplainQuestion {
    headers = List.copyOf(headers);
    shorter("url", url.length(), MAX_URL);
    shorter("method", method.length(), MAX_METHOD);
    if (headers.size() > MAX_HEADERS) {
      throw new IllegalArgumentException("there must be at most " + MAX_HEADERS + " headers");
    }
    headers.forEach(header -> shorter("a header", header.length(), MAX_HEADER));
    shorter(
        "all headers together", headers.stream().mapToInt(String::length).sum(), MAX_HEADER_CHARS);
    client.ifPresent(address -> shorter("client", address.length(), MAX_CLIENT));
  }

  private static void shorter(String what, int found, int most) {
    if (found > most) {
      throw new IllegalArgumentException(
          what + " must have at most " + most + " characters, found " + found);
    }
  }

  /** Without what may be a secret. */
  @Override
  public String toString() {
    return "ExplainQuestion[id=" + id + ", tenant=" + tenant + "]";
  }
}
