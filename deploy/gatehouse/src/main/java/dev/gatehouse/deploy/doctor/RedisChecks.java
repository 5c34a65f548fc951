package dev.gatehouse.deploy.doctor;

import dev.gatehouse.gateway.redis.RedisConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The gateways' Redis. */
final class RedisChecks {
  private static final int OLDEST = 7;

  private final RedisConfig at;
  private final InstantSource clock;

  // Written by the first check, which the others wait for.
  private volatile String info = "";
  private volatile Finding skew = Finding.skipped("It was not asked.");

  RedisChecks(RedisConfig at, InstantSource clock) {
    this.at = at;
    this.clock = clock;
  }

  Group group() {
    return Group.behind(
        "Redis " + at.url().getHost() + ":" + RedisSocket.portOf(at.url()),
        Check.of("login", this::login),
        List.of(
            Check.of("version", this::version),
            Check.of("eviction", this::eviction),
            Check.of("clock", () -> skew)));
  }

  private Finding login() {
    try (RedisSocket redis = RedisSocket.open(at)) {
      info = redis.ask("INFO");
      Instant asked = clock.instant();
      List<Long> time = redis.ask("TIME").lines().map(Long::valueOf).toList();
      Instant theirs = Instant.ofEpochSecond(time.get(0)).plusNanos(1000L * time.get(1));
      skew = Skew.of(asked, theirs, clock.instant(), Duration.ZERO);
      return Finding.ok("It answers.");
    } catch (IOException e) {
      String reason = Reasons.of(e);
      if (reason.startsWith("NOAUTH") || reason.startsWith("WRONGPASS")) {
        return Finding.failed(
            "It does not take the user or the password: " + reason + ".",
            "Correct redis.url of the gateways' configuration, redis://user:password@host:port.");
      } else if (reason.startsWith("NOPERM")) {
        return Finding.failed(
            "Its user may not do what is needed: " + reason + ".", "Give it more by ACL SETUSER.");
      }
      return unreachable(reason, "rediss".equals(at.url().getScheme()));
    }
  }

  private static Finding unreachable(String reason, boolean tls) {
    return Finding.failed(
        "It cannot be reached: " + reason + ".",
        "Start Redis there, or correct redis.url of the gateways' configuration"
            + (tls
                ? ": its certificate must be for the host in it, and by an authority in redis.trust;"
                    + " redis.certificate and redis.key are what it may ask the gateway for."
                : ".")
            + " Until then each gateway limits alone, and nobody can log in.");
  }

  private Finding version() {
    String version = told("redis_version");
    Matcher major = Pattern.compile("(\\d{1,4})\\..*").matcher(version);
    if (!major.matches()) {
      return Finding.skipped("It does not say which it is.");
    }
    return Integer.parseInt(major.group(1)) >= OLDEST
        ? Finding.ok("Redis " + version)
        : Finding.failed("Redis " + version + " is too old.", "Upgrade it to 7 or newer.");
  }

  private Finding eviction() {
    String policy = told("maxmemory_policy");
    String most = told("maxmemory");
    if (policy.isEmpty() || most.isEmpty()) {
      return Finding.skipped("It does not say what it does when its memory is used up.");
    } else if (most.equals("0")) {
      return Finding.ok("It has no limit of memory, so nothing is given up.");
    } else if (policy.equals("volatile-ttl") || policy.equals("noeviction")) {
      return Finding.ok("Its policy, when its memory is used up, is " + policy + ".");
    }
    return Finding.warning(
        "When its memory is used up, it may give up sessions before what is over soon ("
            + policy
            + ").",
        "CONFIG SET maxmemory-policy volatile-ttl, and the same in redis.conf; watch its memory.");
  }

  private String told(String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }
}
