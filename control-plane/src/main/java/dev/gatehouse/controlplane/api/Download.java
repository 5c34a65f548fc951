package dev.gatehouse.controlplane.api;

import io.vertx.sqlclient.SqlConnection;

/**
 * What a GET gives that is no JSON.
 *
 * @param mediaType of the text
 */
public record Download(String mediaType, Text text) {
  /** What is given. */
  @FunctionalInterface
  public interface Text {
    /** The whole of it. */
    String write(ApiRequest request, SqlConnection connection);
  }
}
