package dev.gatehouse.loadtests.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.context.SigningKeys;
import dev.gatehouse.contract.edge.EdgeApiKey;
import dev.gatehouse.contract.edge.EdgeObject;
import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.tenant.Hostname;
import dev.gatehouse.contract.token.SecretToken;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class SyntheticTenantsTest {
  private static final SyntheticTenants TEN = new SyntheticTenants(10);

  @Test
  void haveOneKeyEachThatOpensTheirOwnDoor() {
    List<EdgeObject> objects = TEN.objects(9, SigningKeys.generate()).toList();
    List<EdgeTenant> tenants = only(EdgeTenant.class, objects);
    List<EdgeApiKey> keys = only(EdgeApiKey.class, objects);

    assertThat(tenants).as("with the one that is limited").hasSize(11);
    assertThat(keys).hasSize(11);
    for (int i = 0; i < 11; i++) {
      SecretToken presented = SyntheticTenants.apiKey(i);
      assertThat(keys.get(i).id()).isEqualTo(presented.id());
      assertThat(keys.get(i).tenantId()).isEqualTo(tenants.get(i).id());
      assertThat(presented.matches(HexFormat.of().parseHex(keys.get(i).hash()))).isTrue();
    }
  }

  @Test
  void areLimitedEachAndOneOfThemTightly() {
    List<EdgeTenant> tenants =
        only(EdgeTenant.class, TEN.objects(9, SigningKeys.generate()).toList());

    assertThat(tenants).allMatch(tenant -> tenant.limits().requestsPerSecond().isPresent());
    assertThat(tenants)
        .filteredOn(tenant -> tenant.limits().burst().orElseThrow() == SyntheticTenants.LOW_BURST)
        .extracting(EdgeTenant::id)
        .containsExactly(SyntheticTenants.id(TEN.limited()));
    assertThat(TEN.requests())
        .noneMatch(request -> request.contains(SyntheticTenants.host(TEN.limited())));
  }

  @Test
  void areAllDifferent() {
    assertThat(only(EdgeTenant.class, TEN.objects(9, SigningKeys.generate()).toList()))
        .extracting(EdgeTenant::id)
        .doesNotHaveDuplicates();
    assertThat(TEN.requests()).doesNotHaveDuplicates();
  }

  @Test
  void askAtTheirOwnHostWithTheirOwnKey() {
    assertThat(Hostname.isValid(SyntheticTenants.host(7))).isTrue();
    assertThat(TEN.requests().get(7))
        .contains("Host: " + SyntheticTenants.host(7) + "\r\n")
        .contains("X-API-Key: " + SyntheticTenants.apiKey(7).reveal() + "\r\n")
        .endsWith("\r\n\r\n");
  }

  private static <T> List<T> only(Class<T> type, List<EdgeObject> objects) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
