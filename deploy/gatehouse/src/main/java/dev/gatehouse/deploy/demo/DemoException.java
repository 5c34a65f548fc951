package dev.gatehouse.deploy.demo;

/** The demo cannot go on. The message is one sentence for the user. */
public final class DemoException extends RuntimeException {
  DemoException(String message) {
    super(message);
  }
}
