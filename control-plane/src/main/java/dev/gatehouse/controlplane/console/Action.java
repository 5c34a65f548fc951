package dev.gatehouse.controlplane.console;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An operation that forms of the console can ask for.
 *
 * @param operationId its name in the API
 * @param done what is told when it has been done
 * @param patch whether a field that is left empty takes away what is there
 * @param typed which parameter of the path must be typed as well, since it cannot be undone
 */
record Action(String operationId, String done, boolean patch, Optional<String> typed) {
  private static final Map<String, Action> ALL =
      Stream.of(
              plain("createTenant", "The tenant is there."),
              patch("patchTenant", "The tenant is changed."),
              plain("activateTenant", "The tenant is active."),
              named("suspendTenant", "The tenant is suspended.", "tenant"),
              plain("resumeTenant", "The tenant is active again."),
              named("archiveTenant", "The tenant is archived.", "tenant"),
              plain("restoreTenant", "The tenant is restored."),
              named("deleteTenant", "The tenant is deleted.", "tenant"),
              patch("patchTenantLimits", "The limits are changed."),
              plain("putSchedule", "It is scheduled."),
              plain("cancelSchedule", "It is not scheduled any more."),
              plain("placeTenant", "A place is being made."),
              plain("addDomain", "The domain is added."),
              plain("verifyDomain", "The domain is being looked at."),
              patch("patchDomain", "The domain is changed."),
              named("removeDomain", "The domain is removed.", "host"),
              plain("createInvitation", "The invitation is made."),
              plain("revokeInvitation", "The invitation is revoked."),
              patch("patchMember", "The member has the other role."),
              plain("removeMember", "The member is removed."),
              plain("createRole", "The role is there."),
              plain("deleteRole", "The role is gone."),
              plain("createApiKey", "The key is there."),
              plain("rotateApiKey", "The key has a successor."),
              plain("revokeApiKey", "The key is revoked."),
              plain("createPlan", "The plan is there."),
              patch("patchPlan", "The plan is changed."),
              named("deletePlan", "The plan is gone.", "plan"),
              plain("createService", "The service is there."),
              patch("patchService", "The service is changed."),
              named("deleteService", "The service is gone.", "service"),
              plain("createRoute", "The route is there."),
              plain("deleteRoute", "The route is gone."),
              plain("createBlueprint", "The blueprint is there."),
              plain("putBlueprintVersion", "The version is there."),
              plain("createRollout", "The rollout has begun."),
              plain("pauseRollout", "The rollout is paused."),
              plain("resumeRollout", "The rollout goes on."),
              plain("cancelRollout", "The rollout is cancelled."),
              plain("createCheckpoint", "The trail has a new checkpoint."),
              plain("rotatePartitionKey", "The key of the partition is being changed."),
              plain("rotateKeyset", "The keyset has a new key."))
          .collect(Collectors.toUnmodifiableMap(Action::operationId, Function.identity()));

  /** The one of this name; empty if no form asks for it. */
  static Optional<Action> of(String operationId) {
    return Optional.ofNullable(ALL.get(operationId));
  }

  private static Action plain(String operationId, String done) {
    return new Action(operationId, done, false, Optional.empty());
  }

  private static Action patch(String operationId, String done) {
    return new Action(operationId, done, true, Optional.empty());
  }

  private static Action named(String operationId, String done, String parameter) {
    return new Action(operationId, done, false, Optional.of(parameter));
  }
}
