package dev.gatehouse.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatehouse.contract.net.AddressRange;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.LimitedControlPlane;
import dev.gatehouse.controlplane.Reply;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RateLimitsTest {
  private final AtomicLong now = new AtomicLong();
  private final TimeMeter clock =
      new TimeMeter() {
        @Override
        public long currentTimeNanos() {
          return now.get();
        }

        @Override
        public boolean isWallClockBased() {
          return false;
        }
      };

  @Test
  void refusesTheRequestAfterTheBurstAndLetsOneInLater() {
    RateLimit limit = new RateLimit("caller", 2, Duration.ofSeconds(2), clock);
    assertThat(limit.take("a").left()).isEqualTo("\"caller\";r=1;t=1");
    assertThat(limit.take("a").policy()).isEqualTo("\"caller\";q=2;w=2");

    ProblemException refusal = refusal(() -> limit.take("a"));
    assertThat(refusal.problem()).isEqualTo(Problem.RATE_LIMITED);
    assertThat(refusal.headers()).containsEntry("Retry-After", "1").containsKey("RateLimit");
    assertThat(limit.take("b").left()).startsWith("\"caller\";r=1");

    now.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(limit.take("a").left()).startsWith("\"caller\";r=0");
  }

  @Test
  void remembersABoundedNumberOfCallers() {
    RateLimit limit = new RateLimit("caller", 1, Duration.ofSeconds(1), clock);
    limit.take("first");
    IntStream.range(0, 10_000).forEach(i -> limit.take("key " + i));
    assertThat(limit.take("first").left()).startsWith("\"caller\";r=0");
  }

  @Test
  void takesTheNetworkOfAnIpv6AddressForTheAddress() {
    assertThat(RateLimits.keyOf("2001:db8::1")).isEqualTo(RateLimits.keyOf("2001:db8::ffff:2"));
    assertThat(RateLimits.keyOf("2001:db8::1")).isNotEqualTo(RateLimits.keyOf("2001:db8:0:1::1"));
    assertThat(RateLimits.keyOf("fe80::1%eth0")).isEqualTo(RateLimits.keyOf("fe80::2"));
    assertThat(RateLimits.keyOf("10.0.0.1")).isNotEqualTo(RateLimits.keyOf("10.0.0.2"));
  }

  @Test
  void countsClientsBehindATrustedProxyApart() {
    RateLimitConfig rates = new RateLimitConfig(1000, 1000, 1000, 1000, 2);
    List<AddressRange> loopback = List.of(AddressRange.parse("127.0.0.0/8"));
    try (LimitedControlPlane limited = LimitedControlPlane.start(rates, loopback)) {
      ApiClient flood = limited.with("gho_0123456789abcdef_wrong");
      for (int i = 0; i < 5; i++) {
        // What the client itself puts in front of what the proxy says counts for nothing.
        flood.send(
            "GET", "/v1/me", "", "X-Forwarded-For", "198.51.100." + i + ", 203.0.113.9, 127.0.0.2");
      }

      assertThat(
              flood.send("GET", "/v1/me", "", "X-Forwarded-For", "203.0.113.9, 127.0.0.2").status())
          .isEqualTo(429);
      assertThat(
              limited
                  .operator()
                  .send("GET", "/v1/me", "", "X-Forwarded-For", "203.0.113.10")
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void takesNobodysWordWhereNoProxyIsTrusted() {
    RateLimitConfig rates = new RateLimitConfig(1000, 1000, 1000, 1000, 2);
    try (LimitedControlPlane limited = LimitedControlPlane.start(rates)) {
      ApiClient flood = limited.with("gho_0123456789abcdef_wrong");
      List<Integer> statuses =
          IntStream.range(0, 4)
              .mapToObj(i ->
                  flood.send("GET", "/v1/me", "", "X-Forwarded-For", "203.0.113." + i).status())
              .toList();
      assertThat(statuses).containsExactly(401, 401, 429, 429);
    }
  }

  @Test
  void limitsACallerAndSaysHowMuchIsLeft() {
    try (LimitedControlPlane limited =
        LimitedControlPlane.start(new RateLimitConfig(1, 3, 1000, 1000, 1000))) {
      List<Reply> replies =
          IntStream.range(0, 4).mapToObj(_ -> limited.operator().get("/v1/me")).toList();

      assertThat(replies.getFirst().header("RateLimit-Policy")).isEqualTo("\"caller\";q=3;w=3");
      assertThat(replies.getFirst().header("RateLimit")).startsWith("\"caller\";r=2");
      assertThat(replies)
          .filteredOn(reply -> reply.status() == 429)
          .isNotEmpty()
          .allSatisfy(reply -> {
            assertThat(reply.problem()).isEqualTo("rate-limited");
            assertThat(reply.header("Retry-After")).isEqualTo("1");
          });
    }
  }

  @Test
  void limitsAnAddressWhoeverCalls() {
    try (LimitedControlPlane limited =
        LimitedControlPlane.start(new RateLimitConfig(1000, 1000, 1, 2, 1000))) {
      List<Integer> statuses =
          IntStream.range(0, 6).mapToObj(_ -> limited.with("").get("/v1/me").status()).toList();
      assertThat(statuses).startsWith(401, 401).contains(429);
      assertThat(limited.with("").get("/healthz").status()).isEqualTo(200);
    }
  }

  @Test
  void stopsAFloodOfWrongTokens() {
    try (LimitedControlPlane limited =
        LimitedControlPlane.start(new RateLimitConfig(1000, 1000, 1000, 1000, 5))) {
      ApiClient nobody = limited.with("");
      for (int i = 0; i < 20; i++) {
        assertThat(nobody.get("/v1/me").status()).isEqualTo(401); // no token is no guess
      }
      List<Integer> statuses =
          IntStream.range(0, 20)
              .mapToObj(_ ->
                  limited
                      .with(SecretToken.generate(SecretToken.Kind.OPERATOR).reveal())
                      .get("/v1/me")
                      .status())
              .toList();
      assertThat(statuses.subList(0, 5)).containsOnly(401);
      assertThat(statuses).contains(429);
      assertThat(limited.operator().get("/v1/me").problem()).isEqualTo("rate-limited");
      String gateway = SecretToken.generate(SecretToken.Kind.GATEWAY).reveal();
      IntStream.range(0, 5).forEach(_ -> limited.with(gateway).get("/edge/v1/feed?gateway=x"));
      assertThat(limited.with(gateway).get("/edge/v1/feed?gateway=x").status()).isEqualTo(429);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1_000_001})
  void refusesRatesOutOfTheirRange(int wrong) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RateLimitConfig(1, 1, 1, 1, wrong))
        .withMessage("wrongTokensPerMinute must be between 1 and 1000000, found " + wrong);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RateLimitConfig(wrong, 1, 1, 1, 1))
        .withMessage("callerPerSecond must be between 1 and 1000000, found " + wrong);
  }

  private static ProblemException refusal(Runnable call) {
    try {
      call.run();
    } catch (ProblemException refusal) {
      return refusal;
    }
    throw new AssertionError("nothing was refused");
  }
}
