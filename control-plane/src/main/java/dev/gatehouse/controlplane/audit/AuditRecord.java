package dev.gatehouse.controlplane.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatehouse.contract.audit.CanonicalJson;
import dev.gatehouse.contract.audit.Sha256;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is to be written: immutable, secrets taken out.
 *
 * @param chain the tenant's id, or {@link dev.gatehouse.contract.audit.AuditChain#PLATFORM}
 * @param action what was done: the name of an operation, or of an act of the control plane's own
 * @param resource on what
 * @param content the entry, but for chain, sequence number and time
 */
public record AuditRecord(
    UUID chain, String action, Actor actor, String resource, Map<String, Object> content) {
  private static final int VERSION = 1;
  private static final int LONGEST_RESOURCE = 512;

  /** More of a document is not kept, only its hash. */
  private static final int MAX_DOCUMENT = 64 << 10;

  /** An entry that says no more than this. */
  public static AuditRecord of(UUID chain, String action, Actor actor, String resource) {
    String bounded = resource.substring(0, Math.min(resource.length(), LONGEST_RESOURCE));
    return new AuditRecord(
        chain,
        action,
        actor,
        bounded,
        Map.of("version", VERSION, "action", action, "actor", actor.toMap(), "resource", bounded));
  }

  /** The same with one more member. */
  public AuditRecord with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(content);
    more.put(name, value);
    return new AuditRecord(chain, action, actor, resource, Map.copyOf(more));
  }

  /** The same with a document: without its secrets, and only its hash where it is very long. */
  public AuditRecord withDocument(String name, Optional<JsonObject> document) {
    return document.map(found -> with(name, bounded(Redaction.of(found)))).orElse(this);
  }

  /** What is hashed. */
  String entry() {
    return CanonicalJson.of(content);
  }

  private static Object bounded(Map<String, @Nullable Object> document) {
    byte[] bytes = CanonicalJson.of(document).getBytes(UTF_8);
    return bytes.length <= MAX_DOCUMENT
        ? document
        : Map.of("omitted", true, "bytes", bytes.length, "sha256", sha256(bytes));
  }

  private static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.of(bytes));
  }
}
