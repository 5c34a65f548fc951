package dev.gatehouse.gateway.forward;

import dev.gatehouse.gateway.rejection.Rejection;
import dev.gatehouse.gateway.share.Outcome;
import dev.gatehouse.gateway.upstream.NoTarget;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.StreamResetException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What went wrong on the way to the upstream, in the words of RFC 9209 section 2.3. */
final class UpstreamFaults {
  private static final long REFUSED_STREAM = 0x7;

  private UpstreamFaults() {}

  /** Why there is nowhere to go. */
  static Rejection nowhere(NoTarget reason) {
    return switch (reason) {
      case OUTSIDE_REGION -> Rejection.RegionUnavailable.INSTANCE;
      case NOT_RESOLVED -> new Rejection.UpstreamFailed("dns_error");
      case UNKNOWN_SERVICE, TOO_MANY_SILOS -> new Rejection.UpstreamFailed("destination_not_found");
    };
  }

  /** Why no connection was to be had. */
  static Rejection whileConnecting(Throwable failure) {
    return switch (failure) {
      case ConnectionPoolTooBusyException _ -> Rejection.Overloaded.UPSTREAM_BUSY;
      case ConnectTimeoutException _ -> new Rejection.UpstreamTimedOut("connection_timeout");
      case TimeoutException _ -> new Rejection.UpstreamTimedOut("connection_timeout");
      case UnknownHostException _ -> new Rejection.UpstreamFailed("dns_error");
      case ConnectException _ -> new Rejection.UpstreamFailed("connection_refused");
      case SslHandshakeTimeoutException _ -> new Rejection.UpstreamTimedOut("connection_timeout");
      case SSLException _ -> new Rejection.UpstreamFailed("tls_protocol_error");
      default -> new Rejection.UpstreamFailed("destination_unavailable");
    };
  }

  /** Whether an HTTP/2 upstream says that it did not act on the request (RFC 9113 section 8.7). */
  static boolean isUnprocessed(Throwable failure) {
    return failure instanceof StreamResetException reset && reset.getCode() == REFUSED_STREAM;
  }

  /** What an answer says about how loaded its service is. */
  static Outcome loadShownBy(int status) {
    return status == 503 || status == 429 ? Outcome.DROPPED : Outcome.SUCCESS;
  }

  /** Whether a response has a status that may end a request (RFC 9110 section 15); 101 may not. */
  static boolean isFinalStatus(int status) {
    return status >= 200 && status <= 599;
  }

  /** What went wrong at an endpoint; empty where it was not there. */
  static String inWords(Rejection why) {
    return switch (why) {
      case Rejection.UpstreamFailed failed -> failed.proxyStatus().replace('_', ' ');
      case Rejection.UpstreamTimedOut late -> late.proxyStatus().replace('_', ' ');
      default -> "";
    };
  }

  /** Why no response began. */
  static Rejection whileWaiting(Throwable failure) {
    return switch (failure) {
      case TimeoutException _ -> new Rejection.UpstreamTimedOut("http_response_timeout");
      case TooLongFrameException _ ->
          new Rejection.UpstreamFailed("http_response_header_section_size");
      // What the codec cannot read.
      case DecoderException _ -> new Rejection.UpstreamFailed("http_protocol_error");
      case IllegalArgumentException _ -> new Rejection.UpstreamFailed("http_protocol_error");
      default -> new Rejection.UpstreamFailed("connection_terminated");
    };
  }
}
