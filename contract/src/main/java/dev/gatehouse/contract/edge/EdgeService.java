package dev.gatehouse.contract.edge;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatehouse.contract.tenant.Region;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An upstream application. What is absent is the gateway's default.
 *
 * @param name unique; the audience of the signed context
 * @param endpoints where it listens; never empty
 * @param protocol what to speak to it; HTTP/1.1 if absent
 * @param connectTimeout how long one attempt to connect may take
 * @param responseTimeout how long the upstream may take until its response begins, for each attempt
 * @param totalTimeout how long all attempts together may take until the response begins; no bound
 *     of its own if absent
 * @param balancing how an endpoint is chosen
 * @param healthCheck asked of each endpoint at intervals; none if absent
 * @param outlierDetection what ejects an endpoint that fails live requests
 * @param circuitBreaker what stops requests to a service that fails as a whole; none if absent
 * @param retries when a request is sent again
 * @param concurrency how many requests may be in flight, and how many may wait
 * @param compression whether the gateway compresses responses that the service did not compress; no
 *     if absent
 * @param messageSignature how the gateway signs requests as a whole; not at all if absent
 * @param tls how endpoints that speak TLS, and the gateway, prove who they are; as the gateway's
 *     configuration has it if absent
 * @param databaseToken whether its contexts say where the data of the tenant are, with a token that
 *     enters there (see {@link dev.gatehouse.contract.database.DatabaseAccess}); no if absent
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record EdgeService(
    String name,
    List<Endpoint> endpoints,
    Optional<Protocol> protocol,
    Optional<Duration> connectTimeout,
    Optional<Duration> responseTimeout,
    Optional<Duration> totalTimeout,
    Optional<Balancing> balancing,
    Optional<HealthCheck> healthCheck,
    Optional<OutlierDetection> outlierDetection,
    Optional<CircuitBreaker> circuitBreaker,
    Optional<Retries> retries,
    Optional<Concurrency> concurrency,
    Optional<Boolean> compression,
    Optional<MessageSignature> messageSignature,
    Optional<UpstreamTls> tls,
    Optional<Boolean> databaseToken)
    implements EdgeObject {

  /**
   * @throws IllegalArgumentException if there is no endpoint or one of them stands in two regions,
   *     gRPC is asked of a service that does not speak HTTP/2, or requests are to be signed for a
   *     name that no signature can say
   */
  public EdgeService {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("service " + name + " must have at least one endpoint");
    }
    Endpoint.requireOneRegionEach(endpoints);
    if (healthCheck.filter(check -> check.type() == HealthCheck.Type.GRPC).isPresent()
        && protocol.filter(spoken -> spoken == Protocol.HTTP_2).isEmpty()) {
      throw new IllegalArgumentException(
          "protocol must be h2 where healthCheck is of the type grpc");
    }
    if (messageSignature.isPresent()) {
      HttpText.checkName("name of a service whose requests are signed", name);
    }
  }

  /** A service with every default. */
  public static EdgeService of(String name, List<Endpoint> endpoints) {
    return new EdgeService(
        name,
        endpoints,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with another way to sign requests to it. */
  public EdgeService with(MessageSignature signature) {
    return new EdgeService(
        name,
        endpoints,
        protocol,
        connectTimeout,
        responseTimeout,
        totalTimeout,
        balancing,
        healthCheck,
        outlierDetection,
        circuitBreaker,
        retries,
        concurrency,
        compression,
        Optional.of(signature),
        tls,
        databaseToken);
  }

  /** The same with other proofs at endpoints that speak TLS. */
  public EdgeService with(UpstreamTls proofs) {
    return new EdgeService(
        name,
        endpoints,
        protocol,
        connectTimeout,
        responseTimeout,
        totalTimeout,
        balancing,
        healthCheck,
        outlierDetection,
        circuitBreaker,
        retries,
        concurrency,
        compression,
        messageSignature,
        Optional.of(proofs),
        databaseToken);
  }

  /** The same, told where the data of tenants are. */
  public EdgeService withDatabaseToken() {
    return new EdgeService(
        name,
        endpoints,
        protocol,
        connectTimeout,
        responseTimeout,
        totalTimeout,
        balancing,
        healthCheck,
        outlierDetection,
        circuitBreaker,
        retries,
        concurrency,
        compression,
        messageSignature,
        tls,
        Optional.of(true));
  }

  @Override
  public Kind kind() {
    return Kind.SERVICE;
  }

  @Override
  public String key() {
    return name;
  }

  /**
   * One address of a service.
   *
   * @param host name or IP address
   * @param port 1 to 65535
   * @param tls whether to speak TLS to it
   * @param weight its share beside the others', 1 to 1000; 1 if absent
   * @param zone where it stands; gateways of the same zone prefer it
   * @param region where it stands by law; tenants that are bound to a region are sent to no other
   *     endpoints than those of this region, and never to one that says nothing
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Endpoint(
      String host,
      int port,
      boolean tls,
      OptionalInt weight,
      Optional<String> zone,
      Optional<Region> region) {
    /**
     * @throws IllegalArgumentException if the host is empty or a number out of its range
     */
    public Endpoint {
      if (host.isEmpty()) {
        throw new IllegalArgumentException("endpoint must have a host");
      }
      Range.check("endpoint port", port, 1, 65535);
      weight.ifPresent(value -> Range.check("endpoint weight", value, 1, 1000));
    }

    /** One in the clear, with every default. */
    public Endpoint(String host, int port) {
      this(host, port, false, OptionalInt.empty(), Optional.empty(), Optional.empty());
    }

    /** One address cannot stand in two places. */
    static void requireOneRegionEach(List<Endpoint> endpoints) {
      Map<String, Optional<Region>> regions = new HashMap<>();
      for (Endpoint endpoint : endpoints) {
        String place = endpoint.host + ":" + endpoint.port;
        Optional<Region> other = regions.putIfAbsent(place, endpoint.region);
        if (other != null && !other.equals(endpoint.region)) {
          throw new IllegalArgumentException(
              "endpoint " + place + " must stand in one region, found two");
        }
      }
    }
  }

  /** What is spoken to an upstream. */
  public enum Protocol implements WireName {
    /** HTTP/1.1. */
    HTTP_1_1("http/1.1"),
    /** HTTP/2, by ALPN with TLS, by prior knowledge without (RFC 9113 section 3). */
    HTTP_2("h2");

    private final String wireName;

    Protocol(String wireName) {
      this.wireName = wireName;
    }

    @Override
    public String wireName() {
      return wireName;
    }

    /**
     * Reads {@link #wireName()} back.
     *
     * @throws IllegalArgumentException if there is no such protocol
     */
    @JsonCreator
    public static Protocol fromWireName(String name) {
      return WireName.parse("protocol", values(), name);
    }
  }
}
