package dev.gatehouse.contract.edge;

/** A line of the feed that cannot be read. It is skipped and reported; the lines around it hold. */
public final class MalformedFeedException extends Exception {
  /**
   * @param message what is wrong with the line, without its content
   */
  public MalformedFeedException(String message) {
    super(message);
  }
}
