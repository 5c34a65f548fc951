package dev.gatehouse.controlplane.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.controlplane.ApiClient;
import dev.gatehouse.controlplane.Fresh;
import dev.gatehouse.controlplane.Reply;
import dev.gatehouse.controlplane.RunningControlPlane;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Generated slugs; the seed is in the message of a failure. */
@Timeout(120)
class SlugsTest {
  private static final int ROUNDS = 150;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";
  private static final String INNER = LETTERS + "0123456789-";

  private final ApiClient api = RunningControlPlane.operator();
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void storesAndFindsEveryValidSlug() {
    for (int i = 0; i < ROUNDS; i++) {
      String slug = valid();
      Reply created = api.post("/v1/tenants", Fresh.tenant().put("slug", slug));
      assertThat(created.status()).as("seed %d: %s %s", seed, slug, created).isEqualTo(201);
      assertThat(api.get("/v1/tenants/" + slug).json())
          .as("seed %d: %s", seed, slug)
          .isEqualTo(created.json());
    }
  }

  @Test
  void refusesEverySlugThatIsAlmostValid() {
    for (int i = 0; i < ROUNDS; i++) {
      String slug = almostValid();
      Reply refused = api.post("/v1/tenants", Fresh.tenant().put("slug", slug));
      assertThat(refused.status()).as("seed %d: %s %s", seed, slug, refused).isEqualTo(400);
      assertThat(refused.pointers()).as("seed %d: %s", seed, slug).containsOnly("/slug");
    }
  }

  /** Names that mean something to PostgreSQL, or would once they are cut to 63 bytes. */
  @Test
  void refusesSlugsThatAreMeantForTheDatabase() {
    for (String slug :
        List.of(
            "pg_catalog",
            "pg_toast_1",
            "a\"; DROP TABLE tenant; --",
            "a'; DROP TABLE tenant; --",
            "$$a$$",
            "a\\b",
            "x".repeat(63),
            "x".repeat(64),
            "acme" + "ä".repeat(30))) {
      Reply refused = api.post("/v1/tenants", Fresh.tenant().put("slug", slug));
      assertThat(refused.status()).as(slug).isEqualTo(400);
      assertThat(refused.pointers()).as(slug).containsOnly("/slug");
    }
    for (String slug : List.of("public", "root", "imports")) {
      Reply refused = api.post("/v1/tenants", Fresh.tenant().put("slug", slug));
      assertThat(refused.problem()).as(slug).isEqualTo("slug-reserved");
    }
  }

  /** Random enough never to be taken or reserved. */
  private String valid() {
    StringBuilder slug = new StringBuilder().append(anyOf(LETTERS));
    int length = 18 + random.nextInt(23);
    while (slug.length() < length - 1) {
      slug.append(anyOf(INNER));
    }
    // Hyphens in third and fourth place look like an internationalised name (RFC 5891).
    if (slug.charAt(2) == '-') {
      slug.setCharAt(2, 'x');
    }
    return slug.append(anyOf(LETTERS)).toString();
  }

  private String almostValid() {
    String slug = valid();
    int place = 1 + random.nextInt(slug.length() - 2);
    return switch (random.nextInt(6)) {
      case 0 -> anyOf("-0123456789") + slug.substring(1);
      case 1 -> slug.substring(0, slug.length() - 1) + "-";
      case 2 -> slug + "x".repeat(41 - slug.length());
      case 3 -> slug.substring(0, 1 + random.nextInt(2));
      case 4 -> slug.substring(0, place) + anyOf("ABCXYZ") + slug.substring(place + 1);
      default ->
          slug.substring(0, place)
              + List.of(
                      "_", ".", " ", "\n", "/", "ä", "ß", "\u212a", "\uff0e", "😀", "%41", "\u200b")
                  .get(random.nextInt(12))
              + slug.substring(place + 1);
    };
  }

  private char anyOf(String characters) {
    return characters.charAt(random.nextInt(characters.length()));
  }
}
