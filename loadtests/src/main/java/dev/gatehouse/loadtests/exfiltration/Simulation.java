package dev.gatehouse.loadtests.exfiltration;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.contract.edge.EdgeTenant;
import dev.gatehouse.contract.security.SecurityEvent;
import dev.gatehouse.contract.token.SecretToken;
import dev.gatehouse.gateway.authenticate.Credential;
import dev.gatehouse.gateway.authenticate.Principal;
import dev.gatehouse.gateway.exfiltration.EgressMeter;
import dev.gatehouse.gateway.exfiltration.ExfiltrationGuard;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.loadtests.exfiltration.Outcome.Taken;
import dev.gatehouse.loadtests.tenants.SyntheticTenants;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The same traffic as that of a {@link Drill}, without sockets and in no time: what the gateway
 * counts with is given the responses directly, by a clock of its own. For more days than anybody
 * would wait for.
 */
final class Simulation {
  private static final MultiMap NO_HEADERS = MultiMap.caseInsensitiveMultiMap();
  private static final String ADDRESS = "192.0.2.1";

  private final Plan plan;
  private final SplittableRandom random;
  private final List<Caller> callers;
  private final List<SecretToken> keys;
  private final List<Principal> principals;
  private final Map<UUID, EdgeTenant> tenants = new HashMap<>();
  private final List<SecurityEvent> events = new ArrayList<>();
  private final List<Taken> taken = new ArrayList<>();
  private final ExfiltrationGuard guard;
  private long nanos;

  private Simulation(Plan plan, long seed) {
    this.plan = plan;
    this.random = new SplittableRandom(seed);
    this.callers =
        IntStream.range(0, plan.callers()).mapToObj(i -> Caller.of(plan, i, random)).toList();
    this.keys = callers.stream().map(_ -> SecretToken.generate(SecretToken.Kind.API_KEY)).toList();
    this.principals = keys.stream().map(Simulation::principalOf).toList();
    callers.forEach(caller -> {
      EdgeTenant tenant = SyntheticTenants.tenant(caller.tenant());
      caller
          .attack()
          .map(attack -> tenant.with(attack.budget()))
          .ifPresentOrElse(
              attacked -> tenants.put(tenant.id(), attacked),
              () -> tenants.putIfAbsent(tenant.id(), tenant));
    });
    this.guard =
        new ExfiltrationGuard(
            plan.exfiltration(),
            () -> nanos,
            () -> Instant.EPOCH.plusNanos(nanos),
            events::add,
            new SimpleMeterRegistry());
  }

  private static Principal principalOf(SecretToken key) {
    return new Principal("caller", Set.of(), Set.of(), new Credential.Key(key.id()));
  }

  /** Lets all days pass. */
  static Outcome run(Plan plan, long seed) {
    return new Simulation(plan, seed).run();
  }

  private Outcome run() {
    for (int window = 0; window < plan.windows(); window++) {
      long begin = window * plan.window().toNanos();
      for (Fetch fetch : Fetch.of(callers, window, plan, begin, random)) {
        nanos = fetch.atNanos();
        answer(fetch);
      }
      nanos = begin + plan.window().toNanos();
      guard.sweep(0, id -> Optional.ofNullable(tenants.get(id)));
    }
    return new Outcome(plan, callers, keys, Instant.EPOCH, Duration.ZERO, events, taken);
  }

  private void answer(Fetch fetch) {
    Caller caller = fetch.caller();
    EdgeTenant tenant = requireNonNull(tenants.get(SyntheticTenants.id(caller.tenant())));
    try {
      EgressMeter meter = guard.admit(tenant, principals.get(caller.number()));
      meter.answered(NO_HEADERS, ADDRESS);
      if (!meter.breaksOff()) {
        meter.pass(fetch.bytes(), ADDRESS);
        caller
            .attack()
            .ifPresent(
                _ -> taken.add(new Taken(caller, Instant.EPOCH.plusNanos(nanos), fetch.bytes())));
      }
    } catch (Rejection.EgressBudget cutOff) {
      // As it should be.
    }
  }
}
