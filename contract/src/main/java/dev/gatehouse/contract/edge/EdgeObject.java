package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** One thing that the edge must know. Immutable; replaced whole when it changes. */
public sealed interface EdgeObject
    permits EdgePlan,
        EdgeTenant,
        EdgeService,
        EdgeRoute,
        EdgeApiKey,
        EdgeSigningKey,
        EdgeIdentityProvider,
        EdgeClientAuthority,
        EdgeIntrospection,
        EdgeForwardAuth,
        EdgeCertificate,
        EdgeAcmeChallenge,
        EdgePartition,
        EdgePartitionKey {

  /** What it is. */
  @JsonIgnore
  Kind kind();

  /** What identifies it among all objects of its kind. */
  @JsonIgnore
  String key();

  /** The kinds of objects, named in the feed in lower case with hyphens. */
  enum Kind {
    PLAN(EdgePlan.class),
    TENANT(EdgeTenant.class),
    SERVICE(EdgeService.class),
    ROUTE(EdgeRoute.class),
    API_KEY(EdgeApiKey.class),
    SIGNING_KEY(EdgeSigningKey.class),
    IDENTITY_PROVIDER(EdgeIdentityProvider.class),
    CLIENT_AUTHORITY(EdgeClientAuthority.class),
    INTROSPECTION(EdgeIntrospection.class),
    FORWARD_AUTH(EdgeForwardAuth.class),
    CERTIFICATE(EdgeCertificate.class),
    ACME_CHALLENGE(EdgeAcmeChallenge.class),
    PARTITION(EdgePartition.class),
    PARTITION_KEY(EdgePartitionKey.class);

    private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final Class<? extends EdgeObject> type;

    Kind(Class<? extends EdgeObject> type) {
      this.type = type;
    }

    /** The name in the feed and in the database: {@code tenant}, {@code api-key} and so on. */
    @JsonValue
    public String wireName() {
      return wireName;
    }

    /** The record that holds an object of this kind. */
    public Class<? extends EdgeObject> type() {
      return type;
    }

    /**
     * Reads {@link #wireName()} back.
     *
     * @throws IllegalArgumentException if there is no such kind
     */
    @JsonCreator
    public static Kind fromWireName(String name) {
      for (Kind kind : values()) {
        if (kind.wireName.equals(name)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("unknown kind of edge object: " + name);
    }
  }
}
