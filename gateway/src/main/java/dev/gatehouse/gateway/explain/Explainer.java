package dev.gatehouse.gateway.explain;

import dev.gatehouse.gateway.Stages;
import dev.gatehouse.gateway.admit.Sanitized;
import dev.gatehouse.gateway.authenticate.Authenticated;
import dev.gatehouse.gateway.authenticate.Authentication;
import dev.gatehouse.gateway.authenticate.Evidence;
import dev.gatehouse.gateway.directory.Tenant;
import dev.gatehouse.gateway.explain.Explanation.Verdict;
import dev.gatehouse.gateway.forward.DryRun;
import dev.gatehouse.gateway.forward.DryRun.Outlook;
import dev.gatehouse.gateway.limit.Admitted;
import dev.gatehouse.gateway.login.Logins;
import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.rejection.Rejections;
import dev.gatehouse.gateway.resolve.Resolved;
import dev.gatehouse.gateway.route.Routed;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Lets the stages decide about a request that nobody sent. It cannot disagree with what happens to
 * a real one: the stages are the same objects, each takes what the one before it proved, and none
 * can tell the difference. Two of them are asked in a way that changes nothing: the limit takes no
 * token, and nothing is signed; and what is not signed cannot be forwarded.
 */
public final class Explainer {
  private static final List<String> STAGES =
      List.of("admit", "resolve", "authenticate", "limit", "route", "sign");

  private final Stages stages;
  private final Logins logins;
  private final DryRun forwarding;

  public Explainer(Stages stages, Logins logins, DryRun forwarding) {
    this.stages = stages;
    this.logins = logins;
    this.forwarding = forwarding;
  }

  /**
   * Tells what would happen to a request now. Whoever is asked about a real one, such as a decision
   * service, is asked about this one, too.
   *
   * @param url absolute
   * @param method in upper case
   * @param headers lines such as {@code Accept: text/html}
   * @param client the address from which it comes; if it is not said, none is refused for that
   * @throws IllegalArgumentException if these are no request
   */
  public Future<Explanation> explain(
      String url, String method, List<String> headers, Optional<String> client) {
    return explain(ExplainedHead.of(url, method, headers, client), Evidence.NONE, Optional.empty());
  }

  /**
   * The same for somebody of one tenant. Requests that do not resolve to it are all answered alike,
   * whether they are another tenant's or nobody's, and no stage after that is asked.
   *
   * @throws IllegalArgumentException if these are no request
   */
  public Future<Explanation> explainFor(
      UUID tenant, String url, String method, List<String> headers, Optional<String> client) {
    return explain(
        ExplainedHead.of(url, method, headers, client), Evidence.NONE, Optional.of(tenant));
  }

  private Future<Explanation> explain(ExplainedHead head, Evidence evidence, Optional<UUID> only) {
    List<Step> steps = new ArrayList<>();
    try {
      Sanitized sanitized = stages.admission().admit(head);
      steps.add(Passed.admit(sanitized));
      Resolved resolved = stages.resolver().resolve(sanitized);
      if (!isOf(resolved.tenant(), only)) {
        throw Rejection.UnknownHost.INSTANCE;
      }
      steps.add(Passed.resolve(resolved));
      if (logins.take(resolved)) {
        steps.add(Passed.login(sanitized));
        return Future.succeededFuture(new Explanation(Verdict.ANSWERED, 0, steps));
      }
      return switch (stages.authenticator().authenticate(resolved, evidence)) {
        case Authenticated known -> Future.succeededFuture(fromHere(head, steps, known));
        case Authentication.Awaited awaited when evidence.mayWait() ->
            awaited
                .ready()
                .otherwise(Optional.empty())
                .compose(finding -> explain(head, evidence.with(finding), only));
        case Authentication.Awaited awaited -> throw awaited.otherwise();
      };
    } catch (Rejection rejection) {
      return Future.succeededFuture(
          isElsewhere(head, steps, rejection, only)
              ? ended(steps, Refused.elsewhere(), Rejection.UnknownHost.INSTANCE)
              : ended(steps, refused(head, steps, rejection), rejection));
    }
  }

  /** Whether the request ended before it was known to be of somebody of whom may be told. */
  private static boolean isElsewhere(
      ExplainedHead head, List<Step> passed, Rejection rejection, Optional<UUID> only) {
    boolean inResolve = STAGES.get(passed.size()).equals("resolve");
    return only.isPresent()
        && inResolve
        && rejection != Rejection.Overloaded.NOT_READY
        && head.tenant().filter(found -> isOf(found, only)).isEmpty();
  }

  private static boolean isOf(Tenant found, Optional<UUID> only) {
    return only.isEmpty() || only.get().equals(found.edge().id());
  }

  private Explanation fromHere(ExplainedHead head, List<Step> steps, Authenticated authenticated) {
    steps.add(Passed.authenticate(authenticated));
    Admitted admitted = stages.limits().wouldAdmit(authenticated);
    steps.add(Passed.limit(admitted));
    Candidates candidates = Candidates.of(authenticated.request());
    try {
      Routed routed = stages.router().route(admitted);
      steps.add(candidates.addTo(Passed.route(routed)));
      stages.signing().requireKey(routed);
      steps.add(Passed.sign(routed));
      Outlook outlook = forwarding.of(routed);
      Step last = ForwardStep.of(head, routed.service().name(), outlook);
      if (outlook.refusal().isPresent()) {
        return ended(steps, last, outlook.refusal().get());
      }
      steps.add(last);
      return new Explanation(Verdict.FORWARDED, 0, steps);
    } catch (Rejection rejection) {
      return ended(steps, candidates.addTo(refused(head, steps, rejection)), rejection);
    }
  }

  private static Explanation ended(List<Step> steps, Step last, Rejection rejection) {
    steps.add(last);
    Verdict verdict = verdictOf(rejection);
    int status = verdict == Verdict.FORWARDED ? 0 : Rejections.answerTo(rejection).status();
    return new Explanation(verdict, status, steps);
  }

  private static Verdict verdictOf(Rejection rejection) {
    return switch (rejection) {
      case Rejection.Redirected _ -> Verdict.REDIRECTED;
      case Rejection.ChallengeAnswered _ -> Verdict.ANSWERED;
      case Rejection.OutsideRegion outside when outside.isPassedOn() -> Verdict.FORWARDED;
      default -> Verdict.REFUSED;
    };
  }

  /** The stage that refused is the one after those that let it pass. */
  private static Step refused(ExplainedHead head, List<Step> passed, Rejection rejection) {
    return Refused.by(STAGES.get(passed.size()), head, rejection);
  }
}
