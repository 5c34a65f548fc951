package dev.gatehouse.controlplane;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.controlplane.feed.FeedReader;
import io.vertx.core.json.JsonObject;

/** A gateway that follows the feed of a control plane, and says what it has applied if asked to. */
final class TestGateway implements AutoCloseable {
  private final String name;
  private final ApiClient client;
  private final FeedReader feed;

  private TestGateway(String name, int port, String token) throws InterruptedException {
    this.name = name;
    this.client = new ApiClient(port, token);
    this.feed = new FeedReader(port, "?gateway=" + name, "Bearer " + token);
    feed.snapshot();
  }

  /** Connects and reads the snapshot; from then on the control plane counts it as live. */
  static TestGateway connect(String name, int port, String token) throws InterruptedException {
    return new TestGateway(name, port, token);
  }

  /** What it is told next, passing over heartbeats. */
  FeedMessage nextChange() throws InterruptedException {
    return feed.nextChange();
  }

  /** The next state of an object of this kind. */
  <T extends EdgeObject> T next(Class<T> kind) throws InterruptedException {
    FeedMessage message = feed.nextChange();
    if (message instanceof FeedMessage.Upsert(long _, EdgeObject object)) {
      return kind.cast(object);
    }
    throw new AssertionError("expected " + kind.getSimpleName() + ", found " + message);
  }

  /** Acknowledges every complete state from now on, on a thread of its own. */
  void applyEverything() {
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              applied(feed.next(FeedMessage.Heartbeat.class::isInstance).revision());
            }
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          } catch (AssertionError _) {
            // The feed has ended with the test.
          }
        });
  }

  private void applied(long revision) {
    JsonObject body = new JsonObject().put("gateway", name).put("revision", revision);
    client.post("/edge/v1/applied", body);
  }

  @Override
  public void close() {
    feed.close();
  }
}
