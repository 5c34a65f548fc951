package dev.gatehouse.contract.edge;

/** What is no feed message, or no edge object. A line is skipped and reported; others hold. */
public final class MalformedFeedException extends Exception {
  private final String pointer;

  /**
   * @param message what is wrong with the whole, without its content
   */
  public MalformedFeedException(String message) {
    this("", message);
  }

  /**
   * @param pointer JSON pointer (RFC 6901) of what is wrong; empty for the whole
   * @param message what is wrong there
   */
  public MalformedFeedException(String pointer, String message) {
    super(message);
    this.pointer = pointer;
  }

  /** JSON pointer (RFC 6901) of what is wrong, as near as it is known; empty for the whole. */
  public String pointer() {
    return pointer;
  }
}
