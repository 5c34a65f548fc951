package dev.gatehouse.backends;

/** The pause between two looks at a server that is about to start. */
final class Pause {
  private static final long MILLIS = 25;

  private Pause() {}

  /**
   * @throws BackendException if the thread is interrupted meanwhile
   */
  static void briefly() {
    try {
      Thread.sleep(MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackendException.StartFailed("The server", "waiting for it was interrupted.");
    }
  }
}
