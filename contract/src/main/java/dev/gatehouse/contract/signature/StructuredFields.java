package dev.gatehouse.contract.signature;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Dictionaries of RFC 9651 as far as signatures need them. Stricter than the RFC: no name may occur
 * twice, numbers are whole, Base64 has one form only, and everything has a bound.
 */
final class StructuredFields {
  /** A longer field, over all its lines, is refused unread. */
  static final int MAX_LENGTH = 8192;

  static final int MAX_MEMBERS = 16;
  static final int MAX_ITEMS = 64;
  static final int MAX_PARAMETERS = 16;

  private static final int MAX_DIGITS = 15;

  private final String field;
  private final String text;
  private int at;

  private StructuredFields(String field, String text) {
    this.field = field;
    this.text = text;
  }

  /** What a dictionary holds under a name. */
  sealed interface Member {}

  /** A list in brackets, with parameters of its own. */
  record InnerList(List<Item> items, Map<String, Value> parameters) implements Member {}

  /** One value and its parameters. */
  record Item(Value value, Map<String, Value> parameters) implements Member {}

  /** A value without parameters. */
  sealed interface Value {
    void appendTo(StringBuilder text);
  }

  /** A string. */
  record Text(String text) implements Value {
    @Override
    public void appendTo(StringBuilder to) {
      to.append('"');
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c < 0x20 || c > 0x7e) {
          throw new IllegalArgumentException("printable ASCII is expected");
        }
        if (c == '"' || c == '\\') {
          to.append('\\');
        }
        to.append(c);
      }
      to.append('"');
    }
  }

  /** A whole number. */
  record Whole(long number) implements Value {
    @Override
    public void appendTo(StringBuilder to) {
      to.append(number);
    }
  }

  /** A word without quotes. */
  record Token(String word) implements Value {
    @Override
    public void appendTo(StringBuilder to) {
      to.append(word);
    }
  }

  /** Yes or no. */
  record Flag(boolean yes) implements Value {
    @Override
    public void appendTo(StringBuilder to) {
      to.append(yes ? "?1" : "?0");
    }
  }

  /** Bytes, in Base64 that is known to be right. */
  record Bytes(String base64) implements Value {
    @Override
    public void appendTo(StringBuilder to) {
      to.append(':').append(base64).append(':');
    }

    byte[] decoded() {
      return Base64.getDecoder().decode(base64);
    }
  }

  /**
   * Reads a dictionary.
   *
   * @param field its name, for messages
   * @param lines the values of the header
   * @throws SignatureRefusedException if it is absent, malformed, or beyond a bound
   */
  static Map<String, Member> dictionary(String field, List<String> lines)
      throws SignatureRefusedException {
    if (lines.isEmpty()) {
      throw new SignatureRefusedException("there is no " + field);
    }
    long length = 0;
    for (String line : lines) {
      length += line.length() + 2L;
    }
    if (length > MAX_LENGTH) {
      throw new SignatureRefusedException(field + " is longer than " + MAX_LENGTH + " characters");
    }
    return new StructuredFields(field, String.join(", ", lines)).dictionary();
  }

  private Map<String, Member> dictionary() throws SignatureRefusedException {
    Map<String, Member> members = new LinkedHashMap<>();
    skipSpaces();
    while (true) {
      String key = key();
      Member member = take('=') ? member() : new Item(new Flag(true), parameters());
      if (members.put(key, member) != null) {
        throw refused("has a name twice");
      }
      if (members.size() > MAX_MEMBERS) {
        throw refused("has more than " + MAX_MEMBERS + " members");
      }
      skipBlanks();
      if (at == text.length()) {
        return members;
      }
      expect(',');
      skipBlanks();
    }
  }

  private Member member() throws SignatureRefusedException {
    return take('(') ? innerList() : item();
  }

  private InnerList innerList() throws SignatureRefusedException {
    List<Item> items = new ArrayList<>();
    while (true) {
      skipSpaces();
      if (take(')')) {
        return new InnerList(items, parameters());
      }
      items.add(item());
      if (items.size() > MAX_ITEMS) {
        throw refused("has more than " + MAX_ITEMS + " items in a list");
      }
      if (!at(' ') && !at(')')) {
        throw malformed();
      }
    }
  }

  private Item item() throws SignatureRefusedException {
    return new Item(value(), parameters());
  }

  private Map<String, Value> parameters() throws SignatureRefusedException {
    if (!at(';')) {
      return Map.of();
    }
    Map<String, Value> parameters = new LinkedHashMap<>();
    while (take(';')) {
      skipSpaces();
      String key = key();
      Value value = take('=') ? value() : new Flag(true);
      if (parameters.put(key, value) != null) {
        throw refused("has a parameter twice");
      }
      if (parameters.size() > MAX_PARAMETERS) {
        throw refused("has more than " + MAX_PARAMETERS + " parameters");
      }
    }
    return parameters;
  }

  private String key() throws SignatureRefusedException {
    int from = at;
    if (!lower(peek()) && !at('*')) {
      throw malformed();
    }
    while (lower(peek()) || digit(peek()) || "_-.*".indexOf(peek()) >= 0) {
      at++;
    }
    return text.substring(from, at);
  }

  private Value value() throws SignatureRefusedException {
    char first = peek();
    if (first == '"') {
      return string();
    }
    if (first == ':') {
      return bytes();
    }
    if (first == '-' || digit(first)) {
      return whole();
    }
    if (first == '?') {
      return flag();
    }
    if (first == '*' || letter(first)) {
      return token();
    }
    throw malformed();
  }

  private Text string() throws SignatureRefusedException {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (true) {
      char c = peek();
      if (c < 0x20 || c > 0x7e) {
        throw malformed();
      }
      at++;
      if (c == '"') {
        return new Text(string.toString());
      }
      if (c == '\\') {
        c = peek();
        if (c != '"' && c != '\\') {
          throw malformed();
        }
        at++;
      }
      string.append(c);
    }
  }

  private Bytes bytes() throws SignatureRefusedException {
    expect(':');
    int end = text.indexOf(':', at);
    if (end < 0) {
      throw malformed();
    }
    String base64 = text.substring(at, end);
    try {
      // The decoder lets missing padding and stray bits pass: then two texts would mean the same.
      if (!Base64.getEncoder().encodeToString(Base64.getDecoder().decode(base64)).equals(base64)) {
        throw malformed();
      }
    } catch (IllegalArgumentException _) {
      throw malformed();
    }
    at = end + 1;
    return new Bytes(base64);
  }

  private Whole whole() throws SignatureRefusedException {
    boolean negative = take('-');
    int from = at;
    while (digit(peek())) {
      at++;
    }
    if (at == from || at - from > MAX_DIGITS || at('.')) {
      throw malformed();
    }
    long number = Long.parseLong(text, from, at, 10);
    return new Whole(negative ? -number : number);
  }

  private Flag flag() throws SignatureRefusedException {
    expect('?');
    if (take('1')) {
      return new Flag(true);
    }
    expect('0');
    return new Flag(false);
  }

  private Token token() {
    int from = at;
    while (letter(peek()) || digit(peek()) || "!#$%&'*+-.^_`|~:/".indexOf(peek()) >= 0) {
      at++;
    }
    return new Token(text.substring(from, at));
  }

  private void skipSpaces() {
    while (at(' ')) {
      at++;
    }
  }

  private void skipBlanks() {
    while (at(' ') || at('\t')) {
      at++;
    }
  }

  /** The next character; at the end one that stands in no field. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private boolean at(char c) {
    return peek() == c;
  }

  private boolean take(char c) {
    if (at(c)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) throws SignatureRefusedException {
    if (!take(c)) {
      throw malformed();
    }
  }

  private SignatureRefusedException malformed() {
    return refused("is malformed at character " + (at + 1));
  }

  private SignatureRefusedException refused(String why) {
    return new SignatureRefusedException(field + " " + why);
  }

  private static boolean lower(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static boolean letter(char c) {
    return lower(c) || (c >= 'A' && c <= 'Z');
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
