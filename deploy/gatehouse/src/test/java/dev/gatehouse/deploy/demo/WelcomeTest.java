package dev.gatehouse.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WelcomeTest {
  private final DemoUrls urls = new DemoUrls(DemoPorts.parse("18080"));

  @Test
  void alignsTheTenantsAndNamesWhatThereIs() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      new Welcome(out, Path.of("/data"), urls)
          .print("gho_token", List.of(tenant("acme"), tenant("globex"), tenant("initech")));
    }
    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();

    assertThat(lines.subList(1, 4))
        .allMatch(line -> line.indexOf("API key") == lines.get(1).indexOf("API key"))
        .allMatch(line -> line.indexOf("http://") == lines.get(1).indexOf("http://"));
    assertThat(lines)
        .contains("  gateway admin      " + urls.gatewayAdmin())
        .contains("  API documentation  " + urls.controlPlane() + "/docs")
        .contains(
            "  console            "
                + urls.controlPlane()
                + "/console  (sign in with the admin token)");
  }

  private DemoTenant tenant(String slug) {
    return new DemoTenant(
        UUID.randomUUID(), slug, urls.tenant(slug), urls.tenantHost(slug), "gh_key_of_" + slug);
  }
}
