package dev.gatehouse.gateway.limit;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tenants' buckets in Redis, over one connection; see {@code token-bucket.lua} for what happens
 * there. Every future fails with what Redis or the connection says; none has a time limit.
 */
final class SharedBuckets {
  /** What the keys begin with; a hash tag follows, so that a Redis Cluster spreads the tenants. */
  static final String KEY_PREFIX = "gh:rate:";

  static final String SCRIPT = readScript();

  /** Makes Redis tell the time, so that the clocks of the gateways need not agree. */
  static final LongSupplier CLOCK_OF_REDIS = () -> 0;

  private static final TokenRate TRIAL_RATE = new TokenRate(1000, 1000);

  private final RedisConnection redis;
  private final String sha;
  private final Duration maxDebt;
  private final LongSupplier nowMicros;

  private SharedBuckets(
      RedisConnection redis, String sha, Duration maxDebt, LongSupplier nowMicros) {
    this.redis = redis;
    this.sha = sha;
    this.maxDebt = maxDebt;
    this.nowMicros = nowMicros;
  }

  /**
   * Loads the script and tries it on a bucket of its own: a Redis that refuses to write (a replica,
   * out of memory, missing permission) is found out here and not by the first tenant.
   */
  static Future<SharedBuckets> open(
      RedisConnection redis, Duration maxDebt, LongSupplier nowMicros) {
    Report trial = new Report("trial", 1, 0, TRIAL_RATE);
    return load(redis)
        .map(sha -> new SharedBuckets(redis, sha, maxDebt, nowMicros))
        .compose(buckets -> buckets.report(List.of(trial), Duration.ZERO).map(buckets));
  }

  /**
   * Takes what was consumed out of the shared buckets.
   *
   * @param reports one a tenant
   * @param over the time over which it was consumed
   * @return the tokens left in each bucket, in the order of the reports; negative for a debt
   */
  Future<List<Long>> report(List<Report> reports, Duration over) {
    return redis
        .send(evaluation(reports, over))
        .recover(cause ->
            isForgotten(cause)
                ? load(redis).compose(_ -> redis.send(evaluation(reports, over)))
                : Future.failedFuture(cause))
        .map(answer -> tokensIn(answer, reports.size()));
  }

  private Request evaluation(List<Report> reports, Duration over) {
    Request request = Request.cmd(Command.EVALSHA).arg(sha).arg(reports.size());
    for (Report report : reports) {
      request.arg(KEY_PREFIX + "{" + report.tenant() + "}");
    }
    request.arg(nowMicros.getAsLong()).arg(over.toNanos() / 1000);
    for (Report report : reports) {
      TokenRate rate = report.rate();
      request
          .arg(report.taken())
          .arg(report.remaining())
          .arg(rate.burst())
          .arg(rate.perSecond())
          .arg(rate.burst() + rate.perSecond() * maxDebt.toMillis() / 1000);
    }
    return request;
  }

  private static List<Long> tokensIn(@Nullable Response answer, int expected) {
    if (answer == null || !answer.isArray() || answer.size() != expected) {
      throw new IllegalStateException(
          "Redis must answer " + expected + " numbers, found " + answer);
    }
    return answer.stream().map(Response::toLong).toList();
  }

  private static Future<String> load(RedisConnection redis) {
    return redis.send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(SCRIPT)).map(String::valueOf);
  }

  private static boolean isForgotten(Throwable cause) {
    String message = cause.getMessage();
    return message != null && message.startsWith("NOSCRIPT");
  }

  private static String readScript() {
    try (InputStream script = SharedBuckets.class.getResourceAsStream("token-bucket.lua")) {
      if (script == null) {
        throw new IllegalStateException("token-bucket.lua must lie beside " + SharedBuckets.class);
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What one gateway says of one tenant.
   *
   * @param tenant names the bucket
   * @param taken tokens consumed since the last report; negative where that one said too many
   * @param remaining tokens left at this gateway; counts where Redis does not know the tenant
   * @param rate the tenant's current rate
   */
  record Report(String tenant, long taken, long remaining, TokenRate rate) {}
}
