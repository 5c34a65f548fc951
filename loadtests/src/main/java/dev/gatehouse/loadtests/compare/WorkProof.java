package dev.gatehouse.loadtests.compare;

import dev.gatehouse.contract.context.ContextRefusedException;
import dev.gatehouse.contract.context.ContextVerifier;
import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.loadtests.contender.GatehouseGateway;
import dev.gatehouse.loadtests.contender.RunningContender;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import dev.gatehouse.loadtests.upstream.Upstream;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/**
 * Shows, before anything is measured, that a contender does the work that it is measured for: ours
 * every stage of its pipeline, the others the forwarding.
 */
public final class WorkProof {
  private static final int ASKING = 0;
  private static final int FOREIGN = 1;

  private final SyntheticTenants tenants;
  private final ContextVerifier verifier;

  /**
   * @param jwks of the keys with which our gateway is to sign
   */
  public WorkProof(SyntheticTenants tenants, String jwks) {
    this.tenants = tenants;
    this.verifier = ContextVerifier.withKeys(SyntheticTenants.SERVICE, jwks);
  }

  /**
   * Asks a contender a few requests.
   *
   * @return what was shown, in one line
   * @throws IOException if it does not do its work; says what it should have done
   */
  public String prove(RunningContender contender) throws IOException {
    boolean ours = contender.name().equals(GatehouseGateway.NAME);
    try {
      requireForwarding(contender);
      if (ours) {
        requireEveryStage(contender);
      }
    } catch (IOException e) {
      throw new IOException(
          "%s does not do the work that it is measured for: %s"
              .formatted(contender.name(), e.getMessage()),
          e);
    }
    return contender.name()
        + " does its work: forwards to the upstream"
        + (ours
            ? ", refuses a foreign key (401), an unknown host (404) and what exceeds a tenant's"
                + " rate (429), replaces a spoofed X-Tenant-Id, signs the context"
            : "");
  }

  private static void requireForwarding(RunningContender contender) throws IOException {
    Reply reply = ask(contender, "/api/items/1", ASKING, ASKING, "");
    requireStatus(200, "a request with its tenant's key", reply);
    if (!reply.body().equals("x".repeat(Upstream.BODY_LENGTH))) {
      throw new IOException(
          "expected the upstream's body of %d bytes, found another of %d"
              .formatted(Upstream.BODY_LENGTH, reply.body().length()));
    }
  }

  private void requireEveryStage(RunningContender gateway) throws IOException {
    requireStatus(
        401,
        "a request with another tenant's key",
        ask(gateway, Upstream.ECHO_PATH, ASKING, FOREIGN, ""));
    requireStatus(
        404,
        "a request to an unknown host",
        Reply.to(
            head("/", "nobody." + SyntheticTenants.BASE_DOMAIN, key(ASKING), ""), gateway.port()));
    requireIdentity(gateway);
    requireLimit(gateway);
  }

  private void requireIdentity(RunningContender gateway) throws IOException {
    UUID spoofed = SyntheticTenants.id(FOREIGN);
    Reply reply =
        ask(
            gateway,
            Upstream.ECHO_PATH,
            ASKING,
            ASKING,
            TenantContext.ID_HEADER + ": " + spoofed + "\r\n");
    requireStatus(200, "a request with a spoofed " + TenantContext.ID_HEADER, reply);
    if (reply.body().contains(spoofed.toString())) {
      throw new IOException("the upstream received the spoofed " + TenantContext.ID_HEADER);
    }
    UUID expected = SyntheticTenants.id(ASKING);
    requireTenant(TenantContext.ID_HEADER, expected, onlyHeader(TenantContext.ID_HEADER, reply));
    try {
      TenantContext context = verifier.verify(onlyHeader(TenantContext.HEADER, reply));
      requireTenant(TenantContext.HEADER, expected, context.tenantId().toString());
    } catch (ContextRefusedException e) {
      throw new IOException("the upstream cannot trust what it received: " + e.getMessage(), e);
    }
  }

  /** A token comes back each second: the answers may be slow, but not one a second. */
  private void requireLimit(RunningContender gateway) throws IOException {
    int limited = tenants.limited();
    for (int i = 0; i < SyntheticTenants.LOW_BURST; i++) {
      requireStatus(
          200, "a request within the tenant's burst", ask(gateway, "/", limited, limited, ""));
    }
    for (int i = 0; i < 2 * SyntheticTenants.LOW_BURST; i++) {
      if (ask(gateway, "/", limited, limited, "").status() == 429) {
        return;
      }
    }
    throw new IOException(
        "a tenant with a burst of %d must be answered 429 after it, found none in %d requests"
            .formatted(SyntheticTenants.LOW_BURST, 3 * SyntheticTenants.LOW_BURST));
  }

  private static Reply ask(
      RunningContender contender, String path, int host, int key, String headers)
      throws IOException {
    return Reply.to(head(path, SyntheticTenants.host(host), key(key), headers), contender.port());
  }

  private static String head(String path, String host, SecretToken key, String headers) {
    return "GET %s HTTP/1.1\r\nHost: %s\r\nX-API-Key: %s\r\n%sConnection: close\r\n\r\n"
        .formatted(path, host, key.reveal(), headers);
  }

  private static SecretToken key(int tenant) {
    return SyntheticTenants.apiKey(tenant);
  }

  /** From the head of a request that the upstream has echoed. */
  private static String onlyHeader(String name, Reply echo) throws IOException {
    List<String> values =
        echo.body()
            .lines()
            .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
            .map(line -> line.substring(name.length() + 1).strip())
            .toList();
    if (values.size() != 1) {
      throw new IOException(
          "the upstream must receive one %s, found %d".formatted(name, values.size()));
    }
    return values.getFirst();
  }

  private static void requireTenant(String header, UUID expected, String found) throws IOException {
    if (!found.equals(expected.toString())) {
      throw new IOException(
          "%s must name the tenant %s, found %s".formatted(header, expected, found));
    }
  }

  private static void requireStatus(int expected, String request, Reply reply) throws IOException {
    if (reply.status() != expected) {
      throw new IOException(
          "%s must be answered %d, found %d".formatted(request, expected, reply.status()));
    }
  }
}
