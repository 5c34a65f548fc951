package dev.gatehouse.gateway.outside;

import dev.gatehouse.gateway.outside.FaultyUpstream.Connection;
import dev.gatehouse.gateway.outside.FaultyUpstream.Script;
import java.util.Set;

/** What an upstream may do to a GET, and what the client must be told of it. */
@SuppressWarnings("ImmutableEnumChecker") // Scripts are lambdas that hold nothing.
enum Fault {
  RESETS_AT_ACCEPT(Connection::reset, Outcome.badGateway("connection_terminated")),
  RESETS_BEFORE_THE_HEAD(
      connection -> {
        connection.readHead();
        connection.reset();
      },
      Outcome.badGateway("connection_terminated")),
  CLOSES_BEFORE_THE_HEAD(Connection::readHead, Outcome.badGateway("connection_terminated")),
  CLOSES_WITHIN_THE_HEAD(
      after("HTTP/1.1 200 OK\r\nContent-Len"), Outcome.badGateway("connection_terminated")),
  NEVER_ANSWERS(thenWaits(""), Outcome.timedOut("http_response_timeout")),
  STALLS_WITHIN_THE_HEAD(
      thenWaits("HTTP/1.1 200 OK\r\nContent-Len"), Outcome.timedOut("http_response_timeout")),
  SPEAKS_NO_HTTP(thenWaits("220 mail.example.test ESMTP\r\n\r\n"), Outcome.protocolError()),
  SENDS_A_STATUS_OF_LETTERS(thenWaits("HTTP/1.1 abc OK\r\n\r\n"), Outcome.protocolError()),
  SENDS_A_NUL_IN_A_HEADER(
      thenWaits("HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 0\r\n\r\n"),
      Outcome.protocolError()),
  SENDS_TWO_LENGTHS(
      thenWaits("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"),
      Outcome.protocolError()),
  SENDS_A_LENGTH_OF_LETTERS(
      thenWaits("HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n"), Outcome.protocolError()),
  SENDS_A_NEGATIVE_LENGTH(
      thenWaits("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), Outcome.protocolError()),
  SENDS_A_LINE_OF_A_MEGABYTE(
      connection -> {
        connection.readHead();
        connection.send("HTTP/1.1 200 OK\r\nX-Long: ");
        connection.flood("x".repeat(1 << 16), 1 << 20);
      },
      Outcome.protocolError()),
  SENDS_100_MB_OF_HEADERS(
      connection -> {
        connection.readHead();
        connection.send("HTTP/1.1 200 OK\r\n");
        connection.flood("X-Many: " + "x".repeat(1000) + "\r\n", 100L << 20);
      },
      Outcome.protocolError()),
  SENDS_CONTINUE_WITHOUT_END(
      connection -> {
        connection.readHead();
        connection.flood("HTTP/1.1 100 Continue\r\n\r\n", Long.MAX_VALUE);
      },
      Outcome.gatewayError()),
  SENDS_HINTS_WITHOUT_END(
      connection -> {
        connection.readHead();
        connection.flood("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", Long.MAX_VALUE);
      },
      Outcome.gatewayError()),
  CLOSES_WITHIN_A_BODY_OF_KNOWN_LENGTH(
      after("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), Outcome.aborted()),
  RESETS_WITHIN_A_BODY(
      connection -> {
        connection.readHead();
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        connection.reset();
      },
      Outcome.abortedOrBadGateway()),
  CLOSES_WITHIN_A_CHUNK(
      after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf"), Outcome.aborted()),
  CLOSES_BEFORE_THE_LAST_CHUNK(
      after("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
      Outcome.aborted()),
  STALLS_WITHIN_A_BODY(
      thenWaits("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"), Outcome.aborted()),
  SENDS_A_BAD_CHUNK(
      thenWaits("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"),
      Outcome.aborted()),
  HALF_CLOSES_AFTER_A_BODY_WITHOUT_LENGTH(
      connection -> {
        connection.readHead();
        connection.send("HTTP/1.1 200 OK\r\n\r\nwhole");
        connection.socket().shutdownOutput();
        connection.awaitEnd();
      },
      Outcome.whole("whole")),
  SENDS_MORE_THAN_THE_LENGTH(
      thenWaits("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwholeand more"),
      Outcome.whole("whole")),
  SENDS_A_SECOND_ANSWER(
      thenWaits(
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole"
              + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen"),
      Outcome.whole("whole"));

  private final Script script;
  private final Outcome outcome;

  Fault(Script script, Outcome outcome) {
    this.script = script;
    this.outcome = outcome;
  }

  Script script() {
    return script;
  }

  Outcome outcome() {
    return outcome;
  }

  /** Sends something after the request's head, then closes. */
  private static Script after(String text) {
    return connection -> {
      connection.readHead();
      connection.send(text);
    };
  }

  /** Sends something after the request's head, then leaves it to the gateway to end it. */
  private static Script thenWaits(String text) {
    return connection -> {
      connection.readHead();
      connection.send(text);
      connection.awaitEnd();
    };
  }

  /**
   * What the client must see.
   *
   * @param statuses those that the final response may have; 0 where it may be aborted
   * @param error pattern of the error that Proxy-Status names (RFC 9209), where the gateway answers
   * @param body of the upstream's response, where that is passed on whole
   */
  record Outcome(Set<Integer> statuses, String error, String body) {
    static Outcome badGateway(String error) {
      return new Outcome(Set.of(502), error, "");
    }

    static Outcome protocolError() {
      return badGateway("http_(protocol_error|response_.*)");
    }

    static Outcome timedOut(String error) {
      return new Outcome(Set.of(504), error, "");
    }

    static Outcome gatewayError() {
      return new Outcome(Set.of(502, 504), "http_.*", "");
    }

    /** The head was passed on already: only the stream, or the connection, can tell. */
    static Outcome aborted() {
      return new Outcome(Set.of(0), "", "");
    }

    static Outcome abortedOrBadGateway() {
      return new Outcome(Set.of(0, 502), "connection_terminated", "");
    }

    static Outcome whole(String body) {
      return new Outcome(Set.of(200), "", body);
    }
  }
}
