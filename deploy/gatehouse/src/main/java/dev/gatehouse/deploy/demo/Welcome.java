package dev.gatehouse.deploy.demo;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** What the demo tells people when it is ready. */
final class Welcome {
  private final PrintStream out;
  private final Path dataDirectory;
  private final DemoUrls urls;

  Welcome(PrintStream out, Path dataDirectory, DemoUrls urls) {
    this.out = out;
    this.dataDirectory = dataDirectory;
    this.urls = urls;
  }

  void print(String operatorToken, List<DemoTenant> tenants) {
    out.println();
    int longestUrl = tenants.stream().mapToInt(it -> it.url().length()).max().orElse(1);
    for (DemoTenant tenant : tenants) {
      String url = tenant.url() + " ".repeat(longestUrl - tenant.url().length());
      line(tenant.slug(), "%s  API key %s".formatted(url, tenant.apiKey()));
    }
    line("gateway admin", urls.gatewayAdmin());
    line("console", urls.controlPlane() + "/console  (sign in with the admin token)");
    line("API documentation", urls.controlPlane() + "/docs");
    line("admin token", operatorToken);
    line("files", dataDirectory.toString());
    out.printf("%nTry:%n%n");
    tenants.stream()
        .filter(tenant -> tenant.slug().equals("acme"))
        .forEach(acme -> lines(operatorToken, acme).forEach(line -> out.println("  " + line)));
    out.printf("%nReady. Ctrl-C stops it.%n");
    out.flush();
  }

  private void line(String name, String value) {
    out.printf("  %-18s %s%n", name, value);
  }

  /** With a Host header, as *.localhost does not resolve everywhere. */
  private List<String> lines(String operatorToken, DemoTenant acme) {
    String gateway = urls.gateway();
    return List.of(
        "curl -H 'Host: acme.localhost' -H 'X-API-Key: %s' -H 'X-Tenant-Id: globex' %s/whoami"
            .formatted(acme.apiKey(), gateway),
        "curl -H 'Host: acme.localhost' -H 'X-API-Key: %s' -H 'Content-Type: application/json' -d '{\"text\": \"hello\"}' %s/notes"
            .formatted(acme.apiKey(), gateway),
        "curl -H 'Host: globex.example' %s/notes".formatted(gateway),
        "for i in $(seq 20); do curl -so /dev/null -w '%%{http_code} ' -H 'Host: globex.localhost' %s/; done"
            .formatted(gateway),
        "curl -H 'Authorization: Bearer %s' '%s/v1/tenants?limit=10'"
            .formatted(operatorToken, urls.controlPlane()));
  }
}
