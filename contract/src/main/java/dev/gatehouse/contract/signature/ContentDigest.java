package dev.gatehouse.contract.signature;

import dev.gatehouse.contract.audit.Sha256;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;

/** The digest of a body (RFC 9530), by SHA-256. */
public final class ContentDigest {
  /** Header that has the digest. */
  public static final String HEADER = "Content-Digest";

  /** The value of the header where there is no body. */
  public static final String OF_NOTHING = of(new byte[0]);

  private static final String SHA_256 = "sha-256";

  private ContentDigest() {}

  /** The value of the header for this body, which is as it goes over the wire. */
  public static String of(byte[] body) {
    return ofHash(Sha256.of(body));
  }

  /** The value of the header for a body of this SHA-256. */
  public static String ofHash(byte[] sha256) {
    return SHA_256 + "=:" + Base64.getEncoder().encodeToString(sha256) + ':';
  }

  /**
   * Whether the header says another SHA-256 than this. One that cannot be read says nothing.
   *
   * @param values the values of the header
   */
  public static boolean contradicts(List<String> values, byte[] sha256) {
    try {
      return !values.isEmpty()
          && StructuredFields.dictionary(HEADER, values).get(SHA_256)
              instanceof StructuredFields.Item(StructuredFields.Bytes said, _)
          && !MessageDigest.isEqual(sha256, said.decoded());
    } catch (SignatureRefusedException _) {
      return false;
    }
  }

  /**
   * Compares a body with what the header says of it.
   *
   * @param values the values of the header
   * @throws SignatureRefusedException if it has no SHA-256 digest, or another one
   */
  public static void check(List<String> values, byte[] body) throws SignatureRefusedException {
    if (StructuredFields.dictionary(HEADER, values).get(SHA_256)
            instanceof StructuredFields.Item(StructuredFields.Bytes said, var parameters)
        && parameters.isEmpty()) {
      if (!MessageDigest.isEqual(Sha256.of(body), said.decoded())) {
        throw new SignatureRefusedException("the body is not the one of " + HEADER);
      }
      return;
    }
    throw new SignatureRefusedException(HEADER + " has no " + SHA_256);
  }
}
