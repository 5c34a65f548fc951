package dev.gatehouse.gateway.outside;

import io.grpc.Context;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A gRPC service of strings, on grpc-java's own server over OkHttp's transport. */
final class GrpcServer implements AutoCloseable {
  static final String SERVICE = "outside.Words";
  static final Metadata.Key<String> CHECKSUM =
      Metadata.Key.of("x-checksum", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> SEEN_TENANT =
      Metadata.Key.of("x-seen", Metadata.ASCII_STRING_MARSHALLER);

  static final MethodDescriptor<String, String> UPPER =
      method("Upper", MethodDescriptor.MethodType.UNARY);
  static final MethodDescriptor<String, String> FAIL =
      method("Fail", MethodDescriptor.MethodType.UNARY);
  static final MethodDescriptor<String, String> WAIT =
      method("Wait", MethodDescriptor.MethodType.UNARY);
  static final MethodDescriptor<String, String> SPLIT =
      method("Split", MethodDescriptor.MethodType.SERVER_STREAMING);
  static final MethodDescriptor<String, String> JOIN =
      method("Join", MethodDescriptor.MethodType.CLIENT_STREAMING);
  static final MethodDescriptor<String, String> ECHO =
      method("Echo", MethodDescriptor.MethodType.BIDI_STREAMING);

  private static final Metadata.Key<String> TENANT =
      Metadata.Key.of("x-tenant-id", Metadata.ASCII_STRING_MARSHALLER);

  /** Reaches zero when a call that waits has been cancelled. */
  final CountDownLatch cancelled = new CountDownLatch(1);

  /** Reaches zero when a call that waits has arrived. */
  final CountDownLatch waiting = new CountDownLatch(1);

  private final Server server;

  GrpcServer() throws IOException {
    server =
        OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
            .addService(ServerInterceptors.intercept(service(), new Stamp()))
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  private ServerServiceDefinition service() {
    return ServerServiceDefinition.builder(SERVICE)
        .addMethod(UPPER, ServerCalls.asyncUnaryCall(GrpcServer::upper))
        .addMethod(FAIL, ServerCalls.asyncUnaryCall(GrpcServer::fail))
        .addMethod(WAIT, ServerCalls.asyncUnaryCall(this::await))
        .addMethod(SPLIT, ServerCalls.asyncServerStreamingCall(GrpcServer::split))
        .addMethod(JOIN, ServerCalls.asyncClientStreamingCall(Join::new))
        .addMethod(ECHO, ServerCalls.asyncBidiStreamingCall(Echo::new))
        .build();
  }

  private static void upper(String word, StreamObserver<String> out) {
    out.onNext(word.toUpperCase(java.util.Locale.ROOT));
    out.onCompleted();
  }

  private static void fail(String word, StreamObserver<String> out) {
    Metadata trailers = new Metadata();
    trailers.put(CHECKSUM, word);
    out.onError(
        Status.FAILED_PRECONDITION.withDescription("not ready: " + word).asException(trailers));
  }

  private void await(String word, StreamObserver<String> out) {
    ((ServerCallStreamObserver<String>) out).setOnCancelHandler(cancelled::countDown);
    Context.current().addListener(_ -> cancelled.countDown(), Runnable::run);
    waiting.countDown();
  }

  private static void split(String words, StreamObserver<String> out) {
    for (String word : words.split(" ", -1)) {
      out.onNext(word);
    }
    out.onCompleted();
  }

  private static MethodDescriptor<String, String> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(new Text())
        .setResponseMarshaller(new Text())
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** Collects all words and answers once. */
  private static final class Join implements StreamObserver<String> {
    private final List<String> words = new ArrayList<>();
    private final StreamObserver<String> out;

    Join(StreamObserver<String> out) {
      this.out = out;
    }

    @Override
    public void onNext(String word) {
      words.add(word);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
      out.onNext(String.join(" ", words));
      out.onCompleted();
    }
  }

  /** Answers each word at once. */
  private record Echo(StreamObserver<String> out) implements StreamObserver<String> {
    @Override
    public void onNext(String word) {
      out.onNext("echo " + word);
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {
      out.onCompleted();
    }
  }

  /** Says in the response's headers whose request it was, and ends every call with a trailer. */
  private static final class Stamp implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return next.startCall(
          new io.grpc.ForwardingServerCall.SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata answer) {
              answer.put(SEEN_TENANT, String.valueOf(headers.get(TENANT)));
              super.sendHeaders(answer);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              if (status.isOk()) {
                trailers.put(CHECKSUM, "abc");
              }
              super.close(status, trailers);
            }
          },
          headers);
    }
  }

  /** UTF-8. */
  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
