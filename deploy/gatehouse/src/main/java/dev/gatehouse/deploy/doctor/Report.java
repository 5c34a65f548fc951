package dev.gatehouse.deploy.doctor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/** What was found, for people and for programs. */
final class Report {
  private final List<Examined> all;
  private final Map<Grade, Long> counts;

  Report(List<Examined> all) {
    this.all = List.copyOf(all);
    this.counts =
        all.stream()
            .map(one -> one.finding().grade())
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
  }

  /** How many of a grade there are. */
  long count(Grade grade) {
    return counts.getOrDefault(grade, 0L);
  }

  /**
   * Prints it for a person: a line each, below it what to do, grouped.
   *
   * @param ansi whether marks have colours
   */
  void print(PrintWriter out, Ansi ansi) {
    int width = all.stream().mapToInt(one -> one.check().length()).max().orElse(0);
    String group = "";
    for (Examined one : all) {
      if (!one.group().equals(group)) {
        group = one.group();
        out.println(group);
      }
      Finding finding = one.finding();
      String name = one.check() + " ".repeat(width - one.check().length());
      out.println("  " + ansi.string(mark(finding.grade())) + "  " + name + "  " + finding.found());
      if (!finding.advice().isEmpty()) {
        out.println("        " + " ".repeat(width) + "  -> " + finding.advice());
      }
    }
    out.println();
    out.println(summary());
  }

  private static String mark(Grade grade) {
    return switch (grade) {
      case OK -> "@|green ok  |@";
      case WARNING -> "@|bold,yellow warn|@";
      case FAILED -> "@|bold,red FAIL|@";
      case SKIPPED -> "@|faint --  |@";
    };
  }

  private String summary() {
    long failed = count(Grade.FAILED);
    long warnings = count(Grade.WARNING);
    String rest = count(Grade.OK) + " ok, " + count(Grade.SKIPPED) + " not looked at.";
    if (failed == 0 && warnings == 0) {
      return "All is well: " + rest;
    }
    String begin =
        failed > 1 ? " Begin with the first that failed: others may follow from it." : "";
    return failed
        + " failed, "
        + warnings
        + (warnings == 1 ? " warning, " : " warnings, ")
        + rest
        + begin;
  }

  /** The same as JSON. */
  String json() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    for (Grade grade : Grade.values()) {
      json.put(name(grade), count(grade));
    }
    ArrayNode findings = json.putArray("findings");
    for (Examined one : all) {
      ObjectNode finding =
          findings
              .addObject()
              .put("group", one.group())
              .put("check", one.check())
              .put("grade", name(one.finding().grade()))
              .put("found", one.finding().found());
      if (!one.finding().advice().isEmpty()) {
        finding.put("advice", one.finding().advice());
      }
    }
    return json.toPrettyString();
  }

  private static String name(Grade grade) {
    return grade.name().toLowerCase(Locale.ROOT);
  }
}
