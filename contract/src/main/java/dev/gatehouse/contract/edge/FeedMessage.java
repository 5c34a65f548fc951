package dev.gatehouse.contract.edge;

import java.time.Instant;
import java.util.Map;

/**
 * One line of the feed.
 *
 * <p>A gateway asks {@code GET /edge/v1/feed?gateway=NAME&since=REVISION}. Where it gave no
 * revision, or one that is too old, the answer begins with {@link SnapshotBegin}, one {@link
 * Upsert} an object, and {@link SnapshotEnd}: what was not named in between no longer exists. Then
 * {@link Upsert}, {@link Remove} and {@link Heartbeat} follow for as long as the connection lasts,
 * in the order of their revisions, which is the order of the commits.
 */
public sealed interface FeedMessage {

  /** Path of the feed on the control plane. */
  String FEED_PATH = "/edge/v1/feed";

  /** Path on the control plane where a gateway says what it has applied. */
  String APPLIED_PATH = "/edge/v1/applied";

  /** Path on the control plane where a gateway says which API keys it has seen. */
  String KEYS_USED_PATH = "/edge/v1/keys-used";

  /** Media type of the feed. */
  String MEDIA_TYPE = "application/x-ndjson";

  /** The revision after which this line's content holds. */
  long revision();

  /** All that exists follows. */
  record SnapshotBegin(long revision) implements FeedMessage {}

  /** The snapshot is complete; what it did not name does not exist. */
  record SnapshotEnd(long revision) implements FeedMessage {}

  /** The object now looks like this. */
  record Upsert(long revision, EdgeObject object) implements FeedMessage {}

  /** The object no longer exists. */
  record Remove(long revision, EdgeObject.Kind kind, String key) implements FeedMessage {}

  /**
   * Everything up to this revision has been sent. Comes after every change and, where nothing
   * changes, every two seconds. Between two of them a gateway may hold a newer state of one object
   * than of another; at one, and at {@link SnapshotEnd}, it has the state of the revision.
   */
  record Heartbeat(long revision) implements FeedMessage {}

  /**
   * What would become of a request? Comes at any time to a gateway that follows the feed with
   * {@code explains=true}. Nothing changes by it: its revision is 0, and is not to be applied.
   */
  record Ask(ExplainQuestion question) implements FeedMessage {
    @Override
    public long revision() {
      return 0;
    }
  }

  /**
   * What a gateway posts to {@link #APPLIED_PATH}.
   *
   * @param gateway its name, unique among the gateways of the platform
   * @param revision the newest {@link Heartbeat} or {@link SnapshotEnd} that it has applied
   */
  record Applied(String gateway, long revision) {}

  /**
   * What a gateway posts to {@link #KEYS_USED_PATH}, in the form of JSON that has milliseconds
   * since the epoch for each id.
   *
   * @param keys when each key was used, by id; at most {@value #MAX_KEYS}
   */
  record KeysUsed(Map<String, Instant> keys) {
    /** How many keys one report may name. */
    public static final int MAX_KEYS = 1000;

    public KeysUsed {
      keys = Map.copyOf(keys);
    }
  }
}
