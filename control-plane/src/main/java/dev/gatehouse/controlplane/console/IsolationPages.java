package dev.gatehouse.controlplane.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where the data of tenants are: partitions, blueprints and their rollouts. */
final class IsolationPages {
  private static final int MOST_WAVES = 24;

  Map<String, View.Maker> all() {
    return Map.of(
        "/partitions", this::partitions,
        "/partitions/:partition", this::partition,
        "/blueprints", this::blueprints,
        "/blueprints/:blueprint", this::blueprint,
        "/rollouts/:rollout", this::rollout);
  }

  private View partitions(Visit visit) {
    return View.of("partitions", "Partitions", "partitions")
        .with("partitions", visit.read("listPartitions", Map.of(), visit.paged(Map.of())))
        .with("policy", visit.peek("getPlacementPolicy", Map.of(), Map.of()));
  }

  private View partition(Visit visit) {
    Map<String, String> path = Map.of("partition", visit.path("partition"));
    return View.of("partition", visit.path("partition"), "partitions")
        .with("partition", visit.read("getPartition", path))
        .with("placements", visit.peek("listPlacements", path, visit.paged(Map.of())));
  }

  private View blueprints(Visit visit) {
    return View.of("blueprints", "Blueprints", "blueprints")
        .with("blueprints", visit.read("listBlueprints", Map.of(), visit.paged(Map.of())));
  }

  private View blueprint(Visit visit) {
    Map<String, String> path = Map.of("blueprint", visit.path("blueprint"));
    Map<String, Object> blueprint = visit.read("getBlueprint", path);
    int newest = ((Number) blueprint.getOrDefault("newestVersion", 0)).intValue();
    View view =
        View.of("blueprint", visit.path("blueprint"), "blueprints")
            .with("blueprint", blueprint)
            .with("next", newest + 1)
            .with(
                "rollouts",
                visit.read("listRollouts", path, visit.paged(Map.of("limit", "20"), "rollouts")))
            .with(
                "places", visit.read("listBlueprintPlaces", path, visit.paged(Map.of(), "places")))
            .with(
                "failed",
                visit.read("listBlueprintPlaces", path, Map.of("limit", "50", "which", "failed")));
    if (newest > 0) {
      view =
          view.with(
              "version",
              visit.read(
                  "getBlueprintVersion",
                  Map.of(
                      "blueprint", visit.path("blueprint"),
                      "version", Integer.toString(newest))));
    }
    return view;
  }

  private View rollout(Visit visit) {
    Map<String, String> path = Map.of("rollout", visit.path("rollout"));
    Map<String, Object> rollout = visit.read("getRollout", path);
    Map<String, Object> steps = visit.read("listRolloutSteps", path, visit.paged(Map.of()));
    if (visit.query("live").isPresent() && !"running".equals(rollout.get("state"))) {
      // The rest of the page is about one that runs.
      visit.context().response().putHeader("HX-Refresh", "true");
    }
    List<Map<String, Object>> waves = waves(rollout);
    int from =
        Math.clamp(number(rollout, "currentWave") - 3L, 0, Math.max(0, waves.size() - MOST_WAVES));
    return View.of("rollout", "Rollout of " + rollout.get("blueprint"), "blueprints")
        .with("rollout", rollout)
        .with("waves", waves.subList(from, Math.min(waves.size(), from + MOST_WAVES)))
        .with("more", waves.size() > MOST_WAVES)
        .with("steps", steps)
        .with(
            "failures",
            visit.read("listRolloutSteps", path, Map.of("limit", "20", "state", "failed")));
  }

  /** How the places of a rollout fall into waves, by its numbers: the canary, then even ones. */
  private static List<Map<String, Object>> waves(Map<String, Object> rollout) {
    int total = number(rollout, "total");
    int ended = number(rollout, "done") + number(rollout, "failed");
    int canary = Math.min(number(rollout, "canary"), total);
    int size = Math.max(1, number(rollout, "wave"));
    List<Map<String, Object>> waves = new ArrayList<>();
    int from = 0;
    for (int wave = 0; from < total; wave++) {
      int places = Math.min(wave == 0 ? canary : size, total - from);
      if (places > 0) {
        Map<String, Object> one = new TreeMap<>();
        one.put("number", wave);
        one.put("places", places);
        one.put("ended", Math.clamp(ended - from, 0, places));
        waves.add(one);
      }
      from += places;
    }
    return waves;
  }

  private static int number(Map<String, Object> document, String name) {
    return document.get(name) instanceof Number number ? number.intValue() : 0;
  }
}
