package dev.gatehouse.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.backends.TestBackends;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code token-bucket.lua} on a real Redis, at times that the tests choose. Only the expiry of keys
 * follows Redis's own clock, so buckets here take long to fill.
 */
@Timeout(60)
class TokenBucketScriptTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Redis REDIS = Redis.createClient(VERTX, TestBackends.redisUrl());

  private static final long SECOND = 1_000_000;
  private static final long START = 1_700_000_000 * SECOND;
  private static final long BURST = 1000;
  private static final long RATE = 2;
  private static final long GREATEST_DEBT = 500;

  private final String key = freshKey();

  @AfterAll
  static void closeClient() {
    REDIS.close();
    VERTX.close();
  }

  @Test
  void believesTheGatewayAboutABucketItDoesNotKnow() throws Exception {
    assertThat(run(START, 0, bucket(key, 7, 400))).containsExactly(400L);
    assertThat(run(START, 0, bucket(key, 0, 999))).containsExactly(400L);
  }

  @Test
  void takesWhatWasConsumed() throws Exception {
    run(START, 0, bucket(key, 0, 400));
    assertThat(run(START, 0, bucket(key, 30, 0))).containsExactly(370L);
  }

  @Test
  void refillsAtTheRate() throws Exception {
    run(START, 0, bucket(key, 0, 400));
    assertThat(run(START + 10 * SECOND, 0, bucket(key, 0, 0))).containsExactly(420L);
  }

  @Test
  void keepsPartsOfATokenAndAnswersWholeOnes() throws Exception {
    run(START, 0, bucket(key, 0, 400));
    assertThat(run(START + SECOND / 4, 0, bucket(key, 0, 0))).containsExactly(400L);
    assertThat(run(START + SECOND / 2, 0, bucket(key, 0, 0))).containsExactly(401L);
  }

  @Test
  void roundsADebtUp() throws Exception {
    run(START, 0, bucket(key, 0, -10));
    assertThat(run(START + SECOND / 4, 0, bucket(key, 0, 0))).containsExactly(-10L);
  }

  @Test
  void neverHoldsMoreThanTheBurst() throws Exception {
    run(START, 0, bucket(key, 0, 400));
    assertThat(run(START + 3600 * SECOND, 0, bucket(key, 0, 0))).containsExactly(BURST);
  }

  @Test
  void neverBelievesInMoreThanTheBurst() throws Exception {
    assertThat(run(START, 0, bucket(key, 0, BURST + 1))).containsExactly(BURST);
  }

  @Test
  void creditsWhatWasRefilledWhileTokensWereTaken() throws Exception {
    run(START, 0, bucket(key, 0, 990));
    // 20 tokens came in and 15 went out at the same time: 990 + 20 - 15, though 1000 is the most.
    assertThat(run(START + 10 * SECOND, 10 * SECOND, bucket(key, 15, 0))).containsExactly(995L);
  }

  @Test
  void creditsNoMoreThanWasRefilledWhileTokensWereTaken() throws Exception {
    run(START, 0, bucket(key, 0, 990));
    assertThat(run(START + 60 * SECOND, 10 * SECOND, bucket(key, 50, 0))).containsExactly(970L);
  }

  @Test
  void boundsTheDebt() throws Exception {
    run(START, 0, bucket(key, 0, 400));
    assertThat(run(START, 0, bucket(key, 1_000_000, 0))).containsExactly(-GREATEST_DEBT);
  }

  @Test
  void boundsTheDebtThatAGatewayTellsOf() throws Exception {
    assertThat(run(START, 0, bucket(key, 0, -1_000_000))).containsExactly(-GREATEST_DEBT);
  }

  @Test
  void paysADebtByTheRefill() throws Exception {
    run(START, 0, bucket(key, 0, -100));
    assertThat(run(START + 51 * SECOND, 0, bucket(key, 0, 0))).containsExactly(2L);
  }

  @Test
  void cutsTheTokensToALoweredBurst() throws Exception {
    run(START, 0, bucket(key, 0, 900));
    Bucket lowered = new Bucket(key, 0, 0, 100, RATE, GREATEST_DEBT);
    assertThat(run(START, 0, lowered)).containsExactly(100L);
  }

  @Test
  void refillsNothingWhenTheClockGoesBackAndCountsOnFromThere() throws Exception {
    run(START, 0, bucket(key, 0, 400));
    assertThat(run(START - 100 * SECOND, 0, bucket(key, 10, 0))).containsExactly(390L);
    assertThat(run(START - 90 * SECOND, 0, bucket(key, 0, 0))).containsExactly(410L);
  }

  @Test
  void readsTheClockOfRedisWhereNoTimeIsGiven() throws Exception {
    long before = timeOfRedis();
    run(0, 0, bucket(key, 0, 400));
    assertThat(Long.parseLong(send(Command.HGET, key, "at").toString()))
        .isBetween(before, timeOfRedis());
  }

  @Test
  void keepsNothingOfAFullBucket() throws Exception {
    run(START, 0, bucket(key, 0, 400));
    run(START + 3600 * SECOND, 0, bucket(key, 0, 0));
    assertThat(send(Command.EXISTS, key).toLong()).isZero();
  }

  @Test
  void letsABucketExpireWhenItIsFull() throws Exception {
    run(START, 0, bucket(key, 0, 400));
    long untilFull = (BURST - 400) * 1000 / RATE;
    assertThat(send(Command.PTTL, key).toLong()).isBetween(untilFull - 60_000, untilFull + 1);
  }

  @Test
  void keepsADebtUntilItIsPaidAndTheBucketFull() throws Exception {
    run(START, 0, bucket(key, 0, -400));
    long untilFull = (BURST + 400) * 1000 / RATE;
    assertThat(send(Command.PTTL, key).toLong()).isBetween(untilFull - 60_000, untilFull + 1);
  }

  @Test
  void servesSeveralTenantsInTheOrderOfTheirKeys() throws Exception {
    String second = freshKey();
    String third = freshKey();
    run(START, 0, bucket(third, 0, 300), bucket(key, 0, 100));
    assertThat(
            run(
                START + 10 * SECOND,
                0,
                new Bucket(key, 5, 0, BURST, 1, GREATEST_DEBT),
                bucket(second, 5, 200),
                new Bucket(third, 600, 0, BURST, 3, 200)))
        .containsExactly(105L, 200L, -200L);
  }

  @Test
  void replacesWhatIsNotABucketAndServesTheOthers() throws Exception {
    String text = freshKey();
    String list = freshKey();
    String otherHash = freshKey();
    String half = freshKey();
    send(Command.SET, text, "12");
    send(Command.RPUSH, list, "12");
    send(Command.HSET, otherHash, "tokens", "many", "at", "noon");
    send(Command.HSET, half, "tokens", "12");
    Bucket[] buckets = {
      bucket(text, 1, 100),
      bucket(key, 1, 200),
      bucket(list, 1, 300),
      bucket(otherHash, 1, 400),
      bucket(half, 1, BURST)
    };
    assertThat(run(START, 0, buckets)).containsExactly(100L, 200L, 300L, 400L, BURST);
    assertThat(run(START, 0, buckets)).containsExactly(99L, 199L, 299L, 399L, BURST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "many", "nan", "inf", "-inf", "1e999", "1 2"})
  void refusesAnArgumentThatIsNoNumber(String malformed) throws Exception {
    for (int position = 1; position <= 7; position++) {
      List<Object> arguments = arguments(START, 0, bucket(key, 1, 2));
      arguments.set(position - 1, malformed);
      assertThatThrownBy(() -> evaluate(List.of(key), arguments))
          .hasMessageContaining(
              "ERR argument " + position + " must be a number, found " + malformed);
    }
    assertThat(send(Command.EXISTS, key).toLong()).isZero();
  }

  @Test
  void refusesMissingAndSurplusArguments() throws Exception {
    String expected = "ERR expected 2 arguments and 5 for each of the 1 keys, found ";
    List<Object> arguments = arguments(START, 0, bucket(key, 1, 2));
    assertThatThrownBy(() -> evaluate(List.of(key), List.of()))
        .hasMessageContaining(expected + "0");
    assertThatThrownBy(() -> evaluate(List.of(key), arguments.subList(0, 6)))
        .hasMessageContaining(expected + "6");
    arguments.add(1);
    assertThatThrownBy(() -> evaluate(List.of(key), arguments))
        .hasMessageContaining(expected + "8");
    assertThat(send(Command.EXISTS, key).toLong()).isZero();
  }

  @Test
  void changesNobodysBucketWhereOneRateIsImpossible() throws Exception {
    String second = freshKey();
    run(START, 0, bucket(key, 0, 400));
    Bucket noBurst = new Bucket(second, 0, 0, 0, 1, GREATEST_DEBT);
    Bucket noRate = new Bucket(second, 0, 0, 1, 0, GREATEST_DEBT);
    assertThatThrownBy(() -> run(START, 0, bucket(key, 5, 0), noBurst))
        .hasMessageContaining("ERR burst and rate must be at least 1, found 0 and 1");
    assertThatThrownBy(() -> run(START, 0, bucket(key, 5, 0), noRate))
        .hasMessageContaining("ERR burst and rate must be at least 1, found 1 and 0");
    assertThat(run(START, 0, bucket(key, 0, 0))).containsExactly(400L);
  }

  private record Bucket(
      String key, long taken, long remaining, long burst, long rate, long greatestDebt) {}

  private static Bucket bucket(String key, long taken, long remaining) {
    return new Bucket(key, taken, remaining, BURST, RATE, GREATEST_DEBT);
  }

  private static String freshKey() {
    return SharedBuckets.KEY_PREFIX + "{" + UUID.randomUUID() + "}";
  }

  private static List<Long> run(long nowMicros, long overMicros, Bucket... buckets)
      throws Exception {
    List<String> keys = Arrays.stream(buckets).map(Bucket::key).toList();
    Response left = evaluate(keys, arguments(nowMicros, overMicros, buckets));
    return left.stream().map(Response::toLong).toList();
  }

  private static List<Object> arguments(long nowMicros, long overMicros, Bucket... buckets) {
    List<Object> arguments = new ArrayList<>(List.of(nowMicros, overMicros));
    for (Bucket bucket : buckets) {
      arguments.addAll(
          List.of(
              bucket.taken(),
              bucket.remaining(),
              bucket.burst(),
              bucket.rate(),
              bucket.greatestDebt()));
    }
    return arguments;
  }

  private static Response evaluate(List<String> keys, List<Object> arguments) throws Exception {
    List<Object> all = new ArrayList<>(List.of(SharedBuckets.SCRIPT, keys.size()));
    all.addAll(keys);
    all.addAll(arguments);
    return send(Command.EVAL, all.toArray());
  }

  private static Response send(Command command, Object... arguments) throws Exception {
    return REDIS
        .send(Request.cmd(command, arguments))
        .toCompletionStage()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static long timeOfRedis() throws Exception {
    Response time = send(Command.TIME);
    return Long.parseLong(time.get(0) + "000000") + Long.parseLong(time.get(1).toString());
  }
}
