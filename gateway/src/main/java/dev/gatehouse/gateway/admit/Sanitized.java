package dev.gatehouse.gateway.admit;

import dev.gatehouse.gateway.RequestHead;

/**
 * A request that can be read in one way only.
 *
 * @param head the request itself
 * @param host its host in normal form, without the port
 * @param target path and query as they will be forwarded; begins with a slash
 * @param pathLength length of the path within the target
 * @param contentLength bytes of body; {@link #UNKNOWN} if it comes in chunks
 */
public record Sanitized(
    RequestHead head, String host, String target, int pathLength, long contentLength) {
  /** The length of a body that comes in chunks. */
  public static final long UNKNOWN = -1;

  /** The path, without the query. */
  public String path() {
    return pathLength == target.length() ? target : target.substring(0, pathLength);
  }

  /** Whether it is known how long the body is. */
  public boolean hasLength() {
    return contentLength != UNKNOWN;
  }

  /** Whether the request may have a body. */
  public boolean mayHaveBody() {
    return contentLength != 0;
  }
}
