package dev.gatehouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.contract.edge.EdgeLimits;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is left of a month. */
class MonthlyQuotaTest {
  private static EdgeLimits limits(OptionalLong requests, OptionalLong gigabytes) {
    OptionalLong none = OptionalLong.empty();
    return new EdgeLimits(none, none, none, none, none, requests, gigabytes);
  }

  private final MonthlyQuota quota =
      MonthlyQuota.NONE.changed(limits(OptionalLong.of(1000), OptionalLong.of(2)));

  private void admit(int count) {
    for (int i = 0; i < count; i++) {
      quota.admitted();
    }
  }

  @Test
  void isUsedUpByWhatIsCountedHereAtOnce() {
    admit(999);
    assertThat(quota.isUsedUp()).isFalse();
    admit(1);
    assertThat(quota.isUsedUp()).isTrue();
  }

  @Test
  void countsWhatThisGatewayHasReportedOnceOnly() {
    admit(400);
    quota.reported(300, 0);
    quota.settle(500, 0); // 200 by others
    assertThat(quota.usedRequests()).isEqualTo(600);
    admit(400);
    assertThat(quota.isUsedUp()).isTrue();
    quota.reported(500, 0);
    quota.settle(1000, 0);
    assertThat(quota.usedRequests()).isEqualTo(1000);
  }

  @Test
  void isUsedUpByBytesOfBothWays() {
    quota.transferred(1_999_999_999L);
    assertThat(quota.isUsedUp()).isFalse();
    quota.transferred(1);
    assertThat(quota.isUsedUp()).isTrue();
  }

  @Test
  void beginsAnewWithTheMonth() {
    admit(1000);
    quota.reported(900, 0);
    quota.settle(5000, 0);
    quota.beginMonth();
    assertThat(quota.usedRequests()).isZero();
    assertThat(quota.isUsedUp()).isFalse();
  }

  @Test
  void goesOnWithOtherLimitsAndWhatWasUsed() {
    admit(1000);
    MonthlyQuota raised = quota.changed(limits(OptionalLong.of(1001), OptionalLong.empty()));
    assertThat(raised).isSameAs(quota);
    assertThat(raised.isUsedUp()).isFalse();
    assertThat(raised.mostBytes()).isEmpty();
    admit(1);
    assertThat(raised.isUsedUp()).isTrue();
    assertThat(raised.changed(EdgeLimits.NONE)).isSameAs(MonthlyQuota.NONE);
  }

  @Test
  void doesNotOverflow() {
    MonthlyQuota much =
        MonthlyQuota.NONE.changed(
            limits(OptionalLong.empty(), OptionalLong.of(Long.MAX_VALUE / 2)));
    much.transferred(Long.MAX_VALUE / 4);
    assertThat(much.isUsedUp()).isFalse();
  }

  @Test
  void countsNothingWhereThereIsNoQuota() {
    MonthlyQuota.NONE.admitted();
    MonthlyQuota.NONE.transferred(5);
    MonthlyQuota.NONE.settle(9, 9);
    assertThat(MonthlyQuota.NONE.usedRequests()).isZero();
    assertThat(MonthlyQuota.NONE.isUsedUp()).isFalse();
  }
}
