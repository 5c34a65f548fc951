package dev.gatehouse.contract.signature;

/** How messages are signed (RFC 9421 section 3.3). It belongs to the key, not to the message. */
public enum SignatureAlgorithm {
  /** RFC 8032: whoever verifies cannot sign. */
  ED25519("ed25519"),
  /** RFC 2104: the least work, but whoever verifies can sign. */
  HMAC_SHA256("hmac-sha256");

  private final String registeredName;

  SignatureAlgorithm(String registeredName) {
    this.registeredName = registeredName;
  }

  /** Its name in the registry of HTTP signature algorithms. */
  public String registeredName() {
    return registeredName;
  }
}
