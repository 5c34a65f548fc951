package dev.gatehouse.gateway.directory;

import dev.gatehouse.contract.edge.DomainChallenge;
import dev.gatehouse.contract.edge.EdgeDomains;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The challenges that the control plane may ask hosts: of hosts that are not served yet, and of
 * those that must prove from time to time that they still lead here. Any thread reads; one writes.
 */
public final class Challenges {
  private final Map<Question, Answer> answers = new ConcurrentHashMap<>();

  /**
   * What is answered at a host.
   *
   * @param host in normal form
   * @param path of the request, without the query
   * @return empty if it is no challenge of this host
   */
  public Optional<String> answer(String host, String path) {
    String token = path.substring(DomainChallenge.PATH.length());
    return Optional.ofNullable(answers.get(new Question(host, token))).map(Answer::text);
  }

  void add(Tenant tenant) {
    challengesOf(tenant)
        .forEach(challenge ->
            answers.put(Question.of(challenge), new Answer(tenant, challenge.answer())));
  }

  /** Only what is still this tenant's, as it was. */
  void remove(Tenant gone) {
    challengesOf(gone)
        .forEach(challenge ->
            answers.computeIfPresent(
                Question.of(challenge), (_, answer) -> answer.tenant() == gone ? null : answer));
  }

  private static List<DomainChallenge> challengesOf(Tenant tenant) {
    return tenant.edge().domains().flatMap(EdgeDomains::challenges).orElse(List.of());
  }

  private record Question(String host, String token) {
    static Question of(DomainChallenge challenge) {
      return new Question(challenge.host().value(), challenge.token());
    }
  }

  private record Answer(Tenant tenant, String text) {}
}
