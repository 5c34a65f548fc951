package dev.gatehouse.controlplane.identity;

import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.controlplane.api.Problem;
import java.util.Optional;

/** What a tenant has one of at most, each at a place of its own. */
enum SettingKind {
  /** The server that is asked about tokens. */
  INTROSPECTION(
      EdgeObject.Kind.INTROSPECTION,
      Problem.INTROSPECTION_NOT_FOUND,
      Optional.of(ClientPlace.INTROSPECTION),
      ""),

  /** The service that decides about requests. */
  FORWARD_AUTH(
      EdgeObject.Kind.FORWARD_AUTH,
      Problem.FORWARD_AUTH_NOT_FOUND,
      Optional.empty(),
      "/requestHeaders");

  private final EdgeObject.Kind edge;
  private final Problem notFound;
  private final Optional<ClientPlace> client;
  private final String faultsOfTheWhole;

  SettingKind(
      EdgeObject.Kind edge,
      Problem notFound,
      Optional<ClientPlace> client,
      String faultsOfTheWhole) {
    this.edge = edge;
    this.notFound = notFound;
    this.client = client;
    this.faultsOfTheWhole = faultsOfTheWhole;
  }

  /** What it is at the edge. */
  EdgeObject.Kind edge() {
    return edge;
  }

  /** The name in paths and in the database: {@code introspection}, {@code forward-auth}. */
  String wireName() {
    return edge.wireName();
  }

  /** Said where a tenant has none. */
  Problem notFound() {
    return notFound;
  }

  /** Where its documents have a secret, if they have one. */
  Optional<ClientPlace> client() {
    return client;
  }

  /** Where a fault stands for which the contract names no place: the only rule that is left. */
  String place(String pointer) {
    return pointer.isEmpty() ? faultsOfTheWhole : pointer;
  }
}
