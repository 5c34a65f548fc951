package dev.gatehouse.gateway.outside;

import static dev.gatehouse.gateway.outside.Http2Frames.CONTINUATION;
import static dev.gatehouse.gateway.outside.Http2Frames.DATA;
import static dev.gatehouse.gateway.outside.Http2Frames.END_HEADERS;
import static dev.gatehouse.gateway.outside.Http2Frames.END_STREAM;
import static dev.gatehouse.gateway.outside.Http2Frames.HEADERS;

import dev.gatehouse.gateway.outside.Fault.Outcome;
import java.io.IOException;
import java.util.Arrays;

/** What an upstream that speaks HTTP/2 may do to a GET, and what the client must be told of it. */
@SuppressWarnings("ImmutableEnumChecker") // Scripts are lambdas that hold nothing.
enum Http2Fault {
  RESETS_THE_STREAM_BEFORE_THE_HEAD(
      (frames, stream) -> frames.reset(stream, 0x2), Outcome.badGateway("connection_terminated")),
  NEVER_PROCESSES_THE_STREAM(
      (frames, stream) -> frames.reset(stream, 0x7), Outcome.badGateway("connection_terminated")),
  NEVER_ANSWERS((_, _) -> {}, Outcome.timedOut("http_response_timeout")),
  CLOSES_BEFORE_THE_HEAD(
      (_, _) -> {
        throw new IOException("closes");
      },
      Outcome.badGateway("connection_terminated")),
  GOES_AWAY_WITHOUT_PROCESSING(
      (frames, _) -> {
        frames.goAway(0, "");
        throw new IOException("closes");
      },
      Outcome.badGateway("connection_terminated")),
  SENDS_AN_UPPER_CASE_NAME(
      (frames, stream) -> frames.sendHead(stream, "X-Upper", "1"),
      Outcome.badGateway("(http_protocol_error|connection_terminated)")),
  /** What comes before the head is not looked at. */
  SENDS_A_BODY_BEFORE_THE_HEAD(
      (frames, stream) -> frames.send(DATA, 0, stream, Http2Frames.bytes("early")),
      Outcome.gatewayError()),
  SENDS_A_BROKEN_HEADER_BLOCK(
      (frames, stream) -> frames.send(HEADERS, END_HEADERS, stream, (byte) 0xff, (byte) 0xff),
      Outcome.badGateway("(http_protocol_error|connection_terminated)")),
  SENDS_HEADERS_WITHOUT_END(
      (frames, stream) -> {
        frames.send(HEADERS, 0, stream, Http2Frames.block());
        byte[] more = Http2Frames.block("x-many", "x".repeat(100));
        while (true) {
          frames.send(CONTINUATION, 0, stream, Arrays.copyOfRange(more, 1, more.length));
        }
      },
      Outcome.badGateway(
          "(http_protocol_error|connection_terminated|http_response_header_section_size)")),
  RESETS_WITHIN_A_BODY(
      (frames, stream) -> {
        frames.sendHead(stream);
        frames.send(DATA, 0, stream, Http2Frames.bytes("half"));
        frames.reset(stream, 0x2);
      },
      Outcome.aborted()),
  CLOSES_WITHIN_A_BODY(
      (frames, stream) -> {
        frames.sendHead(stream);
        frames.send(DATA, 0, stream, Http2Frames.bytes("half"));
        throw new IOException("closes");
      },
      Outcome.aborted()),
  STALLS_WITHIN_A_BODY(
      (frames, stream) -> {
        frames.sendHead(stream);
        frames.send(DATA, 0, stream, Http2Frames.bytes("half"));
      },
      Outcome.aborted()),
  SENDS_LESS_THAN_THE_LENGTH(
      (frames, stream) -> {
        frames.sendHead(stream, "content-length", "9");
        frames.send(DATA, END_STREAM, stream, Http2Frames.bytes("half"));
      },
      Outcome.aborted()),
  SENDS_MORE_THAN_THE_LENGTH(
      (frames, stream) -> {
        frames.sendHead(stream, "content-length", "5");
        frames.send(DATA, END_STREAM, stream, Http2Frames.bytes("wholeand more"));
      },
      Outcome.abortedOrBadGateway()),
  GOES_AWAY_AND_FINISHES(
      (frames, stream) -> {
        frames.goAway(stream, "bye");
        frames.answer(stream, "whole");
      },
      Outcome.whole("whole"));

  private final Script script;
  private final Outcome outcome;

  Http2Fault(Script script, Outcome outcome) {
    this.script = script;
    this.outcome = outcome;
  }

  /** What happens to a stream; whatever it throws ends the connection. */
  interface Script {
    void run(Http2Frames frames, int stream) throws IOException;
  }

  /** Does the same to every stream, until the gateway, or the fault, ends the connection. */
  FaultyUpstream.Script script() {
    return connection -> {
      Http2Frames frames = new Http2Frames(connection);
      while (true) {
        script.run(frames, frames.awaitRequest());
      }
    };
  }

  Outcome outcome() {
    return outcome;
  }
}
