package dev.gatehouse.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.gateway.upstream.UpstreamConfig.DnsConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DnsTest {
  private static final String NAMED =
      "{'name':'app','endpoints':[{'host':'app.upstream.test','port':1001,'tls':false}]}";

  @AutoClose private final DnsServer dns = new DnsServer();

  @AutoClose
  private final TestUpstreams test =
      new TestUpstreams(
          new UpstreamConfig(
              Optional.empty(),
              new DnsConfig(
                  Optional.of(dns.address()),
                  Duration.ofSeconds(5),
                  Duration.ofMillis(50),
                  Duration.ofMillis(200)),
              Optional.empty(),
              64,
              10,
              Duration.ofMinutes(1)),
          1);

  private LoopUpstream resolved(String json) {
    LoopUpstream upstream = test.choiceOf(test.service(json));
    TestUpstreams.await(() -> upstream.pick(0) instanceof Target);
    return upstream;
  }

  @Test
  void allAddressesOfBothFamiliesTakePart() {
    dns.put("app.upstream.test", 60, "127.0.0.1", "127.0.0.2", "::1");

    assertThat(TestUpstreams.counts(resolved(NAMED), 99))
        .hasSize(3)
        .containsEntry("127.0.0.2:1001", 33);
  }

  @Test
  void asksAgainWhenTheAnswersTimeIsOver() {
    dns.put("app.upstream.test", 0, "127.0.0.1");
    LoopUpstream upstream = resolved(NAMED);
    Target kept = TestUpstreams.target(upstream, 0);
    dns.put("app.upstream.test", 0, "127.0.0.1", "127.0.0.9");
    TestUpstreams.await(() -> TestUpstreams.counts(upstream, 2).size() == 2);
    assertThat(TestUpstreams.counts(upstream, 2)).containsKey("127.0.0.9:1001");
    assertThat(TestUpstreams.targetAt(upstream, 1001)).isNotNull();

    dns.put("app.upstream.test", 0, "127.0.0.1");
    TestUpstreams.await(() -> TestUpstreams.counts(upstream, 2).size() == 1);
    assertThat(TestUpstreams.target(upstream, 0)).isSameAs(kept);
  }

  @Test
  void keepsTheLastAddressesWhileDnsFailsAndSaysSo() {
    dns.put("app.upstream.test", 0, "127.0.0.1");
    LoopUpstream upstream = resolved(NAMED);
    dns.fail(true);
    TestUpstreams.await(() -> test.upstreams.view().encode().contains("dnsFailure"));
    assertThat(TestUpstreams.counts(upstream, 1)).containsOnlyKeys("127.0.0.1:1001");

    dns.fail(false);
    TestUpstreams.await(() -> !test.upstreams.view().encode().contains("dnsFailure"));
  }

  @Test
  void refusesUntilANameIsKnown() {
    LoopUpstream upstream = test.choiceOf(test.service(NAMED));
    TestUpstreams.await(() -> test.upstreams.view().encode().contains("dnsFailure"));
    assertThat(upstream.pick(0)).isEqualTo(NoTarget.NOT_RESOLVED);

    dns.put("app.upstream.test", 0, "127.0.0.1");
    TestUpstreams.await(() -> upstream.pick(0) instanceof Target);
  }

  @Test
  void anAnswerHoldsForItsTimeToLiveWhereThatIsBetweenTheBounds() {
    DnsConfig bounds =
        new DnsConfig(
            Optional.of(dns.address()),
            Duration.ofSeconds(5),
            Duration.ofMillis(100),
            Duration.ofMinutes(10));
    try (TestUpstreams between = TestUpstreams.resolvingBy(bounds)) {
      dns.put("app.upstream.test", 2, "127.0.0.1");
      between.service(NAMED);
      TestUpstreams.await(() -> dns.askedAt.size() >= 3);
    }

    for (int i = 1; i < 3; i++) {
      assertThat(Duration.ofNanos(dns.askedAt.get(i) - dns.askedAt.get(i - 1)))
          .as("a tenth earlier at most, and long before ten minutes")
          .isBetween(Duration.ofMillis(1790), Duration.ofSeconds(40));
    }
  }

  @Test
  void aNameOfTheHostsFileIsNeverAskedFor() throws Exception {
    Optional<String> name = aNameOfTheHostsFile();
    assumeTrue(name.isPresent(), "the hosts file of this machine names nothing but localhost");

    LoopUpstream upstream =
        resolved(
            "{'name':'app','endpoints':[{'host':'" + name.get() + "','port':1001,'tls':false}]}");

    assertThat(TestUpstreams.counts(upstream, 1)).containsOnlyKeys("127.0.0.1:1001");
    assertThat(dns.questions).hasValue(0);
  }

  private static Optional<String> aNameOfTheHostsFile() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/etc/hosts"))) {
      return lines
          .map(line -> line.replaceFirst("#.*", "").strip().split("\\s+", -1))
          .filter(fields -> fields.length > 1 && fields[0].equals("127.0.0.1"))
          .flatMap(fields -> Arrays.stream(fields).skip(1))
          .filter(host -> !host.contains("localhost"))
          .findFirst();
    }
  }

  @Test
  void neverAsksForAddressesNorForLocalhost() {
    LoopUpstream upstream =
        resolved(
            "{'name':'app','endpoints':[{'host':'localhost','port':1001,'tls':false},"
                + "{'host':'::1','port':1002,'tls':false}]}");
    TestUpstreams.await(() -> TestUpstreams.counts(upstream, 3).size() == 3);

    assertThat(dns.questions).hasValue(0);
  }

  @Test
  void anAddressThatTakesNoConnectionIsLeftOutAtOnceWhereItsNameHasAnother() {
    dns.put("app.upstream.test", 60, "127.0.0.1", "::1");
    LoopUpstream upstream = resolved(NAMED);
    Target refusing = TestUpstreams.target(upstream, 0);
    TestUpstreams.fail(refusing, 1, Outcome.FAILED_CONNECT);

    TestUpstreams.await(() -> !TestUpstreams.counts(upstream, 2).containsKey(refusing.toString()));
    assertThat(TestUpstreams.counts(upstream, 10)).hasSize(1);
  }
}
