package dev.gatehouse.controlplane.health;

import java.util.List;
import java.util.stream.Stream;

/** How many points a measured value has: linear between places, and the same beyond the last. */
record Scale(List<Place> places) {
  /** A value, and its points. */
  record Place(double value, int points) {}

  /**
   * @throws IllegalArgumentException if values do not grow, or points do not fall
   */
  Scale {
    for (int i = 1; i < places.size(); i++) {
      if (places.get(i).value <= places.get(i - 1).value
          || places.get(i).points > places.get(i - 1).points) {
        throw new IllegalArgumentException("values must grow and points fall, found " + places);
      }
    }
  }

  static Scale from(double value, int points) {
    return new Scale(List.of(new Place(value, points)));
  }

  /** With one more place. */
  Scale to(double value, int points) {
    return new Scale(Stream.concat(places.stream(), Stream.of(new Place(value, points))).toList());
  }

  int points(double value) {
    Place before = places.getFirst();
    if (value <= before.value) {
      return before.points;
    }
    for (Place place : places) {
      if (value < place.value) {
        double part = (value - before.value) / (place.value - before.value);
        return (int) Math.round(before.points + part * (place.points - before.points));
      }
      before = place;
    }
    return before.points;
  }
}
