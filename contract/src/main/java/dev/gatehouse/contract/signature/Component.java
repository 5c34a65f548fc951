package dev.gatehouse.contract.signature;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One thing that a signature covers (RFC 9421 section 2). Components with the parameters {@code
 * sf}, {@code key}, {@code bs}, {@code req} and {@code tr} are not understood, and refused.
 */
public sealed interface Component {
  /** As it stands in the list of components and in the signature base, with its quotes. */
  String identifier();

  /**
   * The component of this name: one with an {@code @}, or a header.
   *
   * @throws IllegalArgumentException if it has none, or is none that can be signed
   */
  static Component of(String name) {
    if (!name.startsWith("@")) {
      return new Header(name);
    }
    for (Derived derived : Derived.values()) {
      if (derived.componentName.equals(name)) {
        return derived;
      }
    }
    throw new IllegalArgumentException("there is no component \"" + name + "\"");
  }

  /** What is not a header (section 2.2). */
  enum Derived implements Component {
    /** The method of a request. */
    METHOD("@method"),
    /** Scheme, authority, path and query of a request. */
    TARGET_URI("@target-uri"),
    /** Host and port of a request, in lower case, without the port that the scheme implies. */
    AUTHORITY("@authority"),
    /** The path of a request. */
    PATH("@path"),
    /** The query of a request with its question mark; only that if there is none. */
    QUERY("@query"),
    /** The status of a response. */
    STATUS("@status");

    private final String componentName;

    Derived(String componentName) {
      this.componentName = componentName;
    }

    @Override
    public String identifier() {
      return '"' + componentName + '"';
    }
  }

  /**
   * All values of a header (section 2.1).
   *
   * @param name in lower case
   */
  record Header(String name) implements Component {
    private static final Pattern NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]{1,128}");

    public Header {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "a header's name in lower case is expected, found \""
                + name.substring(0, Math.min(name.length(), 128)).toLowerCase(Locale.ROOT)
                + '"');
      }
    }

    @Override
    public String identifier() {
      return '"' + name + '"';
    }
  }

  /**
   * The only parameter of this name in a request's query (section 2.2.8).
   *
   * @param name with percent signs, as the RFC encodes it
   */
  record QueryParameter(String name) implements Component {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9*._%-]{0,128}");

    public QueryParameter {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("a query parameter's name must be percent-encoded");
      }
    }

    @Override
    public String identifier() {
      return "\"@query-param\";name=\"" + name + '"';
    }
  }
}
