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

  /** Of what looks like a difference: a slow machine is none. */
  private static final int MORE_PATIENCE = 2_000;

  private final List<OddRequest> corpus = OddRequest.all();
  private final List<AutoCloseable> toClose = new ArrayList<>();
  private Contender gateway;
  private List<Contender> others;
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
    others =
        List.of(
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
    List<Outcome> byGateway = new ArrayList<>();
    List<List<Outcome>> byOthers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Outcome>> running = threads.submit(() -> sendAll(gateway));
      List<Future<List<Outcome>>> runningToo =
          others.stream().map(other -> threads.submit(() -> sendAll(other))).toList();
      byGateway.addAll(running.get());
      for (Future<List<Outcome>> each : runningToo) {
        byOthers.add(each.get());
      }
    }
    List<String> unexplained = new ArrayList<>();
    for (int i = 0; i < corpus.size(); i++) {
      OddRequest odd = corpus.get(i);
      List<String> stricter = new ArrayList<>();
      String found = "";
      for (int o = 0; o < others.size(); o++) {
        Contender other = others.get(o);
        Outcome ours = byGateway.get(i);
        Outcome theirs = byOthers.get(o).get(i);
        if (ours.laxnessBeside(theirs) != null) {
          ours = gateway.send(odd, i, MORE_PATIENCE);
          theirs = other.send(odd, i, MORE_PATIENCE);
        }
        String laxness = ours.laxnessBeside(theirs);
        if (laxness != null) {
          stricter.add(other.name());
          found += "%n  %s; %s %s; the gateway %s".formatted(laxness, other.name(), theirs, ours);
        }
      }
      String explained = odd.laxness().map(Laxness::others).orElse("");
      if (!String.join(", ", stricter).equals(explained)) {
        unexplained.add(
            "%s (%s): laxer than %s, explained for [%s]%s"
                .formatted(odd.name(), OddRequest.shown(odd.bytes()), stricter, explained, found));
      }
    }
    assertThat(unexplained).as("%d requests beside %s", corpus.size(), versions).isEmpty();
  }

  private List<Outcome> sendAll(Contender to) throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < corpus.size(); i++) {
      outcomes.add(to.send(corpus.get(i), i, PATIENCE));
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
      assertThat(ours.arrived()).as("%s", odd.name()).hasSize(2);
      for (Contender other : others) {
        Outcome theirs = other.send(odd, 0, MORE_PATIENCE);
        assertThat(theirs.arrived()).as("%s, %s", odd.name(), other.name()).hasSize(2);
        assertThat(theirs.laxnessBeside(ours)).isNull();
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
