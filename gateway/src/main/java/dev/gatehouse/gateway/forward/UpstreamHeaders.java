package dev.gatehouse.gateway.forward;

import dev.gatehouse.contract.context.TenantContext;
import dev.gatehouse.gateway.Exchange;
import dev.gatehouse.gateway.admit.ForwardableHeaders;
import dev.gatehouse.gateway.admit.Passes;
import dev.gatehouse.gateway.client.ClientAddress;
import dev.gatehouse.gateway.observe.TraceParent;
import dev.gatehouse.gateway.resolve.TenantSource;
import dev.gatehouse.gateway.sign.Signed;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;

/** What an upstream is told: the client's own headers, and the gateway's word. */
final class UpstreamHeaders {
  private static final CharSequence TENANT_ID =
      HttpHeaders.createOptimized(TenantContext.ID_HEADER);
  private static final CharSequence TENANT_SLUG =
      HttpHeaders.createOptimized(TenantContext.SLUG_HEADER);
  private static final CharSequence TENANT_CONTEXT =
      HttpHeaders.createOptimized(TenantContext.HEADER);
  private static final CharSequence CDN_LOOP = HttpHeaders.createOptimized(Passes.HEADER);
  private static final CharSequence TRACE_STATE = HttpHeaders.createOptimized("tracestate");
  private static final CharSequence FORWARDED = HttpHeaders.createOptimized("Forwarded");
  private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");
  private static final CharSequence FORWARDED_HOST =
      HttpHeaders.createOptimized("X-Forwarded-Host");
  private static final CharSequence FORWARDED_PROTO =
      HttpHeaders.createOptimized("X-Forwarded-Proto");

  private UpstreamHeaders() {}

  /**
   * Copies what may pass, then says whose the request is and where it came from.
   *
   * @param trace what the upstream is told of the trace
   * @return as what the upstream is addressed: what goes out as Host, or as {@code :authority}
   */
  static String write(Signed signed, HttpClientRequest sending, String trace) {
    MultiMap to = sending.headers();
    Exchange exchange = signed.exchange();
    if (signed.isForAnotherGateway()) {
      return writeForGateway(signed, sending, trace);
    }
    ForwardableHeaders.copyToUpstream(
        exchange.request().headers(), exchange.headers().connection(), to);
    if (signed.authenticated().withholdsAuthorization()) {
      to.remove(HttpHeaders.AUTHORIZATION);
    }
    signed.request().edits().toUpstream(to);
    to.add(TENANT_ID, signed.tenant().id());
    to.add(TENANT_SLUG, signed.tenant().slug());
    to.add(TENANT_CONTEXT, signed.context());
    writeTrace(exchange, to, trace);
    to.add(CDN_LOOP, Passes.NAME);
    writeForwarded(exchange, to);
    signed.request().edits().host().ifPresent(host -> to.set(HttpHeaders.HOST, host));
    String authority = String.valueOf(to.get(HttpHeaders.HOST));
    if (sending.version() == HttpVersion.HTTP_2) {
      writeForHttp2(exchange, sending, to);
    }
    return authority;
  }

  /** Another gateway sees what the client said, and from where it came. */
  private static String writeForGateway(Signed signed, HttpClientRequest sending, String trace) {
    MultiMap to = sending.headers();
    Exchange exchange = signed.exchange();
    ForwardableHeaders.copyToGateway(
        exchange.request().headers(), exchange.headers().connection(), to);
    if (signed.authenticated().request().source() == TenantSource.HEADER) {
      to.add(TENANT_ID, signed.tenant().id());
    }
    to.add(ForwardableHeaders.PASSED_ON, "1");
    to.add(CDN_LOOP, Passes.NAME);
    writeTrace(exchange, to, trace);
    writeForwarded(exchange, to);
    String authority = String.valueOf(to.get(HttpHeaders.HOST));
    if (sending.version() == HttpVersion.HTTP_2) {
      writeForHttp2(exchange, sending, to);
    }
    return authority;
  }

  /** W3C Trace Context section 3.3: a tracestate is nothing without the traceparent beside it. */
  private static void writeTrace(Exchange exchange, MultiMap to, String trace) {
    to.add(TraceParent.HEADER, trace);
    if (exchange.headers().traceState() != null && !exchange.traceParent().ofClient()) {
      to.remove(TRACE_STATE);
    }
  }

  /** What the client may see of an answer. */
  static void copyToClient(Signed signed, MultiMap from, MultiMap to) {
    if (signed.isForAnotherGateway()) {
      ForwardableHeaders.copyFromGateway(from, to);
    } else {
      ForwardableHeaders.copyToClient(from, to);
      signed.request().edits().toClient(to);
    }
  }

  /** RFC 9113 section 8.2.2: of what TE can say, only this one thing; gRPC wants it. */
  private static void writeForHttp2(Exchange exchange, HttpClientRequest sending, MultiMap to) {
    String te = exchange.headers().te();
    if (te != null && te.contains("trailers")) {
      to.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
    }
    String host = to.get(HttpHeaders.HOST);
    if (host != null) {
      // Goes out as :authority.
      sending.authority(HostAndPort.parseAuthority(host, -1));
      to.remove(HttpHeaders.HOST);
    }
  }

  /**
   * RFC 7239, and its older relatives. Of what was said before, only what trusted proxies said is
   * repeated.
   */
  private static void writeForwarded(Exchange exchange, MultiMap to) {
    ClientAddress client = exchange.client();
    String authority = authorityOf(exchange.request(), to);
    to.add(FORWARDED, client.forwarded(authority));
    to.add(FORWARDED_FOR, client.forwardedFor());
    to.add(FORWARDED_HOST, authority);
    to.add(FORWARDED_PROTO, client.scheme());
  }

  /**
   * The upstream sees the host that the client asked for; HTTP/2 carries it outside of the headers.
   */
  private static String authorityOf(HttpServerRequest request, MultiMap to) {
    String host = to.get(HttpHeaders.HOST);
    if (host == null) {
      host = String.valueOf(request.authority());
      to.add(HttpHeaders.HOST, host);
    }
    return host;
  }
}
