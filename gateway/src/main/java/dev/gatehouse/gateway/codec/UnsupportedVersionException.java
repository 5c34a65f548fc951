package dev.gatehouse.gateway.codec;

/** A request line names a version other than HTTP/1.1 and HTTP/1.0. */
final class UnsupportedVersionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnsupportedVersionException() {
    super("the version is neither HTTP/1.1 nor HTTP/1.0");
  }

  /** Clients send these as they like: no stack is walked for them. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
