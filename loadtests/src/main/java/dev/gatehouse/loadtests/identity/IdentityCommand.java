package dev.gatehouse.loadtests.identity;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import dev.gatehouse.backends.EmbeddedRedis;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.MessageSignature.Algorithm;
import dev.gatehouse.loadtests.Program;
import dev.gatehouse.loadtests.compare.Comparison;
import dev.gatehouse.loadtests.compare.Measurement;
import dev.gatehouse.loadtests.compare.Plan;
import dev.gatehouse.loadtests.compare.Rounds;
import dev.gatehouse.loadtests.contender.GatewayProcess;
import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.contender.Stage;
import dev.gatehouse.loadtests.load.Requests;
import dev.gatehouse.loadtests.process.Child;
import dev.gatehouse.loadtests.process.Cores;
import dev.gatehouse.loadtests.process.HeapProbe;
import dev.gatehouse.loadtests.tenants.SyntheticFeed;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code loadtests/identity}. */
@Command(
    name = "identity",
    mixinStandardHelpOptions = true,
    description =
        "Measures what a gateway spends on callers without a credential, with an API key, with a"
            + " token that it has seen, and with one that it has not, and on services that want"
            + " requests signed; 10,000 tenants, each with an issuer of its own.")
public final class IdentityCommand implements Callable<Integer> {
  private static final String ANONYMOUS = "anonymous";
  private static final String API_KEY = "api-key";
  private static final String SEEN = "token-seen";
  private static final String NEW = "token-new";
  private static final String SIGNED = "signed-";

  /** Two tokens of each tenant in turns push each other out of a memory for one. */
  private static final String MEMORY_FOR_ONE =
      """
      authenticate:
        cachedTokensPerTenant: 1
      """;

  @Option(names = "--quick", description = "Five short rounds.")
  private boolean quick;

  /** Runs the program; it exits with 0, or with 1 where the gateway failed. */
  public static void main(String[] args) {
    Program.runAndExit(new IdentityCommand(), args);
  }

  @Override
  public Integer call() throws Exception {
    Plan plan = quick ? Plan.QUICK : Plan.FULL;
    Cores cores = Cores.ofThisMachine();
    cores.pinThisProcess();
    SyntheticTenants tenants = new SyntheticTenants(plan.tenants());
    say("making " + plan.tenants() + " issuers and their tokens");
    SyntheticIssuers issuers = new SyntheticIssuers(plan.tenants());
    Map<String, Requests> requests = requests(issuers, plan.tenants());
    Path folder = Files.createTempDirectory("gatehouse-identity");
    int upstreamPort = Child.freePort();
    try (Child upstream = Upstream.inOwnProcess(cores, upstreamPort, folder);
        EmbeddedRedis redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        SyntheticFeed feed =
            SyntheticFeed.start(tenants, upstreamPort, objects(issuers, upstreamPort));
        GatewayProcess gateway =
            GatewayProcess.start(
                new Stage(folder, cores, upstreamPort, feed.url(), redis.url()),
                Stage.JVM_OPTIONS,
                MEMORY_FOR_ONE)) {
      upstream.awaitPort(upstreamPort);
      gateway.awaitReady();
      prove(gateway, issuers);
      long idle = HeapProbe.liveBytes(gateway.process().handle());
      List<RunningContender> ways = new ArrayList<>();
      requests
          .keySet()
          .forEach(way -> ways.add(new RunningContender(way, gateway.process(), gateway.port())));
      Rounds rounds =
          new Comparison(
                  plan, way -> requireNonNull(requests.get(way.name())), IdentityCommand::say)
              .run(ways);
      long used = HeapProbe.liveBytes(gateway.process().handle());
      print(rounds, idle, used, plan.tenants());
    }
    return 0;
  }

  private static List<EdgeObject> objects(SyntheticIssuers issuers, int upstreamPort)
      throws IOException {
    List<EdgeObject> objects = new ArrayList<>(issuers.objects());
    objects.addAll(SignedServices.objects(upstreamPort));
    return objects;
  }

  private static Map<String, Requests> requests(SyntheticIssuers issuers, int tenants)
      throws JOSEException {
    List<String> anonymous = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (int tenant = 0; tenant < tenants; tenant++) {
      anonymous.add(request(tenant, ""));
      keys.add(request(tenant, "X-API-Key: " + SyntheticTenants.apiKey(tenant).reveal() + "\r\n"));
      seen.add(request(tenant, bearer(issuers.token(tenant, 0))));
      others.add(request(tenant, bearer(issuers.token(tenant, 1))));
    }
    List<String> news = new ArrayList<>(seen);
    news.addAll(others);
    Map<String, Requests> requests = new LinkedHashMap<>();
    requests.put(ANONYMOUS, Requests.of(anonymous));
    requests.put(API_KEY, Requests.of(keys));
    requests.put(SEEN, Requests.of(seen));
    requests.put(NEW, Requests.of(news));
    for (Algorithm algorithm : Algorithm.values()) {
      List<String> signed = new ArrayList<>();
      for (int tenant = 0; tenant < tenants; tenant++) {
        signed.add(request(tenant, SignedServices.path(algorithm), ""));
      }
      requests.put(SIGNED + algorithm.wireName(), Requests.of(signed));
    }
    return requests;
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token + "\r\n";
  }

  private static String request(int tenant, String credential) {
    return request(tenant, "", credential);
  }

  private static String request(int tenant, String path, String credential) {
    return "GET %s/api/items/%d?page=1 HTTP/1.1\r\nHost: %s\r\nUser-Agent: gatehouse-loadtests\r\nAccept: application/json\r\n%s\r\n"
        .formatted(path, tenant, SyntheticTenants.host(tenant), credential);
  }

  /** That it looks at tokens at all: one of another tenant is refused. */
  private static void prove(GatewayProcess gateway, SyntheticIssuers issuers) throws Exception {
    int own = status(gateway, issuers.token(0, 2));
    int foreign = status(gateway, issuers.token(1, 2));
    if (own != 200 || foreign != 401) {
      throw new IOException(
          "a token was answered %d, one of another tenant %d; expected 200 and 401"
              .formatted(own, foreign));
    }
    say("the gateway does its work: lets a token in (200), refuses another tenant's (401)");
  }

  private static int status(GatewayProcess gateway, String token) throws IOException {
    System.setProperty("sun.net.http.allowRestrictedHeaders", "true");
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + gateway.port() + "/").toURL().openConnection();
    connection.setRequestProperty("Host", SyntheticTenants.host(0));
    connection.setRequestProperty("Authorization", "Bearer " + token);
    return connection.getResponseCode();
  }

  private static void print(Rounds rounds, long idle, long used, int tenants) {
    System.out.printf(
        Locale.ROOT,
        "%n%-18s %9s %12s %16s %14s%n",
        "",
        "req/s",
        "cpu us/req",
        "cpu/anonymous",
        "more us/req");
    double base = rounds.median(ANONYMOUS).cpuMicrosPerRequest();
    for (String way : rounds.contenders()) {
      Measurement median = rounds.median(way);
      double ratio = rounds.medianRatio(way, ANONYMOUS).orElseThrow().cpuMicrosPerRequest();
      System.out.printf(
          Locale.ROOT,
          "%-18s %9.0f %12.1f %16.2f %14.1f%n",
          way,
          median.requestsPerSecond(),
          median.cpuMicrosPerRequest(),
          ratio,
          median.cpuMicrosPerRequest() - base);
    }
    System.out.printf(
        Locale.ROOT,
        "%nlive heap with %d tenants, each with an issuer: %.1f MB before the first request, %.1f MB after%n",
        tenants,
        idle / 1e6,
        used / 1e6);
  }

  private static void say(String word) {
    System.err.println(word);
  }
}
