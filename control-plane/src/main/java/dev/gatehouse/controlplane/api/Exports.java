package dev.gatehouse.controlplane.api;

import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.Semaphore;

/**
 * Answers that are as long as what is there: they are written as they are read, a piece at a time,
 * and only a few at once, whatever they export. Any thread.
 */
public final class Exports {
  private static final int AT_ONCE = 4;

  private final Semaphore places = new Semaphore(AT_ONCE);

  /**
   * Lets one be written.
   *
   * @throws ProblemException {@code TOO_MANY_EXPORTS} if there are enough under way
   */
  public void write(String mediaType, HttpServerResponse response, Writing writing) {
    if (!places.tryAcquire()) {
      throw new ProblemException(
              Problem.TOO_MANY_EXPORTS, AT_ONCE + " exports are under way: try again later")
          .withHeader("Retry-After", "10");
    }
    try {
      Out out = new Out(mediaType, response);
      writing.to(out);
      out.end();
    } catch (Exception e) {
      // A reader that has gone gets no answer. await() throws whatever failed, checked or not.
      if (!response.closed()) {
        throw e;
      }
    } finally {
      places.release();
    }
  }

  /** What writes an export. */
  @FunctionalInterface
  public interface Writing {
    /**
     * Writes it.
     *
     * @throws ProblemException if it is refused; only before anything was written
     */
    void to(Out out);
  }

  /** Where an export goes. The answer begins with the first piece. */
  public static final class Out {
    private final String mediaType;
    private final HttpServerResponse response;

    private Out(String mediaType, HttpServerResponse response) {
      this.mediaType = mediaType;
      this.response = response;
    }

    /** Writes a piece, and waits for the reader where that is slower. */
    public void write(String piece) {
      if (!response.headWritten()) {
        response.setChunked(true).putHeader("Content-Type", mediaType);
      }
      if (!piece.isEmpty()) {
        response.write(piece).await();
      }
    }

    private void end() {
      response.end().await();
    }
  }
}
