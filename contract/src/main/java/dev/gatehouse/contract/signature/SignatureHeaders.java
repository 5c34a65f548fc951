package dev.gatehouse.contract.signature;

/**
 * The two headers of a signed message.
 *
 * @param input the value of {@value #INPUT}: what is covered
 * @param signature the value of {@value #SIGNATURE}
 */
public record SignatureHeaders(String input, String signature) {
  /** Header that says what a signature covers. */
  public static final String INPUT = "Signature-Input";

  /** Header that has the signature itself. */
  public static final String SIGNATURE = "Signature";
}
