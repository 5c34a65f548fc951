package dev.gatehouse.loadtests.tenants;

import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.AuthenticationMethod;
import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EdgeLimits;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.EdgeService;
import dev.gatehouse.contract.edge.EdgeSigningKey;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.tenant.Slug;
import dev.gatehouse.contract.tenant.TenantStatus;
import dev.gatehouse.contract.token.SecretToken;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Invented tenants, numbered from 0 and the same every time: each with one API key and limits that
 * no run reaches, all behind one service and one route. One more, whose limit is soon reached, is
 * not asked in the rotation: see {@link #limited()}.
 *
 * @param count how many
 */
public record SyntheticTenants(int count) {
  /** Their hosts are {@code <slug>.} this. */
  public static final String BASE_DOMAIN = "load.test";

  /** The name of their one service. */
  public static final String SERVICE = "upstream";

  /** How many requests of {@link #limited()} are served at once; one a second is from then on. */
  public static final int LOW_BURST = 5;

  private static final int SECRET_LENGTH = 43;
  private static final long OUT_OF_REACH = 1_000_000;
  private static final long BYTES_OUT_OF_REACH = 1L << 40;

  /** Version and variant of a UUIDv7. */
  private static final UUID FIRST_ID = UUID.fromString("01930000-0000-7000-8000-000000000000");

  /**
   * @throws IllegalArgumentException if the count is negative or more than ten million
   */
  public SyntheticTenants {
    if (count < 0 || count > 10_000_000) {
      throw new IllegalArgumentException("tenants must be between 0 and 10000000, found " + count);
    }
  }

  /** The host of a tenant. */
  public static String host(int number) {
    return slug(number) + "." + BASE_DOMAIN;
  }

  /** The API key of a tenant. */
  public static SecretToken apiKey(int number) {
    String digits = Integer.toString(number);
    String text =
        SecretToken.Kind.API_KEY.prefix()
            + HexFormat.of().toHexDigits((long) number)
            + "_"
            + "s".repeat(SECRET_LENGTH - digits.length())
            + digits;
    return SecretToken.parse(SecretToken.Kind.API_KEY, text).orElseThrow();
  }

  /** The id of a tenant. */
  public static UUID id(int number) {
    return new UUID(FIRST_ID.getMostSignificantBits(), FIRST_ID.getLeastSignificantBits() + number);
  }

  /** A tenant as the edge sees it. */
  public static EdgeTenant tenant(int number) {
    return tenant(number, OUT_OF_REACH, OUT_OF_REACH);
  }

  private static EdgeTenant tenant(int number, long perSecond, long burst) {
    return new EdgeTenant(
        id(number),
        new Slug(slug(number)),
        TenantStatus.ACTIVE,
        List.of(),
        Set.of(AuthenticationMethod.API_KEY),
        new EdgeLimits(
            OptionalLong.of(perSecond),
            OptionalLong.of(burst),
            OptionalLong.of(OUT_OF_REACH),
            OptionalLong.of(BYTES_OUT_OF_REACH)));
  }

  /** The number of the tenant whose limit is {@link #LOW_BURST}. */
  public int limited() {
    return count;
  }

  /**
   * Everything that a gateway must know to serve them.
   *
   * @param signingKey with which it is to sign, as a private JWK
   */
  public Stream<EdgeObject> objects(int upstreamPort, String signingKey) {
    Instant now = Instant.now();
    List<EdgeObject> shared = new ArrayList<>();
    shared.add(
        EdgeService.of(SERVICE, List.of(new EdgeService.Endpoint("127.0.0.1", upstreamPort))));
    shared.add(EdgeRoute.toService(id(count + 1), "/", SERVICE));
    shared.add(
        new EdgeSigningKey(
            SigningKeys.kidOf(signingKey),
            signingKey,
            now.minus(1, ChronoUnit.HOURS),
            now.plus(1, ChronoUnit.DAYS)));
    return Stream.of(
            shared.stream(),
            IntStream.range(0, count).boxed().flatMap(i -> Stream.of(tenant(i), key(i))),
            Stream.of(tenant(limited(), 1, LOW_BURST), key(limited())))
        .flatMap(objects -> objects);
  }

  /** One request of each tenant, with its host and API key, as bytes on the wire. */
  public List<String> requests() {
    return IntStream.range(0, count).mapToObj(SyntheticTenants::request).toList();
  }

  private static String request(int number) {
    return request(number, "/api/items/" + number + "?page=1");
  }

  /** A GET of one tenant, with its host and API key, as bytes on the wire. */
  public static String request(int number, String target) {
    return "GET "
        + target
        + " HTTP/1.1\r\nHost: "
        + host(number)
        + "\r\nUser-Agent: gatehouse-loadtests\r\nAccept: application/json\r\nX-API-Key: "
        + apiKey(number).reveal()
        + "\r\n\r\n";
  }

  private static EdgeApiKey key(int number) {
    SecretToken token = apiKey(number);
    return new EdgeApiKey(
        token.id(),
        id(number),
        HexFormat.of().formatHex(token.hash()),
        "caller-" + number,
        Set.of("member"),
        Optional.empty());
  }

  private static String slug(int number) {
    return "tenant-" + number;
  }
}
