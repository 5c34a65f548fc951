package dev.gatehouse.contract.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is really signed: a text made of some components of a message, always in the same order (RFC
 * 9421 section 2.5). Make one per list of components and keep it; it is safe for use by many
 * threads.
 */
public final class SignatureBase {
  /** More components are not accepted. */
  public static final int MAX_COMPONENTS = 32;

  private static final int USUAL_LENGTH = 1024;

  private final List<Component> components;
  private final List<String> beginnings;
  private final String list;

  private SignatureBase(List<Component> components) {
    this.components = List.copyOf(components);
    this.beginnings = components.stream().map(c -> c.identifier() + ": ").toList();
    this.list =
        components.stream().map(Component::identifier).collect(Collectors.joining(" ", "(", ")"));
  }

  /**
   * The base over these components.
   *
   * @throws IllegalArgumentException if one of them occurs twice, or if there are too many
   */
  public static SignatureBase over(List<Component> components) {
    if (components.size() > MAX_COMPONENTS) {
      throw new IllegalArgumentException(
          "at most " + MAX_COMPONENTS + " components are signed, found " + components.size());
    }
    Set<Component> seen = new HashSet<>();
    for (Component component : components) {
      if (!seen.add(component)) {
        throw new IllegalArgumentException(component.identifier() + " is signed twice");
      }
    }
    return new SignatureBase(components);
  }

  /** The components, in their order. */
  public List<Component> components() {
    return components;
  }

  /** The components as a list of RFC 9651, without parameters. */
  String list() {
    return list;
  }

  /**
   * The base of a message.
   *
   * @throws UnsignableMessageException if a component is absent, or cannot be written
   */
  public String of(Message message, SignatureParameters parameters)
      throws UnsignableMessageException {
    return of(message, list + parameters.serialized());
  }

  /**
   * The base of a message.
   *
   * @param parameters the list of components, with the parameters in their order
   */
  String of(Message message, String parameters) throws UnsignableMessageException {
    StringBuilder base = new StringBuilder(USUAL_LENGTH);
    for (int i = 0; i < components.size(); i++) {
      base.append(beginnings.get(i));
      appendValue(base, components.get(i), message);
      base.append('\n');
    }
    return base.append("\"@signature-params\": ").append(parameters).toString();
  }

  private static void appendValue(StringBuilder base, Component component, Message message)
      throws UnsignableMessageException {
    switch (component) {
      case Component.Header(String name) -> appendHeader(base, name, message.header(name));
      case Component.Derived derived -> appendDerived(base, derived, message);
      case Component.QueryParameter parameter ->
          base.append(valueOf(parameter, requestOf(component, message).query()));
    }
  }

  private static void appendDerived(StringBuilder base, Component.Derived derived, Message message)
      throws UnsignableMessageException {
    int from = base.length();
    switch (derived) {
      case METHOD -> base.append(requestOf(derived, message).method());
      case AUTHORITY -> appendAuthority(base, requestOf(derived, message));
      case PATH -> appendPath(base, requestOf(derived, message));
      case QUERY -> {
        String query = requestOf(derived, message).query();
        base.append(query.isEmpty() ? "?" : query);
      }
      case TARGET_URI -> {
        Message.Request request = requestOf(derived, message);
        base.append(request.scheme().toLowerCase(Locale.ROOT)).append("://");
        appendAuthority(base, request);
        appendPath(base, request);
        base.append(request.query());
      }
      case STATUS -> base.append(statusOf(message));
    }
    if (base.length() == from) {
      throw new UnsignableMessageException(derived.identifier() + " is empty");
    }
    for (int i = from; i < base.length(); i++) {
      if (base.charAt(i) <= 0x20 || base.charAt(i) > 0x7e) {
        throw new UnsignableMessageException(
            derived.identifier() + " has characters other than visible ASCII");
      }
    }
  }

  private static void appendAuthority(StringBuilder base, Message.Request request) {
    String authority = request.authority();
    String implied = "https".equalsIgnoreCase(request.scheme()) ? ":443" : ":80";
    int end = authority.length() - (authority.endsWith(implied) ? implied.length() : 0);
    for (int i = 0; i < end; i++) {
      char c = authority.charAt(i);
      base.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
  }

  private static void appendPath(StringBuilder base, Message.Request request) {
    base.append(request.path().isEmpty() ? "/" : request.path());
  }

  private static void appendHeader(StringBuilder base, String name, List<String> values)
      throws UnsignableMessageException {
    if (values.isEmpty()) {
      throw new UnsignableMessageException("the message has no header " + name);
    }
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        base.append(", ");
      }
      appendTrimmed(base, name, values.get(i));
    }
  }

  private static void appendTrimmed(StringBuilder base, String name, String value)
      throws UnsignableMessageException {
    int from = 0;
    int to = value.length();
    while (from < to && isSpace(value.charAt(from))) {
      from++;
    }
    while (from < to && isSpace(value.charAt(to - 1))) {
      to--;
    }
    for (int i = from; i < to; i++) {
      char c = value.charAt(i);
      if (c == '\r' && i > from) {
        i = unfold(base, name, value, i);
      } else if ((c < 0x20 && c != '\t') || c > 0x7e) {
        // A line feed here would let a sender write lines of the base.
        throw new UnsignableMessageException(
            "the header " + name + " has characters other than printable ASCII");
      } else {
        base.append(c);
      }
    }
  }

  /**
   * Replaces a line break with the white space around it by one space (RFC 9112 section 5.2).
   *
   * @param at where the break is
   * @return where the white space ends
   */
  private static int unfold(StringBuilder base, String name, String value, int at)
      throws UnsignableMessageException {
    int end = at + 2;
    if (end >= value.length() || value.charAt(at + 1) != '\n' || !isSpace(value.charAt(end))) {
      throw new UnsignableMessageException("the header " + name + " has a line break");
    }
    while (end + 1 < value.length() && isSpace(value.charAt(end + 1))) {
      end++;
    }
    while (isSpace(base.charAt(base.length() - 1))) {
      base.setLength(base.length() - 1);
    }
    base.append(' ');
    return end;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private static String valueOf(Component.QueryParameter parameter, String query)
      throws UnsignableMessageException {
    @Nullable String found = null;
    for (String pair : query.replaceFirst("^\\?", "").split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!pair.isEmpty() && encodedAgain(name).equals(parameter.name())) {
        if (found != null) {
          throw new UnsignableMessageException(parameter.identifier() + " occurs twice");
        }
        found = encodedAgain(equals < 0 ? "" : pair.substring(equals + 1));
      }
    }
    if (found == null) {
      throw new UnsignableMessageException(parameter.identifier() + " is absent");
    }
    return found;
  }

  /** One spelling for all that mean the same, and for nothing else. */
  private static String encodedAgain(String text) throws UnsignableMessageException {
    try {
      return URLEncoder.encode(utf8(URLDecoder.decode(text, ISO_8859_1)), UTF_8)
          .replace("+", "%20");
    } catch (IllegalArgumentException _) {
      throw new UnsignableMessageException("the query is malformed");
    }
  }

  /**
   * @param bytes as many characters
   */
  private static String utf8(String bytes) throws UnsignableMessageException {
    try {
      // Bytes that are no UTF-8 would all become the same character, and sign alike.
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1))).toString();
    } catch (CharacterCodingException _) {
      throw new UnsignableMessageException("the query is not UTF-8");
    }
  }

  private static Message.Request requestOf(Component component, Message message)
      throws UnsignableMessageException {
    if (message instanceof Message.Request request) {
      return request;
    }
    throw new UnsignableMessageException("a response has no " + component.identifier());
  }

  private static int statusOf(Message message) throws UnsignableMessageException {
    if (message instanceof Message.Response response
        && response.status() >= 100
        && response.status() <= 999) {
      return response.status();
    }
    throw new UnsignableMessageException("there is no status of three digits");
  }
}
