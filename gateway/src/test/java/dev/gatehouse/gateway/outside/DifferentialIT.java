package dev.gatehouse.gateway.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeService.Endpoint;
import dev.gatehouse.gateway.Platform;
import dev.gatehouse.gateway.Platform.TestTenant;
import dev.gatehouse.gateway.outside.Contender.Outcome;
import dev.gatehouse.gateway.outside.OddRequest.Laxness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The same odd requests through the gateway, nginx and HAProxy: where the gateway forwards what one
 * of these refuses, or takes it for another request, the reason is written down. The requests and
 * the reasons are in {@code odd-requests.txt}, the reasons in {@code docs/security.md} too.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DifferentialIT {
  private static final Logger LOG = LoggerFactory.getLogger(DifferentialIT.class);
  private static final Path DOCUMENT = Path.of("..", "docs", "security.md");
  private static final String TABLE = "| Request | Laxer than | Why |";
  private static final int PATIENCE = 300;

  /**
   * With the gateway, and where there seems to be a difference that nobody wrote down, or none that
   * somebody did: a slow machine is none.
   */
  private static final int MORE_PATIENCE = 1_000;

  private final List<OddRequest> corpus = OddRequest.all();
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private Contender gateway;
  private List<Contender> contenders;
  private String versions;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    Wiretap behindNginx = closing(new Wiretap());
    ReferenceProxy nginx = closing(ReferenceProxy.nginx(behindNginx.port(), folder));
    Wiretap behindHaproxy = closing(new Wiretap());
    ReferenceProxy haproxy = closing(ReferenceProxy.haproxy(behindHaproxy.port(), folder));
    versions = nginx.version() + ", " + haproxy.version();
    LOG.info("The gateway beside {}", versions);

    Wiretap behindGateway = closing(new Wiretap());
    Platform platform = closing(new Platform());
    TestTenant tenant = platform.tenant();
    Endpoint endpoint = new Endpoint("127.0.0.1", behindGateway.port());
    String prefix = platform.route(EdgeService.of("wire", List.of(endpoint)));
    String key = "X-API-Key: " + tenant.key().reveal();
    gateway =
        new Contender(
            "gateway", platform.gateway.httpPort(), behindGateway, tenant.host(), key, prefix);
    contenders =
        List.of(
            gateway,
            new Contender("nginx", nginx.port(), behindNginx, tenant.host(), key, prefix),
            new Contender("HAProxy", haproxy.port(), behindHaproxy, tenant.host(), key, prefix));
  }

  private <T extends AutoCloseable> T closing(T resource) {
    toClose.addFirst(resource);
    return resource;
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable resource : toClose) {
      resource.close();
    }
  }

  @Test
  void isNotLaxerThanOthersWithoutAReason() throws Exception {
    List<List<Outcome>> byContender = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Outcome>>> running =
          contenders.stream().map(to -> threads.submit(() -> sendAll(to))).toList();
      for (Future<List<Outcome>> each : running) {
        byContender.add(each.get());
      }
    }
    List<String> unexplained = new ArrayList<>();
    for (int i = 0; i < corpus.size(); i++) {
      int number = i;
      OddRequest odd = corpus.get(i);
      String explained = odd.laxness().map(Laxness::others).orElse("");
      List<Outcome> outcomes = byContender.stream().map(all -> all.get(number)).toList();
      if (!stricterThanGateway(outcomes).equals(explained)) {
        outcomes = new ArrayList<>();
        for (Contender to : contenders) {
          outcomes.add(to.send(odd, i, MORE_PATIENCE));
        }
      }
      String stricter = stricterThanGateway(outcomes);
      if (!stricter.equals(explained)) {
        unexplained.add(
            "%s (%s): laxer than [%s], explained for [%s]: gateway, nginx and HAProxy %s"
                .formatted(
                    odd.name(), OddRequest.shown(odd.bytes()), stricter, explained, outcomes));
      }
    }
    assertThat(unexplained).as("%d requests beside %s", corpus.size(), versions).isEmpty();
  }

  private String stricterThanGateway(List<Outcome> outcomes) {
    List<String> stricter = new ArrayList<>();
    for (int i = 1; i < contenders.size(); i++) {
      if (outcomes.getFirst().isLaxerThan(outcomes.get(i))) {
        stricter.add(contenders.get(i).name());
      }
    }
    return String.join(", ", stricter);
  }

  private List<Outcome> sendAll(Contender to) throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < corpus.size(); i++) {
      outcomes.add(to.send(corpus.get(i), i, to.equals(gateway) ? MORE_PATIENCE : PATIENCE));
    }
    return outcomes;
  }

  /** Else nothing that was refused would mean anything. */
  @Test
  void forwardsProperRequestsThroughAll() throws Exception {
    List<OddRequest> proper =
        corpus.stream().filter(odd -> odd.name().startsWith("proper: ")).toList();
    assertThat(proper).hasSizeGreaterThan(3);
    for (OddRequest odd : proper) {
      Outcome ours = gateway.send(odd, 0, MORE_PATIENCE);
      for (Contender to : contenders) {
        Outcome theirs = to.send(odd, 0, MORE_PATIENCE);
        assertThat(theirs.arrived()).as("%s, %s", odd.name(), to.name()).hasSize(2);
        assertThat(theirs.isLaxerThan(ours)).isFalse();
      }
    }
  }

  @Test
  void writesTheReasonsDown() throws Exception {
    List<String> expected =
        corpus.stream()
            .flatMap(odd ->
                odd.laxness().stream()
                    .map(lax ->
                        "| %s | %s | %s |".formatted(odd.name(), lax.others(), lax.reason())))
            .toList();
    List<String> table =
        Files.readString(DOCUMENT)
            .lines()
            .dropWhile(line -> !line.equals(TABLE))
            .takeWhile(line -> line.startsWith("|"))
            .skip(2)
            .collect(Collectors.toList());
    assertThat(table).as("%s, below %s", DOCUMENT, TABLE).isEqualTo(expected);
  }
}
