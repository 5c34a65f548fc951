package dev.gatehouse.deploy.api;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.controlplane.api.ApiDocument;
import dev.gatehouse.deploy.api.CommandsOfAControlPlane.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands of the API against a real control plane. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiCommandsTest {
  @TempDir private static Path folder;

  private CommandsOfAControlPlane commands;
  private String slug;

  @BeforeAll
  void start() throws Exception {
    commands = CommandsOfAControlPlane.start(folder);
  }

  @BeforeEach
  void chooseASlug() {
    slug = CommandsOfAControlPlane.freshSlug();
  }

  @AfterAll
  void stop() {
    commands.close();
  }

  private Run run(String... arguments) {
    return commands.run(arguments);
  }

  @Test
  void everyOperationOfTheDocumentHasACommandOfItsOwn() throws Exception {
    byte[] document = ApiDocument.load().yaml().getBytes();
    List<Operation> operations = Operations.in(document);
    long documented =
        new YAMLMapper()
            .readTree(document).path("paths").properties().stream()
                .filter(path -> path.getKey().startsWith("/v1/"))
                .flatMap(path -> path.getValue().properties().stream())
                .filter(member -> member.getValue().has("operationId"))
                .count();
    assertThat(operations).hasSize((int) documented).hasSizeGreaterThan(100);
    assertThat(operations.stream().map(o -> o.noun() + " " + o.verb())).doesNotHaveDuplicates();
    CommandLine program = CommandsOfAControlPlane.program();
    for (Operation operation : operations) {
      CommandLine noun = requireNonNull(program.getSubcommands().get(operation.noun()));
      CommandLine verb = requireNonNull(noun.getSubcommands().get(operation.verb()));
      assertThat(verb.getUsageMessage().replaceAll("\\s+", " ")).contains(operation.summary());
    }
  }

  @Test
  void createsReadsChangesAndDeletes() throws Exception {
    Run created = run("tenant", "create", "--slug", slug, "--name", "7", "--set", "limits.users=5");
    assertThat(created.exitCode()).as(created.toString()).isZero();
    assertThat(created.out()).containsPattern("slug +" + slug).containsPattern("limits.users +5");

    JsonNode read = new ObjectMapper().readTree(run("tenant", "get", slug, "-o", "json").out());
    assertThat(read.path("name").isTextual()).isTrue();
    assertThat(read.path("limits").path("users").asInt()).isEqualTo(5);

    Run changed = run("tenant", "update", slug, "--unset", "limits.users", "-o", "yaml");
    JsonNode yaml = new YAMLMapper().readTree(changed.out());
    assertThat(yaml.path("limits").has("users")).isFalse();
    assertThat(yaml.path("name").isTextual()).isTrue();

    assertThat(run("tenant", "delete", slug).exitCode()).isEqualTo(2);
    assertThat(run("tenant", "get", slug).exitCode()).isZero();
    assertThat(run("tenant", "delete", slug, "--yes").exitCode()).isZero();
    assertThat(run("tenant", "get", slug).exitCode()).isEqualTo(1);
  }

  @Test
  void beginsWithAFileAndOverridesItsFields() throws Exception {
    Path file = folder.resolve("tenant-" + slug + ".yaml");
    Files.writeString(file, "slug: other\nname: From a file\nlimits: {users: 3}\n");
    Run created = run("tenant", "create", "--file", file.toString(), "--slug", slug);
    assertThat(created.out()).contains(slug, "From a file").containsPattern("limits.users +3");
    Files.writeString(file, "[1");
    Run refused = run("tenant", "create", "--file", file.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("is neither YAML nor JSON").doesNotContain("Exception");
  }

  @Test
  void showsEveryPageWhereAsked() {
    for (int i = 0; i < 3; i++) {
      run("tenant", "create", "--slug", slug + i, "--name", "Many");
    }
    Run page = run("tenant", "list", "--q", slug, "--limit", "2");
    assertThat(page.out().lines()).hasSize(3);
    assertThat(page.err()).contains("--all");
    Run all = run("tenant", "list", "--q", slug, "--limit", "2", "--all");
    assertThat(all.out().lines()).hasSize(4);
    assertThat(all.out().lines().findFirst().orElseThrow()).startsWith("ID").contains("SLUG");
    assertThat(all.err()).isEmpty();
  }

  @Test
  void showsInATableWhatTellsTheItemsApart() {
    run("tenant", "create", "--slug", slug, "--name", "Told", "--set", "limits.users=5");

    List<String> trail = run("tenant", "audit", slug).out().lines().toList();
    assertThat(trail.getFirst().split(" {2,}"))
        .containsExactly("SEQUENCE", "TIME", "ACTION", "OUTCOME", "ACTOR", "RESOURCE", "PROBLEM");
    assertThat(trail.get(1)).contains("createTenant", "done");
    assertThat(run("tenant", "limits", slug, "--explain").out().lines())
        .anySatisfy(line -> assertThat(line).matches("/users +5 +tenant +5"));
    assertThat(run("tenant", "list", "--slug", slug).out()).contains("CREATED AT");
    assertThat(run("checkpoint", "create").out())
        .contains("characters; --output json shows all of them");
  }

  @Test
  void saysWhatIsRefusedAndWhere() {
    Run refused = run("tenant", "create", "--slug", "No!", "--name", "x", "--set", "frob=1");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).contains("/slug must match", "/frob is not a field");
    assertThat(run("tenant", "get", "nobody").err()).contains("nobody");
  }

  @Test
  void saysWhatIsMissingWithoutAsking() {
    assertThat(commands.execute("tenant", "list", "--url", "ftp://x").exitCode()).isEqualTo(2);
    Run noSuchFile =
        commands.execute(
            "tenant", "list", "--url", commands.url(), "--token-file", "/no/such/file");
    assertThat(noSuchFile.exitCode()).isEqualTo(2);
    assertThat(noSuchFile.err()).isEqualToIgnoringNewLines("/no/such/file does not exist");
    assertThat(run("tenant", "create", "--file", "/no/such.yaml").exitCode()).isEqualTo(2);
    assertThat(run("tenant", "create", "--set", "=1").err()).contains("name.name=value");
  }

  @Test
  void tellsAControlPlaneThatIsAwayFromARefusal() {
    Run away =
        commands.execute(
            "tenant", "list", "--url", "http://127.0.0.1:1", "--token-file", commands.token());
    assertThat(away.exitCode()).isEqualTo(3);
    assertThat(away.err()).contains("http://127.0.0.1:1 cannot be reached").hasLineCount(1);
  }

  @Test
  void letsNoNameForgeLinesOfATable() {
    run("tenant", "create", "--slug", slug, "--set", "name=\"a\\u001b[31m b\"");
    assertThat(run("tenant", "get", slug).out()).doesNotContain("\u001b").contains(slug);
  }

  @Test
  void explainsLimitsAsATable() {
    run("tenant", "create", "--slug", slug, "--name", "x");
    run("tenant", "set-limits", slug, "--requests-per-second", "9");
    assertThat(run("tenant", "limits", slug, "--explain").out())
        .containsPattern("/requestsPerSecond +9 +tenant")
        .containsPattern("/weight +1 +platform");
  }

  @Test
  void showsWhatADomainNeedsBelowEachOther() {
    run("tenant", "create", "--slug", slug, "--name", "x");
    String host = slug + ".example.org";
    assertThat(run("domain", "add", slug, "--host", host).out())
        .containsPattern("records\\.0\\.type +TXT")
        .containsPattern("records\\.0\\.name +_gatehouse-challenge\\." + host)
        .containsPattern("records\\.1\\.type +CNAME")
        .containsPattern("zoneFile +_gatehouse-challenge\\.")
        .containsPattern("(?m)^ {8,}" + host + "\\. 300 IN CNAME")
        .doesNotContain("{", "\ufffd");
  }

  @Test
  void takesTheControlPlanesAddressForNoField() throws Exception {
    run("tenant", "create", "--slug", slug, "--name", "x");
    Run set =
        run(
            "forward-auth",
            "set",
            slug,
            "--set",
            "url=https://decide.acme.example/check",
            "--subject-header",
            "X-User",
            "-o",
            "json");
    assertThat(set.exitCode()).as(set.toString()).isZero();
    assertThat(new ObjectMapper().readTree(set.out()).path("url").asText())
        .isEqualTo("https://decide.acme.example/check");
    Run without = run("forward-auth", "set", slug, "--subject-header", "X-User");
    assertThat(without.exitCode()).as(without.toString()).isNotZero();
  }

  @Test
  void registersAnIdentityProviderAndRevokesItsTokens() throws Exception {
    run(
        "tenant",
        "create",
        "--slug",
        slug,
        "--name",
        "x",
        "--set",
        "config.auth.methods=[\"jwt\"]");
    Run created =
        run(
            "identity-provider",
            "create",
            slug,
            "--name",
            "Auth0",
            "--issuer",
            "https://acme.eu.auth0.com/",
            "--audiences",
            "https://api.acme.example",
            "--set",
            "keys.jwksUrl=https://acme.eu.auth0.com/.well-known/jwks.json",
            "--set",
            "/claims/roles=https://acme.example/roles",
            "-o",
            "json");
    assertThat(created.exitCode()).as(created.toString()).isZero();
    String id = new ObjectMapper().readTree(created.out()).path("id").asText();

    List<String> list = run("identity-provider", "list", slug).out().lines().toList();
    assertThat(list.getFirst().split(" {2,}"))
        .containsExactly(
            "ID", "NAME", "ISSUER", "AUDIENCES", "JWKS URL", "VALID FROM", "CREATED AT");
    assertThat(list.get(1)).contains(id, "Auth0", "https://api.acme.example");
    assertThat(run("identity-provider", "revoke", slug, id, "--subject", "ada").out())
        .containsPattern("revokedSubjects\\.ada +20");
    assertThat(run("identity-provider", "revoke", slug, id).out())
        .containsPattern("validFrom +20")
        .doesNotContain("revokedSubjects");
    assertThat(run("identity-provider", "delete", slug, id, "--yes").exitCode()).isZero();
  }

  @Test
  void showsWhatADocumentSaysBesideAReferenceAsHelp() {
    assertThat(run("token", "create", "--help").out().replaceAll("\\s+", " "))
        .contains("Required for an operator's token.", "One of admin, operator");
  }
}
