package dev.gatehouse.controlplane.api;

import dev.gatehouse.contract.audit.AuditChain;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
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
  private static final long LONGEST_PAUSE_SECONDS = 30;

  private final Map<UUID, Integer> underWay = new HashMap<>();

  /**
   * Lets one be written.
   *
   * @param chain whose data it is: the tenant's, or the platform's ({@link AuditChain})
   * @throws ProblemException {@code TOO_MANY_EXPORTS} if there are enough under way
   */
  public void write(UUID chain, String mediaType, HttpServerResponse response, Writing writing) {
    begin(chain);
    try {
      Out out = new Out(mediaType, response);
      writing.to(out);
      out.end();
    } catch (ReaderStalled _) {
      response.reset();
    } catch (Exception e) {
      // A reader that has gone gets no answer. await() throws whatever failed, checked or not.
      if (!response.closed()) {
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
        await(response.write(piece));
      }
    }

    private void end() {
      await(response.end());
    }

    private static void await(Future<Void> written) {
      try {
        written.await(LONGEST_PAUSE_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException _) {
        throw new ReaderStalled();
      }
    }
  }

  /** It has taken nothing for too long. */
  private static final class ReaderStalled extends RuntimeException {}
}
