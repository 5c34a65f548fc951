package dev.gatehouse.gateway.observe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of PromQL as it takes to know which series an expression asks for, with which labels, and
 * by which labels it groups and joins.
 *
 * @param matched the labels that are matched, by series
 * @param grouped the labels of {@code by}, {@code on} and the like
 */
record Expression(Map<String, Set<String>> matched, Set<String> grouped) {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|\\[[^]]*]|[a-zA-Z_:$][\\w:$]*|=~|!~|!=|\\d[\\w.]*|\\S");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][\\w:]*");
  private static final Set<String> GROUPING =
      Set.of("by", "without", "on", "ignoring", "group_left", "group_right");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

  static Expression of(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.find()) {
      tokens.add(matcher.group());
    }
    Map<String, Set<String>> matched = new LinkedHashMap<>();
    Set<String> grouped = new TreeSet<>();
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      String next = i + 1 < tokens.size() ? tokens.get(i + 1) : "";
      if (!NAME.matcher(token).matches() || WORDS.contains(token)) {
        continue;
      }
      if (GROUPING.contains(token)) {
        int end = tokens.subList(i, tokens.size()).indexOf(")") + i;
        grouped.addAll(namesIn(tokens.subList(i + 2, end)));
        i = end;
      } else if (next.equals("{")) {
        int end = tokens.subList(i, tokens.size()).indexOf("}") + i;
        matched
            .computeIfAbsent(token, _ -> new HashSet<>())
            .addAll(namesIn(tokens.subList(i + 2, end)));
        i = end;
      } else if (!isCalled(tokens, i)) {
        matched.computeIfAbsent(token, _ -> new HashSet<>());
      }
    }
    return new Expression(matched, grouped);
  }

  /** A function has its arguments behind it, an aggregation perhaps its labels first. */
  private static boolean isCalled(List<String> tokens, int at) {
    String next = at + 1 < tokens.size() ? tokens.get(at + 1) : "";
    return next.equals("(") || GROUPING.contains(next);
  }

  private static List<String> namesIn(List<String> tokens) {
    return tokens.stream().filter(token -> NAME.matcher(token).matches()).toList();
  }
}
