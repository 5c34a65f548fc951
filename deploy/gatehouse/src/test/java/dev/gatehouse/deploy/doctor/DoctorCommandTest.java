package dev.gatehouse.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.backends.TestBackends;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.controlplane.ControlPlane;
import dev.gatehouse.controlplane.ControlPlaneConfig;
import dev.gatehouse.deploy.doctor.Surgery.Findings;
import dev.gatehouse.deploy.doctor.Surgery.Said;
import io.vertx.core.net.SelfSignedCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The doctor, with a control plane, PostgreSQL and Redis that are there. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorCommandTest {
  private final String database = TestBackends.freshDatabaseUrl();
  private final String gatewayToken = SecretToken.generate(SecretToken.Kind.GATEWAY).reveal();
  private final String operatorToken = SecretToken.generate(SecretToken.Kind.OPERATOR).reveal();
  private ControlPlane controlPlane;
  private Surgery surgery;
  @TempDir private Path folder;

  @BeforeAll
  void start() {
    controlPlane =
        ControlPlane.start(
            new ControlPlaneConfig(
                new ControlPlaneConfig.Http("127.0.0.1", 0),
                new ControlPlaneConfig.DatabaseConfig(database, 10),
                "example.test",
                masterKey(0),
                Optional.of(
                    new ControlPlaneConfig.Bootstrap(
                        Optional.of(operatorToken), Optional.of(gatewayToken)))));
  }

  @AfterAll
  void stop() {
    controlPlane.close();
  }

  @BeforeEach
  void begin() {
    surgery = new Surgery(folder);
  }

  private String url() {
    return "http://127.0.0.1:" + controlPlane.port();
  }

  private static String masterKey(int value) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) value);
    return Base64.getEncoder().encodeToString(key);
  }

  private String ofControlPlane(String databaseUrl, int key) throws IOException {
    return surgery.file(
        "control-plane.yaml",
        """
        http: {port: %d}
        database: {url: '%s'}
        baseDomain: example.test
        masterKey: %s
        """
            .formatted(controlPlane.port(), databaseUrl, masterKey(key)));
  }

  private String ofGateway(String token, String more) throws IOException {
    return surgery.file(
        "gateway.yaml",
        """
        baseDomain: example.test
        admin: {port: 0}
        feed: {url: '%s', token: %s}
        redis: {url: '%s'}
        snapshot: {file: %s/gateway.snapshot}
        %s
        """
            .formatted(url(), token, TestBackends.redisUrl(), folder, more));
  }

  @Test
  void saysOfEachPartThatItIsWell() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), operatorToken);
    Findings found =
        surgery.findings(
            "--config=" + ofControlPlane(database, 0),
            "--config=" + ofGateway(gatewayToken, ""),
            "--token-file=" + token);

    assertThat(found.of("Database", "login")).singleElement().asString().startsWith("ok: The user");
    assertThat(found.of("Database", "version")).singleElement().asString().startsWith("ok");
    assertThat(found.of("Database", "schema")).singleElement().asString().startsWith("ok");
    assertThat(found.of("Database", "clock")).containsExactly("ok: It agrees with this machine's.");
    assertThat(found.of("Database", "master key")).singleElement().asString().startsWith("ok");
    assertThat(found.of("Redis", "version")).singleElement().asString().startsWith("ok: Redis ");
    assertThat(found.of("Redis", "clock")).containsExactly("ok: It agrees with this machine's.");
    assertThat(found.of("Configuration", "feed.token")).singleElement().asString().startsWith("ok");
    assertThat(found.of("Configuration", "snapshot.file"))
        .singleElement()
        .asString()
        .contains("It can be written");
    assertThat(found.of("Control plane", "ready"))
        .containsExactly("ok: It answers, and reaches its database.");
    assertThat(found.of("Control plane", "token")).containsExactly("ok: It is accepted.");
    assertThat(found.of("Control plane", "partitions")).containsExactly("ok: There is none.");
    assertThat(found.of("Control plane", "rollouts")).containsExactly("ok: There is no blueprint.");
    assertThat(found.of("Control plane", "version"))
        .allMatch(finding -> finding.startsWith("ok: It is of "));
    assertThat(found.of("Control plane", "gateways"))
        .containsExactly("warning: None has been heard of.");
    assertThat(found.json().path("failed").asInt()).isZero();
    assertThat(found.code()).isEqualTo(3);
  }

  @Test
  void saysEveryFaultOfAConfiguration() throws Exception {
    String file =
        surgery.file(
            "wrong.yaml", "baseDomain: localhost\nfeed: {url: 'http://127.0.0.1:9'}\nadmni: {}\n");
    Said said = surgery.call("--config", file);

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out())
        .contains("admni: there is no such setting", "feed.token: is missing", "-> Correct it");
  }

  @Test
  void saysWhichVariableIsNotSet() throws Exception {
    String file =
        surgery.file(
            "unset.yaml",
            "baseDomain: a.test\nfeed: {url: 'http://127.0.0.1:9', token: '${NO_SUCH}'}\n");

    assertThat(surgery.call("--config", file).out())
        .contains("NO_SUCH is not set", "with the environment of the part");
  }

  @Test
  void saysThatAFileIsOfNeitherPart() throws Exception {
    String file = surgery.file("other.yaml", "services: []\n");

    assertThat(surgery.call("--config", file).out()).contains("neither a gateway's file");
    assertThat(surgery.call("--config", file + "x").out()).contains("there is no such file");
  }

  @Test
  void saysThatTheDatabaseIsAwayAndShowsNoPassword() throws Exception {
    String away = "postgresql://me:hush@127.0.0.1:" + Surgery.closedPort() + "/gatehouse";
    String file = ofControlPlane(away, 0);
    Findings found = surgery.findings("--config", file);

    assertThat(found.of("Database", "login"))
        .singleElement()
        .asString()
        .startsWith("failed: It cannot be reached");
    assertThat(found.of("Database", "the rest"))
        .containsExactly("skipped: Not looked at: version, schema, clock, master key.");
    assertThat(found.json().toString()).doesNotContain("hush").doesNotContain(masterKey(0));
    assertThat(found.code()).isEqualTo(1);
  }

  @Test
  void saysThatThePasswordIsWrong() throws Exception {
    URI right = URI.create(database);
    String user = right.getUserInfo().split(":", 2)[0];
    String wrong = database.replaceFirst("//[^@]*@", "//" + user + ":hush@");
    Findings found = surgery.findings("--config", ofControlPlane(wrong, 0));

    assertThat(found.of("Database", "login"))
        .singleElement()
        .asString()
        .startsWith("failed: The password of the user " + user + " is wrong");
    assertThat(found.json().toString()).doesNotContain("hush");
  }

  @Test
  void saysThatTheDatabaseIsNotThere() throws Exception {
    Findings found = surgery.findings("--config", ofControlPlane(database + "_not", 0));

    assertThat(found.of("Database", "login"))
        .singleElement()
        .asString()
        .startsWith("failed: There is no database ");
  }

  @Test
  void saysWhichChangesOfTheSchemaAreMissing() throws Exception {
    String older = TestBackends.freshDatabaseUrl();
    String file = ofControlPlane(older, 0);
    assertThat(surgery.findings("--config", file).of("Database", "schema"))
        .containsExactly("warning: It is empty.");

    flyway(older).target("3").load().migrate();
    assertThat(surgery.findings("--config", file).of("Database", "schema"))
        .singleElement()
        .asString()
        .startsWith("warning: It is at 3: ")
        .contains("changes are missing");
  }

  @Test
  void saysThatTheSchemaIsNewer() throws Exception {
    String newer = TestBackends.freshDatabaseUrl();
    Path migrations = Files.createDirectories(folder.resolve("newer"));
    Files.writeString(migrations.resolve("V9999__of_tomorrow.sql"), "SELECT 1;");
    flyway(newer).locations("classpath:db/migration", "filesystem:" + migrations).load().migrate();

    assertThat(surgery.findings("--config", ofControlPlane(newer, 0)).of("Database", "schema"))
        .containsExactly("failed: It is newer than this program: 9999.");
  }

  private static org.flywaydb.core.api.configuration.FluentConfiguration flyway(String database) {
    URI server = URI.create(database);
    String[] login = server.getUserInfo().split(":", 2);
    String jdbc =
        "jdbc:postgresql://%s:%d%s".formatted(server.getHost(), server.getPort(), server.getPath());
    return Flyway.configure().dataSource(jdbc, login[0], login[1]);
  }

  @Test
  void saysThatAClockIsOff() throws Exception {
    String file = ofControlPlane(database, 0);

    assertThat(
            surgery
                .ahead(Duration.ofSeconds(10))
                .findings("--config", file)
                .of("Database", "clock"))
        .singleElement()
        .asString()
        .matches("warning: It is (9|10) s behind this machine's\\.");
    assertThat(
            surgery.ahead(Duration.ofHours(-2)).findings("--config", file).of("Database", "clock"))
        .singleElement()
        .asString()
        .matches("failed: It is (119|120) min ahead of this machine's\\.");
  }

  @Test
  void saysThatTheMasterKeyIsAnother() throws Exception {
    Findings found = surgery.findings("--config", ofControlPlane(database, 1));

    assertThat(found.of("Database", "master key"))
        .singleElement()
        .asString()
        .startsWith("failed: It does not fit: the database was sealed with another masterKey");
    assertThat(found.json().toString()).doesNotContain(masterKey(1));
  }

  @Test
  void saysThatTheTokensAreNotAccepted() throws Exception {
    String other = SecretToken.generate(SecretToken.Kind.GATEWAY).reveal();
    String operators = SecretToken.generate(SecretToken.Kind.OPERATOR).reveal();
    Path token = Files.writeString(folder.resolve("other-token"), operators);
    Findings found = surgery.findings("--config", ofGateway(other, ""), "--token-file=" + token);

    assertThat(found.of("Configuration", "feed.token"))
        .singleElement()
        .asString()
        .endsWith("does not accept it.");
    assertThat(found.of("Control plane", "token")).containsExactly("failed: It is not accepted.");
    assertThat(found.of("Control plane", "gateways"))
        .containsExactly("skipped: They cannot be read without a token that is accepted.");
    assertThat(found.json().toString()).doesNotContain(other).doesNotContain(operators);
  }

  @Test
  void saysThatACertificateIsOver() throws Exception {
    SelfSignedCertificate certificate = SelfSignedCertificate.create();
    String tls =
        "https: {host: 127.0.0.1, port: 0, certificate: %s, key: %s}"
            .formatted(certificate.certificatePath(), certificate.privateKeyPath());
    String file = ofGateway(gatewayToken, tls);

    assertThat(surgery.findings("--config", file).of("Configuration", "certificate"))
        .singleElement()
        .asString()
        .startsWith("ok");
    Surgery later = surgery.ahead(Duration.ofDays(365_000 * 9));
    assertThat(later.findings("--config", file).of("Configuration", "certificate"))
        .singleElement()
        .asString()
        .contains(" is over since ");
    certificate.delete();
  }

  @Test
  void saysThatNoGatewayAndNoControlPlaneListen() throws Exception {
    String closed = "http://127.0.0.1:" + Surgery.closedPort();
    Said said = surgery.call("--admin", closed, "--admin", url(), "--url", closed);

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out())
        .contains("Gateway at " + closed, "Control plane at " + closed)
        .contains("It does not answer: nothing listens there.")
        .contains("is no gateway's admin port")
        .contains("3 failed");
  }

  @Test
  void refusesWhatIsNoUrl() {
    assertThat(surgery.call("--admin", "ftp://x").code()).isEqualTo(2);
  }

  @Test
  void oneThatHangsKeepsNoOtherFromBeingPerformed() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Group group =
        Group.of(
            "group",
            List.of(
                Check.of(
                    "hangs",
                    () -> {
                      never.await();
                      return Finding.ok("");
                    }),
                Check.of(
                    "breaks",
                    () -> {
                      throw new IOException("broken at http://me:hush@host/");
                    }),
                Check.of("works", () -> Finding.ok("fine"))));

    List<Examined> found = new Examination(Duration.ofMillis(100)).of(List.of(group));

    assertThat(found.stream().map(one -> one.check() + " " + one.finding().grade()))
        .containsExactly("hangs FAILED", "breaks FAILED", "works OK");
    assertThat(found.get(0).finding().found()).startsWith("No answer within");
    assertThat(found.get(1).finding().found()).contains("broken").doesNotContain("hush");
  }

  @Test
  void fewOpenFilesAreWorthAWarning() {
    assertThat(Machine.openFiles("1024").grade()).isEqualTo(Grade.WARNING);
    assertThat(Machine.openFiles("65536").grade()).isEqualTo(Grade.OK);
    assertThat(Machine.openFiles("unlimited").grade()).isEqualTo(Grade.OK);
  }

  @Test
  void tellsPartsOfAnotherReleaseApart() {
    Metrics metrics = new Metrics("# HELP x\ngatehouse_build_info{version=\"0.2.0\"} 1.0\n");

    assertThat(Release.compared("0.2.0", metrics.version()).grade()).isEqualTo(Grade.OK);
    Finding older = Release.compared("0.3.0", metrics.version());
    assertThat(older.grade()).isEqualTo(Grade.WARNING);
    assertThat(older.found()).isEqualTo("It is of 0.2.0, and this program of 0.3.0.");
    assertThat(Release.compared("0.3.0", new Metrics("").version()).grade())
        .isEqualTo(Grade.SKIPPED);
  }
}
