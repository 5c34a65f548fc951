package dev.gatehouse.controlplane.isolation;

import dev.gatehouse.contract.database.IsolationStrategy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who is placed where: the first rule for a tenant's plan says how and in which class of
 * partitions; what the tenant's own document says comes before it. Of those that are left the least
 * loaded is taken.
 */
final class PlacementPolicy {
  private final List<Rule> rules;

  private PlacementPolicy(List<Rule> rules) {
    this.rules = rules;
  }

  /**
   * One rule.
   *
   * @param plans for which it is; for all if empty
   * @param tags that a partition must have, all of them
   */
  private record Rule(Set<String> plans, IsolationStrategy strategy, Set<String> tags) {
    static Rule of(JsonObject json) {
      return new Rule(
          texts(json, "plans"),
          IsolationStrategy.fromWireName(json.getString("strategy")),
          texts(json, "tags"));
    }

    boolean isFor(Optional<String> plan) {
      return plans.isEmpty() || plan.filter(plans::contains).isPresent();
    }
  }

  /**
   * What a tenant is to have.
   *
   * @param partition by hand; the policy's choice if empty
   * @param tags that the partition must have
   * @param region that it must stand in
   */
  record Wish(
      IsolationStrategy strategy,
      Optional<String> partition,
      Set<String> tags,
      Optional<String> region) {

    /** Whether a partition may be given such a tenant. */
    boolean allows(Partition candidate) {
      return candidate.isOpen()
          && candidate.tenants() < candidate.capacity()
          && candidate.holds(strategy)
          && partition.map(candidate.name()::equals).orElse(candidate.tags().containsAll(tags))
          && region.map(place -> candidate.region().filter(place::equals).isPresent()).orElse(true);
    }

    /** In words, for whoever wonders why there is none. */
    String inWords() {
      StringBuilder words = new StringBuilder("that is open, has room and holds tenants as ");
      words.append(strategy.wireName());
      partition.ifPresent(name -> words.append(", of the name ").append(name));
      if (partition.isEmpty() && !tags.isEmpty()) {
        words.append(", with the tags ").append(String.join(", ", tags.stream().sorted().toList()));
      }
      region.ifPresent(place -> words.append(", in the region ").append(place));
      return words.toString();
    }
  }

  /** Reads a policy; valid by the API's document. */
  static PlacementPolicy of(JsonObject document) {
    JsonArray rules = document.getJsonArray("rules");
    return new PlacementPolicy(rules.stream().map(rule -> Rule.of((JsonObject) rule)).toList());
  }

  /**
   * What a tenant is to have; empty if no rule is for its plan and it says nothing itself.
   *
   * @param database what its document says of its database
   * @param region what it is bound to
   */
  Optional<Wish> wishOf(Optional<String> plan, JsonObject database, Optional<String> region) {
    Optional<Rule> rule = rules.stream().filter(each -> each.isFor(plan)).findFirst();
    Optional<IsolationStrategy> own =
        Optional.ofNullable(database.getString("strategy")).map(IsolationStrategy::fromWireName);
    return own.or(() -> rule.map(Rule::strategy))
        .map(strategy ->
            new Wish(
                strategy,
                Optional.ofNullable(database.getString("connection")),
                rule.map(Rule::tags).orElse(Set.of()),
                region));
  }

  /** The least loaded that the wish allows. */
  static Optional<Partition> choose(Wish wish, List<Partition> partitions) {
    return partitions.stream()
        .filter(wish::allows)
        .min(Comparator.comparingDouble(Partition::load).thenComparing(Partition::name));
  }

  private static Set<String> texts(JsonObject json, String member) {
    List<?> all = json.getJsonArray(member, new JsonArray()).getList();
    return all.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
  }
}
