package dev.gatehouse.contract.signature;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a signature says of itself (RFC 9421 section 2.3).
 *
 * @param created when it was made, in seconds since 1970
 * @param expires when it ends, in seconds since 1970
 * @param keyid which key made it
 * @param alg how, by the registered name
 * @param nonce a value that is used once
 * @param tag for what it was made
 */
public record SignatureParameters(
    OptionalLong created,
    OptionalLong expires,
    Optional<String> keyid,
    Optional<String> alg,
    Optional<String> nonce,
    Optional<String> tag) {

  /** In the order of the components of this record. */
  String serialized() {
    StringBuilder text = new StringBuilder(128);
    created.ifPresent(at -> text.append(";created=").append(at));
    expires.ifPresent(at -> text.append(";expires=").append(at));
    keyid.ifPresent(id -> appendText(text, "keyid", id));
    alg.ifPresent(name -> appendText(text, "alg", name));
    nonce.ifPresent(value -> appendText(text, "nonce", value));
    tag.ifPresent(value -> appendText(text, "tag", value));
    return text.toString();
  }

  /**
   * Appends a parameter that is a string (RFC 9651 section 4.1.6).
   *
   * @throws IllegalArgumentException if it has anything but printable ASCII
   */
  static void appendText(StringBuilder to, String name, String value) {
    to.append(';').append(name).append('=');
    new StructuredFields.Text(value).appendTo(to);
  }
}
