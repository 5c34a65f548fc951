package dev.gatehouse.controlplane.api;

import dev.gatehouse.contract.audit.AuditChain;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Answers that are as long as what is there: they are written as they are read, a piece at a time,
 * and only a few at once, whatever they export; of one tenant, or of the platform, fewer still, so
 * that none holds all places. A reader that takes nothing for long is cut off. Any thread.
 */
public final class Exports {
  private static final int AT_ONCE = 8;
  private static final int OF_ONE = 2;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final Duration longestPause;
  private final Map<UUID, Integer> underWay = new HashMap<>();

  /** Cuts a reader off that takes nothing for half a minute. */
  public Exports() {
    this(LONGEST_PAUSE);
  }

  /**
   * @param longestPause for which a reader may take nothing
   */
  Exports(Duration longestPause) {
    this.longestPause = longestPause;
  }

  /**
   * Lets one be written.
   *
   * @param chain whose data it is: the tenant's, or the platform's ({@link AuditChain})
   * @throws ProblemException {@code TOO_MANY_EXPORTS} if there are enough under way
   */
  public void write(UUID chain, String mediaType, HttpServerResponse response, Writing writing) {
    begin(chain);
    try {
      Out out = new Out(mediaType, response, longestPause);
      writing.to(out);
      out.end();
    } catch (Exception e) {
      // await() throws whatever failed, checked or not.
      if (e instanceof TimeoutException) {
        var _ = response.reset();
      } else if (!response.closed()) { // A reader that has gone gets no answer.
        throw e;
      }
    } finally {
      end(chain);
    }
  }

  private synchronized void begin(UUID chain) {
    int own = underWay.getOrDefault(chain, 0);
    int all = underWay.values().stream().mapToInt(Integer::intValue).sum();
    if (own >= OF_ONE || all >= AT_ONCE) {
      String found = own >= OF_ONE ? own + " exports of the same data" : all + " exports";
      throw new ProblemException(
              Problem.TOO_MANY_EXPORTS, found + " are under way: try again later")
          .withHeader("Retry-After", "10");
    }
    underWay.put(chain, own + 1);
  }

  private synchronized void end(UUID chain) {
    underWay.computeIfPresent(chain, (_, count) -> count == 1 ? null : count - 1);
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
    private static final int SLICE = 32 * 1024;

    private final Duration longestPause;
    private final String mediaType;
    private final HttpServerResponse response;

    private Out(String mediaType, HttpServerResponse response, Duration longestPause) {
      this.longestPause = longestPause;
      this.mediaType = mediaType;
      this.response = response;
    }

    /** Writes a piece, and waits for the reader where that is slower. */
    public void write(String piece) {
      if (!response.headWritten()) {
        response
            .setChunked(true)
            .putHeader("Content-Type", mediaType)
            .putHeader("Cache-Control", "no-store");
      }
      Buffer whole = Buffer.buffer(piece);
      for (int from = 0; from < whole.length(); from += SLICE) {
        await(response.write(whole.slice(from, Math.min(from + SLICE, whole.length()))));
      }
    }

    private void end() {
      await(response.end());
    }

    /** The timed await of a future would leave the verticle's queue of tasks in disorder. */
    private void await(Future<Void> written) {
      written.timeout(longestPause.toMillis(), TimeUnit.MILLISECONDS).await();
    }
  }
}
