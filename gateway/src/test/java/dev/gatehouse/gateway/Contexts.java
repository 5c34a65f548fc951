package dev.gatehouse.gateway;

import dev.gatehouse.contract.context.TenantContext;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Base64;

/** The signed contexts that an upstream received. */
public final class Contexts {
  private Contexts() {}

  /** What one says; its signature is not looked at. */
  public static JsonObject in(RecordingUpstream.Received received) {
    String payload = received.values(TenantContext.HEADER).getFirst().split("\\.", -1)[1];
    return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(payload)));
  }
}
