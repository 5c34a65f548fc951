package dev.gatehouse.contract.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IssuerKeysTest {
  @Test
  void comeBackOutOfTheFeedAsTheyWereWhicheverTheyAre() throws Exception {
    IssuerKeys fetched =
        new IssuerKeys(Optional.of("https://id.example.com/certs"), Optional.empty());
    IssuerKeys given =
        new IssuerKeys(
            Optional.empty(),
            Optional.of(
                new ObjectMapper().readTree("{\"keys\": [{\"kty\": \"OKP\", \"x\": \"AQAB\"}]}")));
    for (IssuerKeys keys : Set.of(fetched, given)) {
      EdgeIdentityProvider provider =
          EdgeIdentityProvider.of(
              new UUID(0, 1), new UUID(0, 2), "Keycloak", "https://id", keys, Set.of("a"));
      assertThat(FeedCodec.decodeObject(provider.kind(), FeedCodec.encodeObject(provider)))
          .isEqualTo(provider);
    }
  }
}
