package dev.gatehouse.controlplane.api;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Set;

/** What a request consists of, before anything of it is checked. */
interface RequestParts {
  /** Method and target, such as {@code POST /v1/tenants?x=y}. */
  String line();

  /** Names of the parameters in the query. */
  Set<String> queryNames();

  /** A parameter of the path, as it came. */
  String path(String name);

  /** The values of a parameter in the query. */
  List<String> query(String name);

  /** The values of a header. */
  List<String> header(String name);

  /** The body; empty if there is none. */
  Buffer body();
}
