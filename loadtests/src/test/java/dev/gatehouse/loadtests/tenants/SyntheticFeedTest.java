package dev.gatehouse.loadtests.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.FeedCodec;
import dev.gatehouse.contract.edge.FeedMessage;
import dev.gatehouse.contract.edge.MalformedFeedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SyntheticFeedTest {
  @Test
  void speaksTheContractsFeed() throws IOException, MalformedFeedException {
    List<FeedMessage> messages = readUntilHeartbeat("");

    assertThat(messages.getFirst()).isInstanceOf(FeedMessage.SnapshotBegin.class);
    assertThat(messages.get(messages.size() - 2)).isInstanceOf(FeedMessage.SnapshotEnd.class);
    assertThat(messages.subList(1, messages.size() - 2))
        .as(
            "a service, a route, a signing key, and each tenant, also the limited one, with its key")
        .hasSize(3 + 2 * 6)
        .allMatch(FeedMessage.Upsert.class::isInstance);
  }

  @Test
  void repeatsNothingToAGatewayThatKnowsItAll() throws IOException, MalformedFeedException {
    assertThat(readUntilHeartbeat("?gateway=x&since=1"))
        .singleElement()
        .isInstanceOf(FeedMessage.Heartbeat.class);
  }

  private static List<FeedMessage> readUntilHeartbeat(String query)
      throws IOException, MalformedFeedException {
    List<FeedMessage> messages = new ArrayList<>();
    try (SyntheticFeed feed = SyntheticFeed.start(new SyntheticTenants(5), 9);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    URI.create(feed.url() + FeedMessage.FEED_PATH + query).toURL().openStream(),
                    StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        messages.add(FeedCodec.decode(line.getBytes(StandardCharsets.UTF_8)));
        if (messages.getLast() instanceof FeedMessage.Heartbeat) {
          return messages;
        }
      }
    }
    return messages;
  }
}
