package dev.gatehouse.controlplane.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Generated host names; the seed is in the message of a failure. */
@Timeout(120)
class HostsTest {
  private static final int ROUNDS = 150;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
  private static final String INNER = LETTERS + "0123456789-";

  private final ApiClient api = RunningControlPlane.operator();
  private final String domains =
      api.post("/v1/tenants", Fresh.tenant()).header("Location") + "/domains";
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void storesEveryValidHostInItsNormalFormAndFindsItInAnySpelling() {
    for (int i = 0; i < ROUNDS; i++) {
      String host = valid();
      Reply added = add(spelled(host));
      assertThat(added.status()).as("seed %d: %s %s", seed, host, added).isEqualTo(201);
      assertThat(added.json().getString("host")).as("seed %d", seed).isEqualTo(host);
      assertThat(add(spelled(host)).problem()).as("seed %d", seed).isEqualTo("host-taken");
      assertThat(api.delete(domains + "/" + spelled(host)).status())
          .as("seed %d: %s", seed, host)
          .isEqualTo(204);
    }
  }

  @Test
  void refusesEveryHostThatIsAlmostValid() {
    for (int i = 0; i < ROUNDS; i++) {
      String host = almostValid();
      Reply refused = add(host);
      assertThat(refused.status()).as("seed %d: %s %s", seed, host, refused).isEqualTo(400);
      assertThat(refused.pointers()).as("seed %d: %s", seed, host).containsOnly("/host");
    }
  }

  private Reply add(String host) {
    return api.post(domains, Fresh.trustedDomain(host));
  }

  private String valid() {
    StringBuilder host = new StringBuilder();
    int labels = 1 + random.nextInt(4);
    for (int i = 0; i < labels; i++) {
      host.append(label(i == 0 ? 18 : 1)).append('.');
    }
    // Under other top-level domains the name itself may be a public suffix.
    return host.append(random.nextBoolean() ? "com" : "example").toString();
  }

  private String label(int atLeast) {
    StringBuilder label = new StringBuilder().append(anyOf(LETTERS));
    int length = atLeast + random.nextInt(40);
    while (label.length() < length - 1) {
      label.append(anyOf(INNER));
    }
    // Hyphens in third and fourth place are for internationalised names (RFC 5891).
    if (label.length() > 2) {
      label.setCharAt(2, 'x');
    }
    return label.append(anyOf(LETTERS)).toString();
  }

  /** The same name as somebody else would write it. */
  private String spelled(String host) {
    String cased = random.nextBoolean() ? host : host.toUpperCase(Locale.ROOT);
    return random.nextBoolean() ? cased : cased + ".";
  }

  private String almostValid() {
    String host = valid();
    int place = random.nextInt(host.length());
    return switch (random.nextInt(7)) {
      case 0 -> "-" + host;
      case 1 -> host + "-";
      case 2 -> host + "..";
      case 3 -> "x".repeat(64) + "." + host;
      case 4 -> host + "." + random.nextInt(256);
      case 5 -> "ab--" + host;
      default ->
          host.substring(0, place)
              + List.of("_", " ", "\n", "/", ":", "*", "@", "%2e", "\u2028", "\ufffd")
                  .get(random.nextInt(10))
              + host.substring(place);
    };
  }

  private char anyOf(String characters) {
    return characters.charAt(random.nextInt(characters.length()));
  }
}
