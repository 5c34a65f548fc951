package dev.gatehouse.controlplane.feed;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.edge.MalformedFeedException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A gateway that reads its feed, and remembers every line. */
public final class FeedReader implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final BlockingQueue<FeedMessage> messages = new LinkedBlockingQueue<>();

  /**
   * @param query with its question mark
   */
  public FeedReader(int port, String query, String authorization) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/edge/v1/feed" + query))
            .header("Authorization", authorization)
            .build();
    var _ =
        client
            .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
            .thenAcceptAsync(
                answer -> answer.body().forEach(line -> messages.add(decoded(line))),
                task -> Thread.ofVirtual().start(task));
  }

  private static FeedMessage decoded(String line) {
    try {
      return FeedCodec.decode(line.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedFeedException e) {
      throw new IllegalStateException(e);
    }
  }

  public FeedMessage next() throws InterruptedException {
    FeedMessage message = messages.poll(20, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("the feed says nothing");
    }
    return message;
  }

  /** The next message that this accepts; what comes before is passed over. */
  public FeedMessage next(Predicate<FeedMessage> wanted) throws InterruptedException {
    FeedMessage message = next();
    while (!wanted.test(message)) {
      message = next();
    }
    return message;
  }

  /** The next message that is no heartbeat. */
  public FeedMessage nextChange() throws InterruptedException {
    return next(message -> !(message instanceof FeedMessage.Heartbeat));
  }

  /** All changes up to and including the one of this revision. */
  List<FeedMessage> changesThrough(long revision) throws InterruptedException {
    List<FeedMessage> changes = new ArrayList<>();
    do {
      changes.add(nextChange());
    } while (changes.getLast().revision() < revision);
    return changes;
  }

  /** Reads a whole snapshot: what exists, by name. */
  public Snapshot snapshot() throws InterruptedException {
    FeedMessage begin = nextChange();
    if (!(begin instanceof FeedMessage.SnapshotBegin)) {
      throw new AssertionError("expected a snapshot, found " + begin);
    }
    Map<Name, EdgeObject> objects = new HashMap<>();
    FeedMessage message = next();
    while (message instanceof FeedMessage.Upsert upsert) {
      if (objects.put(Name.of(upsert.object()), upsert.object()) != null) {
        throw new AssertionError("twice in one snapshot: " + upsert);
      }
      message = next();
    }
    if (!message.equals(new FeedMessage.SnapshotEnd(begin.revision()))) {
      throw new AssertionError("expected the end of " + begin + ", found " + message);
    }
    return new Snapshot(begin.revision(), objects);
  }

  /** What an object is known by: keys are of one kind only. */
  public record Name(EdgeObject.Kind kind, String key) {
    public static Name of(EdgeObject object) {
      return new Name(object.kind(), object.key());
    }

    public static Name of(FeedMessage.Remove remove) {
      return new Name(remove.kind(), remove.key());
    }
  }

  public record Snapshot(long revision, Map<Name, EdgeObject> objects) {
    /** Applies what came after it. */
    public void apply(FeedMessage change) {
      switch (change) {
        case FeedMessage.Upsert upsert -> objects.put(Name.of(upsert.object()), upsert.object());
        case FeedMessage.Remove remove -> objects.remove(Name.of(remove));
        case FeedMessage.Heartbeat _, FeedMessage.Ask _ -> {}
        case FeedMessage.SnapshotBegin _, FeedMessage.SnapshotEnd _ ->
            throw new AssertionError("a second snapshot");
      }
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
