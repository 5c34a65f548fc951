package dev.gatehouse.deploy.doctor;

import dev.gatehouse.deploy.config.Redaction;
import java.util.List;

/**
 * Checks of one thing.
 *
 * @param title what is looked at; passwords in URLs are taken out
 * @param gate must not fail, or the others would only say the same again
 * @param others in the order in which they are shown
 */
record Group(String title, List<Check> gate, List<Check> others) {
  Group {
    title = Redaction.of(title);
    gate = List.copyOf(gate);
    others = List.copyOf(others);
  }

  /** With a first check that decides whether there is a point in the others. */
  static Group behind(String title, Check gate, List<Check> others) {
    return new Group(title, List.of(gate), others);
  }

  /** Of checks that do not depend on each other. */
  static Group of(String title, List<Check> checks) {
    return new Group(title, List.of(), checks);
  }
}
