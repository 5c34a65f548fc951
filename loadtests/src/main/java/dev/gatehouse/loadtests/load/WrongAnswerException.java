package dev.gatehouse.loadtests.load;

/** An answer that was not the one expected. */
final class WrongAnswerException extends Exception {
  WrongAnswerException(String message) {
    super(message);
  }
}
