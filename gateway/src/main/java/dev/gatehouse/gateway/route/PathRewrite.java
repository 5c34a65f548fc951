package dev.gatehouse.gateway.route;

import dev.gatehouse.contract.edge.EdgeRoute;
import dev.gatehouse.contract.edge.Redirect;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a path becomes another; the query stays. What comes of a path in normal form is in normal
 * form, so that no client can make two slashes or a dot segment of it.
 */
sealed interface PathRewrite {

  /** The target after the change; the same string where there is none. */
  String rewrite(String target, int pathLength);

  static PathRewrite of(EdgeRoute route) {
    return route
        .rewrite()
        .map(rewrite -> of(PathPattern.of(route), rewrite.prefix(), rewrite.path()))
        .orElse(Unchanged.INSTANCE);
  }

  static PathRewrite of(EdgeRoute route, Redirect redirect) {
    return of(PathPattern.of(route), redirect.prefix(), redirect.path());
  }

  private static PathRewrite of(
      PathPattern pattern, Optional<String> prefix, Optional<String> path) {
    if (path.isPresent()) {
      return pattern.kind() == PathPattern.Kind.TEMPLATE
          ? FilledPath.of(pattern, path.get())
          : new WholePath(path.get());
    }
    return prefix
        .<PathRewrite>map(text -> new OtherPrefix(pattern, withoutTrailingSlash(text)))
        .orElse(Unchanged.INSTANCE);
  }

  static String withoutTrailingSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Nothing changes. */
  enum Unchanged implements PathRewrite {
    INSTANCE;

    @Override
    public String rewrite(String target, int pathLength) {
      return target;
    }
  }

  /** Another beginning in place of the part that the route stands for. */
  record OtherPrefix(PathPattern pattern, String prefix) implements PathRewrite {
    @Override
    public String rewrite(String target, int pathLength) {
      int matched = pattern.matchedLength(pathLength);
      boolean nothingLeft = prefix.isEmpty() && matched == pathLength;
      return (nothingLeft ? "/" : prefix) + target.substring(matched);
    }
  }

  /** Another path, always the same. */
  record WholePath(String path) implements PathRewrite {
    @Override
    public String rewrite(String target, int pathLength) {
      return path + target.substring(pathLength);
    }
  }

  /**
   * Another path, with segments of the old one in it.
   *
   * @param pieces by turns what stands there and the number of a segment
   */
  record FilledPath(List<Piece> pieces) implements PathRewrite {
    static FilledPath of(PathPattern pattern, String path) {
      return new FilledPath(Piece.parse(path, pattern.segments()));
    }

    @Override
    public String rewrite(String target, int pathLength) {
      String[] segments = target.substring(1, pathLength).split("/", -1);
      StringBuilder rewritten = new StringBuilder();
      for (Piece piece : pieces) {
        rewritten.append(piece.literal);
        if (piece.segment >= 0) {
          rewritten.append(segments[piece.segment]);
        }
      }
      return rewritten.append(target, pathLength, target.length()).toString();
    }
  }

  /**
   * A literal, and the variable after it.
   *
   * @param segment the number of the segment that the variable stands for; -1 if there is none
   */
  record Piece(String literal, int segment) {
    /** What no variable of the template is called stands for itself. */
    static List<Piece> parse(String path, List<String> templateSegments) {
      int open = path.indexOf('{');
      int close = path.indexOf('}', Math.max(open, 0));
      if (open < 0 || close < 0) {
        return List.of(new Piece(path, -1));
      }
      int segment = templateSegments.indexOf(path.substring(open, close + 1));
      String literal = segment < 0 ? path.substring(0, close + 1) : path.substring(0, open);
      List<Piece> rest = parse(path.substring(close + 1), templateSegments);
      return Stream.concat(Stream.of(new Piece(literal, segment)), rest.stream()).toList();
    }
  }
}
