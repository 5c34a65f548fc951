package dev.gatehouse.gateway.authenticate.certificate;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the holder of a token must show beside it: the claim {@code cnf} (RFC 7800 section 3.1). A
 * binding that is not understood is not overlooked: its token would be as good as any bearer token
 * in the hands of a thief.
 */
public sealed interface Confirmation {
  /** The claim's name, in tokens and in answers of authorization servers alike. */
  String CLAIM = "cnf";

  /** RFC 8705 section 3.1. */
  String CERTIFICATE_MEMBER = "x5t#S256";

  /** Nothing: whoever bears it, holds it. */
  record Bearer() implements Confirmation {
    /** The only one that is needed. */
    public static final Bearer INSTANCE = new Bearer();
  }

  /** A connection with this certificate. */
  record Certificate(Thumbprint thumbprint) implements Confirmation {}

  /**
   * Reads the claim.
   *
   * @param claim null if it is not there
   * @return empty if it asks for anything but a certificate, alone or besides
   */
  static Optional<Confirmation> of(@Nullable Object claim) {
    if (claim == null) {
      return Optional.of(Bearer.INSTANCE);
    }
    return claim instanceof Map<?, ?> members
            && members.size() == 1
            && members.get(CERTIFICATE_MEMBER) instanceof String text
        ? Thumbprint.parse(text).map(Certificate::new)
        : Optional.empty();
  }

  /** Whether a connection shows what is asked for. */
  default boolean isMetBy(Optional<Thumbprint> shown) {
    return switch (this) {
      case Bearer _ -> true;
      case Certificate(Thumbprint thumbprint) -> shown.filter(thumbprint::equals).isPresent();
    };
  }
}
